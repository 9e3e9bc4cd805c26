"""Whole conversations with the real bot, foldered by what people do in them.

A turn of a conversation says what the person types (`user`) and what must come back:
    answer       the id of the first reply (a topic id, or a list of them: one reply each, in that order)
    route        pump or oral: the reply is the answer's text for that route
    level        of the first reply
    says         words that stand in the replies
    offers       payloads that stand on buttons
    short, sources   the last answer in short, or where it comes from
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from baclofen_faq.answers import Replies, load_replies, load_vetted

HERE = Path(__file__).parent
Said = list[dict[str, Any]]


def conversations() -> list[Any]:
    found = [
        pytest.param(one["turns"], id=f"{path.parent.name}/{path.stem}: {one['name']}")
        for path in sorted(HERE.glob("*/*.yml"))
        if path.parent.name != "rasa_stories"
        for one in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 20
    return found


@pytest.fixture(scope="module")
def replies() -> Replies:
    return load_replies()


@pytest.mark.parametrize("turns", conversations())
def test_a_conversation_goes_as_it_should(
    turns: list[dict[str, Any]], say: Callable[..., Said], replies: Replies
) -> None:
    sender = re.sub(r"\W+", "-", turns[0]["user"])[:60]
    for turn in turns:
        said = say(turn["user"], f"{sender}-{len(turns)}")
        check(turn, said, replies)


def check(turn: dict[str, Any], said: Said, replies: Replies) -> None:
    wanted = {**turn}
    where = f"{wanted.pop('user')!r}: got {[(one['answer_id'], one['level'], one['text'][:60]) for one in said]}"
    ids, text = [one["answer_id"] for one in said], "\n".join(one["text"] for one in said)
    for key, value in wanted.items():
        assert CHECKS[key](value, said, ids, text, replies, turn), f"{key} {value} {where}"


CHECKS: dict[str, Callable[..., bool]] = {
    "answer": lambda value, said, ids, text, replies, turn: ids[: len(value)] == value
    if isinstance(value, list)
    else ids[0] == value,
    "level": lambda value, said, ids, text, replies, turn: said[0]["level"] == value,
    "route": lambda value, said, ids, text, replies, turn: said[0]["answer_version"]
    == replies.answer(ids[0], route=value).version
    != replies.answer(ids[0]).version,
    "says": lambda value, said, ids, text, replies, turn: value in text,
    "offers": lambda value, said, ids, text, replies, turn: {*value}
    <= {button["payload"] for one in said for button in one.get("buttons", [])},
    "short": lambda value, said, ids, text, replies, turn: said[0]["answer_version"] == replies.simpler(value).version,
    "sources": lambda value, said, ids, text, replies, turn: text.startswith("Sources:") and ids[0] == value,
}


def test_every_topic_is_asked_in_some_conversation() -> None:
    turns = [turn for param in conversations() for turn in param.values[0]]
    asked = {id for turn in turns for id in ([turn.get("answer")] if isinstance(turn.get("answer"), str) else turn.get("answer") or [])}
    assert load_vetted().answers.keys() - asked == set()

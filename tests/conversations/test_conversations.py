"""Whole conversations with the real bot, foldered by what people do in them.

A turn of a conversation says what the person types (`user`) and what must come back:
    answer       the id of the first reply (a topic id, or a list of them: one reply each, in that order)
    among        the id of one of the replies, where guidance may stand before it
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
    turns: list[dict[str, Any]], say: Callable[..., Said], replies: Replies, request: pytest.FixtureRequest
) -> None:
    sender = re.sub(r"\W+", "-", request.node.callspec.id)
    for turn in turns:
        check(turn, say(turn["user"], sender), replies)


def check(turn: dict[str, Any], said: Said, replies: Replies) -> None:
    got = [(one["answer_id"], one["level"], one["text"][:60]) for one in said]
    for key, value in turn.items():
        if key != "user":
            assert CHECKS[key](value, said, replies), f"{turn['user']!r}: {key} should be {value}, got {got}"


def _is_answer(value: Any, said: Said, replies: Replies) -> bool:
    ids = [one["answer_id"] for one in said]
    return ids[: len(value)] == value if isinstance(value, list) else ids[0] == value


def _is_for_route(value: str, said: Said, replies: Replies) -> bool:
    version, common = said[0]["answer_version"], replies.answer(said[0]["answer_id"]).version
    return version == replies.answer(said[0]["answer_id"], route=value).version != common


def _offers(value: list[str], said: Said, replies: Replies) -> bool:
    return {*value} <= {button["payload"] for one in said for button in one.get("buttons", [])}


CHECKS: dict[str, Callable[[Any, Said, Replies], bool]] = {
    "answer": _is_answer,
    "route": _is_for_route,
    "among": lambda value, said, replies: value in [one["answer_id"] for one in said],
    "offers": _offers,
    "level": lambda value, said, replies: said[0]["level"] == value,
    "says": lambda value, said, replies: any(value in one["text"] for one in said),
    "short": lambda value, said, replies: said[0]["answer_version"] == replies.simpler(value).version,
    "sources": lambda value, said, replies: said[0]["text"].startswith("Sources:") and said[0]["answer_id"] == value,
}


def test_every_topic_is_asked_in_some_conversation() -> None:
    wanted = [turn.get("answer", turn.get("among", [])) for param in conversations() for turn in param.values[0]]
    asked = {id for one in wanted for id in ([one] if isinstance(one, str) else one)}
    assert load_vetted().answers.keys() - asked == set()

"""What people type: the training sentences of data/nlu.yml, the messages of the tests, and when two are the same."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from baclofen_faq.vetted_files import ROOT

SENTENCES = ROOT / "data" / "nlu.yml"
NEAR = 0.95  # cosine of two sentences that say the same
TEXT_KEYS = ("text", "user")


class Tested(NamedTuple):
    """A message of a test; `level` is the one that it must get there, "" where the test is about something else."""

    text: str
    level: str


def read_intents(path: Path = SENTENCES) -> dict[str, list[str]]:
    """The sentences of each intent of a Rasa NLU file."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    return {entry["intent"]: [line[2:] for line in entry["examples"].splitlines()] for entry in entries}


def plain(sentence: str) -> str:
    """What two twins share: the words, without capitals and signs.

    >>> plain("How big is it?") == plain("how BIG is it")
    True
    """
    return re.sub(r"\W+", " ", sentence).strip().lower() or sentence


def messages_of_cases(tests: Path) -> Iterator[Tested]:
    """What is said to the bot in the tables and conversations of a folder of tests, but for its holdout."""
    for path in tests.glob("cases/*.jsonl"):
        yield from messages_in(path)
    for path in (*tests.glob("cases/*.yml"), *tests.glob("conversations/**/*.yml")):
        yield from _messages(yaml.safe_load(path.read_text(encoding="utf-8")))


def messages_in(path: Path) -> Iterator[Tested]:
    """What is said in a table with one JSON object a line."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield from _messages(json.loads(line))


def _messages(content: Any) -> Iterator[Tested]:
    """Every message in a row or a story."""
    if isinstance(content, list):
        for one in content:
            yield from _messages(one)
    elif isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, str) and key in TEXT_KEYS:
                yield Tested(value, str(content.get("level", "")))
            else:
                yield from _messages(value)

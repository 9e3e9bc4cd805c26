"""What the people of the soak write: questions, follow-ups, buttons, advisories, and one emergency in ten messages."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any

from baclofen_faq.triage import assess
from baclofen_faq.vetted_files import ROOT
from benchmarks.speed.messages import messages

CASES = ROOT / "tests" / "cases" / "messages.jsonl"
FOLLOW_UPS = ("how long does that last?", "why?", "say that simpler", "source?", "anything else?", "is that dangerous?")
BUTTON = "/ask_"  # others delete or show a conversation, or are feedback


class Kind(Enum):
    """What a message is."""

    QUESTION = "question"
    FOLLOW_UP = "follow_up"
    BUTTON = "button"
    ADVISORY = "advisory"
    EMERGENCY = "emergency"


OF_A_HUNDRED = {Kind.QUESTION: 45, Kind.FOLLOW_UP: 20, Kind.BUTTON: 15, Kind.ADVISORY: 10, Kind.EMERGENCY: 10}


@dataclass(frozen=True)
class Words:
    """One message."""

    kind: Kind
    text: str


@cache
def cases(level: str) -> tuple[str, ...]:
    """The messages of the triage cases that are of this level and are assessed so, by their words alone."""
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    texts = [row["text"] for row in rows if row["level"] == level]
    found = tuple(text for text in texts if assess(text).level.value == level)
    assert found, f"no case is of the level {level}"
    return found


class Writer:
    """Chooses what is said next; the same seed says the same."""

    def __init__(self, seed: int = 9) -> None:
        """Begin anew."""
        self._random = random.Random(seed)
        self._questions: Iterator[str] = messages()

    def next(self, last_replies: Sequence[Mapping[str, Any]]) -> Words:
        """A message of somebody who got these replies last; who has nothing to go on about asks a question."""
        kind = self._random.choices(list(OF_A_HUNDRED), list(OF_A_HUNDRED.values()))[0]
        if kind is Kind.BUTTON:
            payloads = [button["payload"] for reply in last_replies for button in reply.get("buttons", [])]
            asks = [payload for payload in payloads if payload.startswith(BUTTON)]
            return Words(kind, self._random.choice(asks)) if asks else self._question()
        if kind is Kind.FOLLOW_UP:
            return Words(kind, self._random.choice(FOLLOW_UPS)) if last_replies else self._question()
        if kind in (Kind.ADVISORY, Kind.EMERGENCY):
            return Words(kind, self._random.choice(cases(kind.value)))
        return self._question()

    def _question(self) -> Words:
        return Words(Kind.QUESTION, next(self._questions))

"""A message on its way through the gateway, and its turn as the outbox keeps it."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from baclofen_faq.answers import load_clinic
from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Context, Level, Told, told_by, triage_version
from service.conversations import record
from service.conversations.models import Entry

log = logging.getLogger(__name__)
NOTHING_FOUND = Assessment(Level.NONE, ())


@dataclass(frozen=True)
class Inbound:
    """One message as a channel hands it over: verified, not yet cleaned.

    Attributes:
        is_brief: it gets short texts (SMS).
        address: where replies go, sealed; empty where whoever asks gets them.
        is_private: nobody else reads the replies.
    """

    conversation: str
    text: str
    channel: str
    message_id: str
    is_brief: bool = False
    address: bytes = b""
    is_private: bool = True


class Stopwatch:
    """How long a message's way took, in milliseconds: in all, and by stage as they end."""

    def __init__(self) -> None:
        """Start."""
        self._began = time.monotonic()
        self.stages: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Inside runs the stage of that name."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.stages[name] = _milliseconds_since(began)

    def seconds(self) -> float:
        """How long it took until now."""
        return time.monotonic() - self._began

    def measured(self, intent: str, confidence: float | None) -> dict[str, Any]:
        """What the log keeps of the turn until now: the columns of a Message."""
        return {
            "intent": intent,
            "confidence": confidence,
            "latency_ms": _milliseconds_since(self._began),
            "stages": dict(self.stages),
        }


def _milliseconds_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1000)


@dataclass(frozen=True)
class Heard:
    """A message on its way: cleaned, when it came, its assessment and what was said before as far as they are known."""

    inbound: Inbound
    text: str
    at: datetime
    assessment: Assessment = NOTHING_FOUND
    context: Context = NOTHING_BEFORE
    turns_before: int = 0
    watch: Stopwatch = field(default_factory=Stopwatch)


@cache
def phone_country() -> str | None:
    """Whose national phone numbers are redacted."""
    return load_clinic().phone_country


def entry_of(heard: Heard) -> Entry:
    """The turn as the outbox keeps it: redacted. No fault of this holds guidance back: the words are left out then."""
    level = heard.assessment.level.value
    try:
        inbound = record.message_as_json(heard.text, heard.assessment, phone_country())
        told = told_by(heard.assessment, heard.text, heard.context)
    except Exception as error:
        log.critical("words not kept", extra={"error": type(error).__name__})
        inbound = {"text": record.NOT_KEPT, "level": level, "findings": [], "triage_version": triage_version()}
        told = Told(heard.assessment.level, heard.assessment.counting, heard.assessment.is_of_words)
    return Entry(
        channel=heard.inbound.channel,
        conversation=heard.inbound.conversation,
        message_id=heard.inbound.message_id,
        received_at=heard.at,
        inbound=inbound,
        told=told.as_json(),
    )

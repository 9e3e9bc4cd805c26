"""The sections of the safety inbox, and which conversations each holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from baclofen_faq.triage import Level
from service.conversations.models import Conversation, Risk, State
from service.conversations.models.log import OPEN_FOR

MOST_COUNTED = 1000
WAITS = Q(risk__gt=0) & ~Q(state=State.DONE)  # the condition of the index "inbox", word for word
UNREAD = Q(state=State.NEW) | Q(first_review_at=None)  # or it became worse since it was opened
IS_EMERGENCY = Q(risk__gte=Risk.EMERGENCY, risk__lte=Risk.SELF_HARM)
NEEDS_A_CALL = Q(risk__gte=Risk.ADVISORY, risk__lte=Risk.REPEATED)
CALLS_ARE_DUE_FOR = timedelta(hours=48)


@dataclass(frozen=True)
class Section:
    """A part of the inbox. `says_why`: whether the reason is shown; where it is not, nobody sees which were drawn."""

    name: str
    title: str
    about: str
    holds: Callable[[datetime], Q]
    says_why: bool = True


def _is_open(now: datetime) -> Q:
    return Q(open_level=Level.EMERGENCY.value, last_at__gte=now - OPEN_FOR)


def _open_now(now: datetime) -> Q:
    """By the index of `last_at`: twelve hours hold less than all the emergencies that nobody finished."""
    lately = Conversation.objects.filter(WAITS, _is_open(now), IS_EMERGENCY).order_by("-last_at")
    return Q(pk__in=lately.values("pk")[:MOST_COUNTED])


SECTIONS = (
    Section(
        "undelivered",
        "Emergency not delivered",
        "The emergency guidance did not reach these people, or not in time. Open the conversation: the clinic may "
        "recognise the person from what they wrote. Call them if you know who they are.",
        lambda now: Q(risk=Risk.UNDELIVERED_EMERGENCY),
    ),
    Section(
        "open",
        "Open now",
        "An emergency that nobody said is over, with a message in the last 12 hours.",
        _open_now,
    ),
    Section(
        "earlier",
        "Earlier emergencies",
        "Said to be over, or silent for 12 hours.",
        lambda now: IS_EMERGENCY & ~_is_open(now),
    ),
    Section(
        "today",
        "Call today",
        "The prescriber or pump clinic was needed that day; of the last two days.",
        lambda now: NEEDS_A_CALL & Q(due_at__gte=now - CALLS_ARE_DUE_FOR),
    ),
    Section(
        "calls",
        "Earlier calls",
        "The same, and nobody said for two days that it is done.",
        lambda now: NEEDS_A_CALL & Q(due_at__lt=now - CALLS_ARE_DUE_FOR),
    ),
    Section(
        "check",
        "To check",
        "Not helpful, not answered, not delivered, low confidence, and a few drawn at random. Which is which is not "
        "shown, so that all are judged alike.",
        lambda now: Q(risk=Risk.TO_CHECK),
        says_why=False,
    ),
)


def of(section: Section, now: datetime) -> QuerySet[Conversation]:
    """All that are in a section."""
    return Conversation.objects.filter(WAITS, section.holds(now))

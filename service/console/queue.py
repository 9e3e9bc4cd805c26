"""The safety inbox: which conversations wait for staff, in which order."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from baclofen_faq.triage import Level
from service.conversations.models import Alert, Conversation, Risk, State
from service.conversations.models.log import OPEN_FOR

ROWS_A_SECTION, ROWS_A_PAGE, MOST_COUNTED = 25, 100, 1000
WAITS = Q(risk__gt=0) & ~Q(state=State.DONE)  # the condition of the index "inbox", word for word
UNREAD = Q(state=State.NEW) | Q(first_review_at=None)  # or it became worse since it was opened
ORDER = ("-risk", "due_at", "id")
AS_SHOWN = ("id", "state", "risk", "turns", "reasons", "open_symptoms", "route", "assignee", "is_flagged", "last_at")


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


SECTIONS = (
    Section(
        "open",
        "Open now",
        "An emergency that nobody said is over, with a message in the last 12 hours.",
        lambda now: Q(risk__gte=Risk.EMERGENCY) & _is_open(now),
    ),
    Section(
        "earlier",
        "Earlier emergencies",
        "Said to be over, or silent for 12 hours.",
        lambda now: Q(risk__gte=Risk.EMERGENCY) & ~_is_open(now),
    ),
    Section(
        "today",
        "Call today",
        "The prescriber or pump clinic is needed today.",
        lambda now: Q(risk__gte=Risk.ADVISORY, risk__lte=Risk.REPEATED),
    ),
    Section(
        "check",
        "To check",
        "Not helpful, not answered, low confidence, and a few drawn at random. Which is which is not shown, "
        "so that all are judged alike.",
        lambda now: Q(risk=Risk.TO_CHECK),
        says_why=False,
    ),
)


@dataclass(frozen=True)
class Shown:
    """A section with the rows that are shown of it, and how many it has, counted up to a thousand.

    `next_after`: the conversation after which the rows go on; None where these were the last.
    """

    section: Section
    rows: list[Conversation]
    count: int
    next_after: int | None

    @property
    def is_more_than_counted(self) -> bool:
        """Whether there are more than were counted."""
        return self.count >= MOST_COUNTED


@dataclass(frozen=True)
class Inbox:
    """What the inbox shows at a time."""

    sections: list[Shown]
    unread: int

    @cached_property
    def token(self) -> str:
        """Changes with what is shown, and with nothing else."""
        said = [[shown.section.name, shown.count, *map(_as_shown, shown.rows)] for shown in self.sections]
        return hashlib.sha256(repr([self.unread, said]).encode()).hexdigest()[:16]


def _as_shown(conversation: Conversation) -> list[object]:
    return [getattr(conversation, name) for name in AS_SHOWN]


def inbox(now: datetime) -> Inbox:
    """The first rows of all sections."""
    return Inbox([shown(section, now, ROWS_A_SECTION) for section in SECTIONS], unread())


def page(name: str, now: datetime, after: int | None) -> Inbox | None:
    """A hundred rows of one section that come after that conversation; None where no section has that name."""
    section = next((one for one in SECTIONS if one.name == name), None)
    last = Conversation.objects.filter(pk=after).first() if after else None
    return Inbox([shown(section, now, ROWS_A_PAGE, last)], unread()) if section else None


def shown(section: Section, now: datetime, size: int, after: Conversation | None = None) -> Shown:
    """Rows of a section, after that conversation where one is given; they are counted only where they are cut."""
    found = rows(section, now, size + 1, after)
    is_cut = len(found) > size
    count = _counted(of(section, now)) if is_cut or after else len(found)
    next_after = found[size - 1].pk if is_cut else None
    found = found[:size]
    return Shown(section, found if section.says_why else sorted(found, key=_by_the_hour), count, next_after)


def rows(section: Section, now: datetime, size: int, after: Conversation | None = None) -> list[Conversation]:
    """The most urgent first, of these who wait longest; demo data only after all others, so that it hides nobody."""
    found: list[Conversation] = []
    for is_demo in (False, True):
        if after is None or after.is_demo <= is_demo:
            left = of(section, now).filter(is_demo=is_demo).order_by(*ORDER)
            left = left.filter(_comes_after(after)) if after and after.is_demo == is_demo else left
            found += left[: size - len(found)]
    return found


def of(section: Section, now: datetime) -> QuerySet[Conversation]:
    """All that are in a section."""
    return Conversation.objects.filter(WAITS, section.holds(now))


def unread() -> int:
    """How many wait that nobody opened since they are due, demo data aside; counted up to a thousand."""
    return _counted(Conversation.objects.filter(WAITS, UNREAD, is_demo=False))


def last_alert() -> int:
    """The number of the newest alert; 0 where there was none."""
    return Alert.objects.order_by("-id").values_list("id", flat=True).first() or 0


def new_emergencies(since: int) -> int:
    """How many emergencies came in after that alert."""
    return Alert.objects.filter(id__gt=since).count()


def next_for(staff: str, skipped: Collection[int], now: datetime) -> Conversation | None:
    """The most urgent conversation for somebody: not another's, not one to be followed up, none that they skipped."""
    for is_demo in (False, True):
        for section in SECTIONS:
            theirs = of(section, now).filter(is_demo=is_demo, assignee__in=("", staff)).exclude(state=State.FOLLOW_UP)
            for conversation in theirs.order_by(*ORDER)[: len(skipped) + 1]:
                if conversation.pk not in skipped:
                    return conversation
    return None


def _counted(found: QuerySet[Conversation]) -> int:
    return found.order_by().values("pk")[:MOST_COUNTED].count()


def _comes_after(one: Conversation) -> Q:
    is_later = Q(due_at__gt=one.due_at) | Q(due_at=one.due_at, id__gt=one.pk)
    return Q(risk__lt=one.risk) | Q(risk=one.risk) & is_later


def _by_the_hour(conversation: Conversation) -> tuple[object, ...]:
    """An order that does not tell what was drawn when it began from what became due later."""
    at = conversation.due_at
    return conversation.is_demo, at.replace(minute=0, second=0, microsecond=0) if at else at, conversation.pk

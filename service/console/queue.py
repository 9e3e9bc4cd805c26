"""The safety inbox: which conversations wait for staff, in which order."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Q, QuerySet

from service.console.sections import MOST_COUNTED, SECTIONS, UNREAD, WAITS, Section, of
from service.conversations.models import Alert, Conversation, Risk, State

ROWS_A_SECTION, ROWS_A_PAGE = 25, 100
ORDER = ("-risk", "due_at", "id")
AS_SHOWN = ("id", "state", "risk", "turns", "reasons", "open_symptoms", "route", "assignee", "is_flagged", "last_at")


@dataclass(frozen=True)
class Shown:
    """A section with the rows that are shown of it.

    `next_after`: the conversation after which the rows go on; None where these were the last.
    """

    section: Section
    now: datetime
    rows: list[Conversation]
    is_whole: bool
    next_after: int | None

    @cached_property
    def count(self) -> int:
        """How many the section has, counted up to a thousand; looked up where not all are shown."""
        return len(self.rows) if self.is_whole else _counted(of(self.section, self.now))


@dataclass(frozen=True)
class Inbox:
    """What the inbox shows at a time."""

    sections: list[Shown]
    unread: int

    @cached_property
    def token(self) -> str:
        """Changes with what is shown, and with nothing else."""
        said = [[shown.section.name, shown.is_whole, *map(_as_shown, shown.rows)] for shown in self.sections]
        return hashlib.sha256(repr([self.unread, said]).encode()).hexdigest()[:16]


def _as_shown(conversation: Conversation) -> list[object]:
    return [getattr(conversation, name) for name in AS_SHOWN]


def inbox(now: datetime) -> Inbox:
    """The first rows of all sections."""
    return Inbox([shown(section, now, ROWS_A_SECTION) for section in SECTIONS], unread())


def page(name: str, now: datetime, after: int | None) -> Inbox | None:
    """A hundred rows of one section, after that conversation where it was ever due; None: no section has that name."""
    section = next((one for one in SECTIONS if one.name == name), None)
    last = Conversation.objects.filter(pk=after, due_at__isnull=False).first() if after else None
    return Inbox([shown(section, now, ROWS_A_PAGE, last)], unread()) if section else None


def shown(section: Section, now: datetime, size: int, after: Conversation | None = None) -> Shown:
    """Rows of a section, after that conversation where one is given."""
    found = rows(section, now, size + 1, after)
    is_cut = len(found) > size
    next_after = found[size - 1].pk if is_cut else None
    found = found[:size]
    in_order = found if section.says_why else sorted(found, key=_by_the_hour)
    return Shown(section, now, in_order, not (is_cut or after), next_after)


def rows(section: Section, now: datetime, size: int, after: Conversation | None = None) -> list[Conversation]:
    """The most urgent first, of these who wait longest; demo data only after all others, so that it hides nobody."""
    found: list[Conversation] = []
    for is_demo in (False, True):
        if after is None or after.is_demo <= is_demo:
            left = of(section, now).filter(is_demo=is_demo).order_by(*ORDER)
            left = left.filter(_comes_after(after)) if after and after.is_demo == is_demo else left
            found += left[: size - len(found)]
    return found


def unread() -> int:
    """How many wait that nobody opened since they are due, demo data aside; counted up to a thousand."""
    return _counted(Conversation.objects.filter(WAITS, UNREAD, is_demo=False))


def last_alert() -> int:
    """The number of the newest alert; 0 where there was none."""
    return Alert.objects.order_by("-id").values_list("id", flat=True).first() or 0


def new_emergencies(since: int) -> dict[str, int]:
    """How many emergencies came in after that alert (`new`), and how many were not delivered (`undelivered`)."""
    alerts = Alert.objects.filter(id__gt=since)
    is_undelivered = Q(risk=Risk.UNDELIVERED_EMERGENCY)
    return alerts.aggregate(new=Count("pk", filter=~is_undelivered), undelivered=Count("pk", filter=is_undelivered))


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

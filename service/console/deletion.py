"""What is deleted when, by clinic.yml's keep_days; numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from baclofen_faq.answers import load_clinic
from service.console.housekeeping import DAILY
from service.console.models import AuditEntry
from service.conversations.models import Conversation, Message
from service.conversations.retention import TO_BE_READ, held_back

PERIODS = {"Due now": 0, "In the next 24 hours": 1, "In the next 7 days": 7, "In the next 30 days": 30}
MOST_COUNTED = 100_000
MOST_LISTED = 50
LATE_AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Period:
    """How much is old by then; counted up to a hundred thousand and one."""

    name: str
    until: datetime
    conversations: int
    messages: int


@dataclass(frozen=True)
class Deletion:
    """Of one conversation: when it goes, and whether it is kept beyond that for as long as nobody has reviewed it."""

    at: datetime
    is_kept: bool

    @property
    def is_due(self) -> bool:
        """Whether only the review is waited for, or the next daily run."""
        return self.at <= timezone.now()


def deletion_of(conversation: Conversation) -> Deletion:
    """When a conversation is deleted, with its last message.

    Raises:
        VettedFileError: clinic.yml cannot be read.
    """
    is_kept = conversation.is_flagged and conversation.state != "done"
    return Deletion(conversation.last_at + timedelta(days=load_clinic().keep_days), is_kept)


def periods(now: datetime, keep_days: int) -> Sequence[Period]:
    """What becomes old until the end of each period, each with all of those before it."""
    ends = {name: now + timedelta(days=days) for name, days in PERIODS.items()}
    return [_period(name, until, until - timedelta(days=keep_days)) for name, until in ends.items()]


def kept(now: datetime, keep_days: int) -> Sequence[Conversation]:
    """The conversations that would be deleted by now if they were not flagged; at most one more than are listed."""
    found = held_back(now - timedelta(days=keep_days))
    return list(found.order_by("last_at")[: MOST_LISTED + 1])


def last_run() -> AuditEntry | None:
    """When the old was deleted last, and how much; None where it never was."""
    return AuditEntry.objects.filter(action=DAILY).order_by("-at").first()


def is_late(now: datetime) -> bool:
    """Whether the daily run has not been for two days, so that somebody must look."""
    run = last_run()
    return run is None or now - run.at > LATE_AFTER


def _period(name: str, until: datetime, before: datetime) -> Period:
    flagged = Conversation.objects.filter(TO_BE_READ)
    messages = Message.objects.filter(said_at__lt=before)
    conversations = _count(Conversation.objects.filter(last_at__lt=before), flagged.filter(last_at__lt=before))
    return Period(name, until, conversations, _count(messages, messages.filter(conversation__in=flagged)))


def _count(old: QuerySet, staying: QuerySet) -> int:
    """How many are old, without those that stay; past the most that is counted, the few that stay do not matter."""
    counted = int(old.order_by()[: MOST_COUNTED + 1].count())
    return counted - staying.count() if counted <= MOST_COUNTED else counted

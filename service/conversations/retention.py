"""Deleting what was said: what is older than the clinic keeps, or one conversation at once."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import connections, models, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from service.conversations.hand_off import erase_hand_off
from service.conversations.models import Conversation, Entry, Erasure, HandOff, Message, Parcel, State
from service.conversations.outbox import CANARY
from service.conversations.record import conversation_hash
from service.conversations.search import forget_deleted_words
from service.conversations.store_errors import Store, count_error
from service.conversations.talking_on import begin_anew

ROWS_AT_ONCE = 1000
Row = TypeVar("Row", bound=models.Model)
CANARIES_KEPT = timedelta(days=1)
IN_FLIGHT_SECONDS = 7  # a turn that has begun has ended by then, in Rasa too
TO_BE_READ = Q(is_flagged=True) & ~Q(state=State.DONE)  # flagged, and staff are not done with it


@dataclass(frozen=True)
class Deleted:
    """How many were deleted, or would be: conversations and messages of the log, turns of the outbox, Rasa's events.

    `held_back`: conversations that are old, or begin so, and stay while they are flagged and not reviewed.
    """

    conversations: int
    messages: int
    turns: int
    rasa_events: int
    held_back: int = 0

    def __add__(self, other: "Deleted") -> "Deleted":
        """Both together."""
        counts = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return Deleted(**counts)

    def __str__(self) -> str:
        """In words."""
        kept = f"; {self.held_back} kept that are flagged and not reviewed" if self.held_back else ""
        return (
            f"{self.conversations} conversations and {self.messages} messages of the log, "
            f"{self.turns} turns of the outbox, {self.rasa_events} events of Rasa{kept}"
        )


def purge(before: datetime, is_dry_run: bool) -> Deleted:
    """Delete everything that was said before a time, from log, outbox and Rasa's tracker store.

    The log keeps a flagged conversation, with all its messages, until staff are done with it.

    Args:
        before: what is older goes; of a conversation that went on later only its old messages.
        is_dry_run: only count.
    """
    old = (
        Conversation.objects.filter(~TO_BE_READ, last_at__lt=before),
        Message.objects.filter(said_at__lt=before).exclude(conversation__in=Conversation.objects.filter(TO_BE_READ)),
        Entry.objects.filter(received_at__lt=before),
    )
    conversations, messages, turns = (rows.count() for rows in old)
    parcels = Parcel.objects.filter(received_at__lt=before)  # each belongs to a turn that is counted
    events = _rasa_events_before(before, is_dry_run)
    if not is_dry_run:
        for rows in (*old, parcels, HandOff.objects.filter(last_at__lt=before)):
            _delete(rows)
        forget_deleted_words()
        _empty_write_ahead_logs()
    return Deleted(conversations, messages, turns, events, held_back(before).count())


def held_back(before: datetime) -> QuerySet[Conversation]:
    """Conversations with messages from before a time that stay while they are flagged and not reviewed."""
    old = Message.objects.filter(conversation=OuterRef("pk"), said_at__lt=before)
    return Conversation.objects.filter(TO_BE_READ, Exists(old))


@dataclass(frozen=True)
class Erasing:
    """One conversation's erasure: what is deleted, by when it was said, and the receipt that the log keeps of it."""

    channel: str
    key: str
    at: datetime
    receipt: str

    def erase(self) -> Deleted:
        """Delete what was said until then, at once; but not the parcels in work, as one of them is the wish for it.

        A parcel in work loses its words when it is answered; from then on it holds vetted ones, such as the receipt.
        """
        deleted = self._erase_log()
        turns, _ = self._of(Entry.objects).delete()
        self._of(Parcel.objects).exclude(ended_at=None).delete()
        events = _erase_rasa_events(self.key)
        _empty_write_ahead_logs()
        return replace(deleted, turns=turns, rasa_events=events)

    def erase_again(self) -> Deleted:
        """The same IN_FLIGHT_SECONDS later, when what was on its way has ended; and its words leave the log's index."""
        deleted = self.erase()
        self._of(Parcel.objects).filter(is_answered=False).delete()  # whoever was at it has ended
        forget_deleted_words()
        _empty_write_ahead_logs()
        return deleted

    def _of(self, rows: "models.Manager[Row]") -> "QuerySet[Row]":
        return rows.filter(channel=self.channel, conversation=self.key, received_at__lte=self.at)

    @transaction.atomic
    def _erase_log(self) -> Deleted:
        named = {"receipt": self.receipt, "conversation_hash": conversation_hash(self.receipt, self.channel, self.key)}
        conversation = Conversation.objects.select_for_update().filter(channel=self.channel, key=self.key).first()
        erase_hand_off(self.channel, self.key, self.at)
        said = Message.objects.filter(conversation=conversation, said_at__lte=self.at)
        messages = said.count()
        Erasure.objects.get_or_create(**named, defaults={"erased_at": self.at, "messages": messages})
        _delete(said)
        is_ended = conversation is not None and not conversation.messages.exists()
        if conversation and is_ended:
            conversation.delete()
        elif conversation and conversation.started_at <= self.at:
            begin_anew(conversation)
        return Deleted(int(is_ended), messages, 0, 0)


def channels_of(key: str) -> set[str]:
    """The channels that have a conversation of that name, in the log or still in the outbox."""
    logged = Conversation.objects.filter(key=key).values_list("channel", flat=True)
    waiting = [rows.objects.filter(conversation=key).values_list("channel", flat=True) for rows in (Entry, Parcel)]
    return {*logged, *waiting[0], *waiting[1]}


def erasing(channel: str, key: str) -> Erasing:
    """An erasure of all that was said in a conversation until now."""
    return Erasing(channel, key, timezone.now(), secrets.token_hex(6).upper())


def _delete(rows: QuerySet[Any]) -> None:
    """Delete rows, a thousand at a time."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows.filter(pk__in=ids).delete()


def _rasa_events_before(before: datetime, is_dry_run: bool) -> int:
    """Count, and delete but in a dry run, Rasa's old events; those of the health checks are old after a day."""
    canaries_before = timezone.now() - CANARIES_KEPT
    old = "timestamp < %s OR (sender_id LIKE %s AND timestamp < %s)"
    return _in_rasa(old, [before.timestamp(), f"{CANARY}-%", canaries_before.timestamp()], is_dry_run)


def _erase_rasa_events(key: str) -> int:
    """Delete Rasa's trackers of a conversation: `<key>.<n>`."""
    senders = [sender for sender in _rasa_senders(key) if re.fullmatch(rf"{re.escape(key)}\.\d+", sender)]
    return sum(map(erase_rasa_conversation, senders))


def erase_rasa_conversation(sender: str) -> int:
    """Delete what Rasa keeps of one of its own conversations, by its id there; how many events that were."""
    return _in_rasa("sender_id = %s", [sender], is_dry_run=False)


def _rasa_senders(key: str) -> list[str]:
    """Rasa's ids that begin with the key and a dot, and a few that only look so: LIKE is no exact match everywhere."""
    with _rasa() as cursor:
        if "events" not in connections["rasa"].introspection.table_names(cursor):
            return []
        begins = re.sub(r"([%_!])", r"!\1", key) + ".%"
        cursor.execute("SELECT DISTINCT sender_id FROM events WHERE sender_id LIKE %s ESCAPE '!'", [begins])
        return [sender for (sender,) in cursor.fetchall()]


def _in_rasa(condition: str, values: Sequence[object], is_dry_run: bool) -> int:
    with _rasa() as cursor:
        if "events" not in connections["rasa"].introspection.table_names(cursor):
            return 0
        cursor.execute(f"SELECT COUNT(*) FROM events WHERE {condition}", values)
        (count,) = cursor.fetchone()
        if not is_dry_run:
            cursor.execute(f"DELETE FROM events WHERE {condition}", values)
    return int(count)


@contextmanager
def _rasa() -> Iterator[Any]:
    """Rasa's database; what fails there is counted as such."""
    try:
        with connections["rasa"].cursor() as cursor:
            yield cursor
    except DatabaseTrouble:
        count_error(Store.RASA)
        raise


def _empty_write_ahead_logs() -> None:
    """No deleted word stays in SQLite's write-ahead logs."""
    for name in ("default", "outbox", "rasa"):
        if connections[name].vendor == "sqlite":
            with connections[name].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

"""Deleting what was said: what is older than the clinic keeps, or one conversation at once."""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.db import connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from service.conversations.models import Conversation, Entry, Erasure, Message
from service.conversations.outbox import CANARY
from service.conversations.record import conversation_hash

ROWS_AT_ONCE = 1000
CANARIES_KEPT = timedelta(days=1)
IN_FLIGHT_SECONDS = 4  # a turn that has begun has ended by then, with all that it writes


@dataclass(frozen=True)
class Deleted:
    """How many were deleted, or would be: conversations and messages of the log, turns of the outbox, Rasa's events."""

    conversations: int
    messages: int
    turns: int
    rasa_events: int

    def __add__(self, other: "Deleted") -> "Deleted":
        """Both together."""
        counts = {field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)}
        return Deleted(**counts)

    def __str__(self) -> str:
        """In words."""
        return (
            f"{self.conversations} conversations and {self.messages} messages of the log, "
            f"{self.turns} turns of the outbox, {self.rasa_events} events of Rasa"
        )


def purge(before: datetime, is_dry_run: bool) -> Deleted:
    """Delete everything that was said before a time, from log, outbox and Rasa's tracker store.

    Args:
        before: what is older goes; of a conversation that went on later only its old messages.
        is_dry_run: only count.
    """
    old = (
        Conversation.objects.filter(last_at__lt=before),
        Message.objects.filter(said_at__lt=before),
        Entry.objects.filter(received_at__lt=before),
    )
    conversations, messages, turns = (rows.count() for rows in old)
    events = _rasa_events_before(before, is_dry_run)
    if not is_dry_run:
        for rows in old:
            _delete(rows)
        _empty_write_ahead_logs()
    return Deleted(conversations, messages, turns, events)


def erase(key: str) -> tuple[str, Deleted]:
    """Delete a conversation at once, everywhere; a turn of it that is still on its way is not written any more.

    Args:
        key: the channel's own id of the conversation.

    Returns:
        The receipt, which the log keeps with a hash of the conversation's name and no words, and what was deleted.
    """
    now, receipt = timezone.now(), secrets.token_hex(6).upper()
    first = _erase(key, now, receipt)
    time.sleep(IN_FLIGHT_SECONDS)
    late = _erase(key, now, receipt)
    _empty_write_ahead_logs()
    return receipt, first + late


@transaction.atomic
def _erase(key: str, now: datetime, receipt: str) -> Deleted:
    """Delete what was said in a conversation until now."""
    channels = {entry.channel for entry in Entry.objects.filter(conversation=key).only("channel")}
    conversations = list(Conversation.objects.select_for_update().filter(key=key))
    channels |= {conversation.channel for conversation in conversations}
    said = Message.objects.filter(conversation__in=conversations, said_at__lte=now)
    messages = said.count()
    for channel in channels:
        named = {"receipt": receipt, "conversation_hash": conversation_hash(channel, key)}
        Erasure.objects.get_or_create(**named, defaults={"erased_at": now, "messages": messages})
    _delete(said)
    ended = [conversation for conversation in conversations if not conversation.messages.exists()]
    for conversation in ended:
        conversation.delete()
    turns, _ = Entry.objects.filter(conversation=key, received_at__lte=now).delete()
    return Deleted(len(ended), messages, turns, _erase_rasa_events(key))


def _delete(rows: "QuerySet[Message] | QuerySet[Conversation] | QuerySet[Entry]") -> None:
    """Delete rows, a thousand at a time."""
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        rows.model.objects.filter(pk__in=ids).delete()


def _rasa_events_before(before: datetime, is_dry_run: bool) -> int:
    """Count, and delete but in a dry run, Rasa's old events; those of the health checks are old after a day."""
    canaries_before = timezone.now() - CANARIES_KEPT
    old = "timestamp < %s OR (sender_id LIKE %s AND timestamp < %s)"
    return _in_rasa(old, [before.timestamp(), f"{CANARY}-%", canaries_before.timestamp()], is_dry_run)


def _erase_rasa_events(key: str) -> int:
    """Delete Rasa's trackers of a conversation: `<key>.<n>`."""
    senders = [sender for sender in _rasa_senders() if re.fullmatch(rf"{re.escape(key)}\.\d+", sender)]
    return sum(_in_rasa("sender_id = %s", [sender], is_dry_run=False) for sender in senders)


def _rasa_senders() -> list[str]:
    with connections["rasa"].cursor() as cursor:
        if "events" not in connections["rasa"].introspection.table_names(cursor):
            return []
        cursor.execute("SELECT DISTINCT sender_id FROM events")
        return [sender for (sender,) in cursor.fetchall()]


def _in_rasa(condition: str, values: Sequence[object], is_dry_run: bool) -> int:
    with connections["rasa"].cursor() as cursor:
        if "events" not in connections["rasa"].introspection.table_names(cursor):
            return 0
        cursor.execute(f"SELECT COUNT(*) FROM events WHERE {condition}", values)
        (count,) = cursor.fetchone()
        if not is_dry_run:
            cursor.execute(f"DELETE FROM events WHERE {condition}", values)
    return int(count)


def _empty_write_ahead_logs() -> None:
    """No deleted word stays in SQLite's write-ahead logs."""
    for name in ("default", "outbox"):
        if connections[name].vendor == "sqlite":
            with connections[name].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

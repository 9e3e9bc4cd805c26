"""What happened after a backup was taken, as far as it is known, done again to the restored log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import serializers
from django.db import DatabaseError, IntegrityError, connections, transaction
from django.utils import timezone

from baclofen_faq.answers import Mode, load_clinic
from service.console import audit
from service.console.backup.journal import CONTROLS, Journal, opt_outs, opt_outs_in, switched_in
from service.conversations import controls
from service.conversations.controls import MODE, WITHDRAWN, Controls, stricter, withdrawn_name
from service.conversations.models import Control, Conversation, Erasure, HandOff, Message, OptOut
from service.conversations.record import conversation_hash
from service.conversations.refilling import move_again, move_now
from service.conversations.retention import Deleted, Erasing, purge

RESTORED = "restored from a backup"
WHY = "It was so before the log was restored from a backup."
MARGIN = timedelta(hours=1)  # clocks differ, and an erasure ends later than it begins
LEFT_OUT = 1_000_000  # numbers that were given after the backup, to other conversations, are not given again
NUMBERED = (Conversation, Message, HandOff)


@dataclass(frozen=True)
class Known:
    """What is known beside the backup: by the database that is replaced, by journals, by a gateway's copy."""

    erasures: list[Erasure]
    switched: list[Controls]
    opt_outs: list[list[str]] | None  # None: only the backup knows


@dataclass(frozen=True)
class Again:
    """What was done again.

    Attributes:
        erased: conversations that the backup brought back although they had been erased.
        purged: what is older than the clinic keeps.
        turns: of this machine's outbox, said since the backup, on their way to the log once more.
        switched: what holds now.
    """

    erased: int
    purged: Deleted
    turns: int
    switched: Controls


def known(folders: Sequence[Path]) -> Known:
    """Look for it before the database is replaced; one that is not there, or has no tables yet, tells nothing.

    The erasures are written down in the first folder, so that they are known too if the restore is cut off.
    """
    journals = [Journal(folder) for folder in folders]
    switched = [switched_in(folder / CONTROLS) for folder in folders]
    stopped = next((one for one in map(opt_outs_in, folders) if one is not None), None)
    try:
        with transaction.atomic():
            switched.append(controls.read())
            journals[0].keep_erasures()
            stopped = opt_outs() if Conversation.objects.exists() else stopped
    except DatabaseError:
        connections["default"].close()
    erasures = {one.conversation_hash: one for journal in journals for one in journal.erasures()}
    return Known(list(erasures.values()), switched, stopped)


def do_again(known: Known, taken_at: datetime, turns: str) -> Again:
    """All of it, in the order that lets nobody see for long what is not to be seen."""
    erased = _erase(known.erasures, taken_at - MARGIN)
    switched = _switch(known.switched)
    _stop(known.opt_outs)
    Session.objects.all().delete()  # whoever was signed out since is not signed in again
    _leave_out_numbers()
    purged = purge(timezone.now() - timedelta(days=load_clinic().keep_days), is_dry_run=False)
    _put_back(turns)
    moved = move_again(taken_at - MARGIN)
    move_now(settings.VAR / "outbox.lock")
    audit.record("", RESTORED, taken_at=taken_at.isoformat(), erased_again=erased, mode=switched.mode.value)
    return Again(erased, purged, moved, switched)


def _erase(erasures: Sequence[Erasure], since: datetime) -> int:
    """Put erasures back; and erase the conversations that they name, which their salted hashes tell one by one."""
    there = set(Erasure.objects.values_list("conversation_hash", flat=True))
    Erasure.objects.bulk_create(
        Erasure(**{name: getattr(one, name) for name in ("receipt", "conversation_hash", "erased_at", "messages")})
        for one in erasures
        if one.conversation_hash not in there
    )
    late = list(Erasure.objects.filter(erased_at__gte=since))
    found = []
    for channel, key in Conversation.objects.values_list("channel", "key").iterator():
        for one in late:
            if conversation_hash(one.receipt, channel, key) == one.conversation_hash:
                found.append(Erasing(channel, key, one.erased_at, one.receipt))
    for erasing in found:
        erasing.erase_again()
    return len(found)


def _switch(switched: Sequence[Controls]) -> Controls:
    """The strictest mode, and every answer withdrawn that was withdrawn in any of them."""
    here = controls.read()
    mode = stricter(here.mode, *(one.mode for one in switched))
    withdrawn = here.withdrawn.union(*(one.withdrawn for one in switched))
    wanted = {withdrawn_name(id): WITHDRAWN for id in withdrawn - here.withdrawn}
    if mode is not here.mode:
        wanted[MODE] = mode.value
    for name, value in wanted.items():
        Control.objects.update_or_create(name=name, defaults={"value": value, "reason": WHY, "by": ""})
    return Controls(Mode(mode), withdrawn)


@transaction.atomic
def _stop(opt_outs: Sequence[Sequence[str]] | None) -> None:
    """Whoever wrote STOP since gets no messages, whoever wrote START does."""
    if opt_outs is None:
        return
    OptOut.objects.all().delete()
    OptOut.objects.bulk_create(
        OptOut(channel=channel, conversation=conversation, since=datetime.fromisoformat(since))
        for channel, conversation, since in opt_outs
    )


def _leave_out_numbers() -> None:
    """An alert, a desk or a link that names a conversation of after the backup shall never name another one's."""
    connection = connections["default"]
    with connection.cursor() as cursor:
        for model in NUMBERED:
            table = model._meta.db_table
            if connection.vendor == "sqlite":
                cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
                (last,) = cursor.fetchone()
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last + LEFT_OUT])
            else:
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
                (sequence,) = cursor.fetchone()
                cursor.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, LEFT_OUT])


def _put_back(turns: str) -> None:
    """Turns that were on their way to the log when the backup was taken, into this machine's outbox."""
    for turn in serializers.deserialize("jsonl", turns, using="outbox", ignorenonexistent=True):
        turn.object.pk, turn.object.refused_at = None, None
        try:
            with transaction.atomic(using="outbox"):
                turn.object.save(force_insert=True, using="outbox")
        except IntegrityError:  # this outbox has it still
            continue

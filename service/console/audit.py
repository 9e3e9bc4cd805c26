"""The audit log: who read, changed, exported or deleted what, in a chain that shows every cut."""

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from service.console.models import AuditEntry, AuditHead

log = logging.getLogger(__name__)
ONLY_HEAD = 1  # the number of the one row of AuditHead


@transaction.atomic
def record(who: str, action: str, conversation: int | None = None, **detail: Any) -> AuditEntry:
    """Append what somebody did; whoever cannot be recorded may not do it (the error goes up).

    Args:
        who: a user name; "" for what the service does by itself.
        action: such as "conversation read"; a short name in plain English.
        conversation: its number, where it is about one.
        detail: plain JSON; ids, counts and settings, never words of a patient.

    Raises:
        DatabaseError: it could not be written.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=ONLY_HEAD)
    entry = AuditEntry(
        number=head.number + 1,
        at=timezone.now(),
        who=who,
        action=action,
        conversation=conversation,
        detail=detail,
        previous_hash=head.hash,
    )
    entry.hash = hash_of(entry)
    entry.save()
    AuditHead.objects.filter(pk=ONLY_HEAD).update(number=entry.number, hash=entry.hash)
    return entry


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 of all that an entry says and of the hash of the one before."""
    said = [entry.number, _text(entry.at), entry.who, entry.action, entry.conversation, entry.detail]
    return hashlib.sha256(json.dumps([*said, entry.previous_hash], sort_keys=True).encode()).hexdigest()


def faults(number: int | None = None, hash: str = "") -> Iterator[str]:
    """What is wrong with the chain, one sentence each; nothing where it is whole.

    Args:
        number, hash: a head of the chain that was written down earlier (see `log_head`); it must still be there.
    """
    previous_number, previous_hash = 0, ""
    for entry in AuditEntry.objects.order_by("number").iterator():
        if entry.number != previous_number + 1:
            yield f"entries {previous_number + 1} to {entry.number - 1} are missing"
        elif entry.previous_hash != previous_hash:
            yield f"entry {entry.number} does not follow the one before it"
        if entry.hash != hash_of(entry):
            yield f"entry {entry.number} was changed"
        if entry.number == number and entry.hash != hash:
            yield f"entry {number} is not the one whose hash was written down"
        previous_number, previous_hash = entry.number, entry.hash
    head = AuditHead.objects.filter(pk=ONLY_HEAD).first()
    if (head.number, head.hash) != (previous_number, previous_hash) if head else previous_number:
        yield f"the last entry is {previous_number}, but the head says {head.number if head else 'nothing'}: the end was cut"
    if number is not None and number > previous_number:
        yield f"the last entry is {previous_number}, but {number} was written down: the end was cut"


def log_head() -> str:
    """Write the head of the chain to the process's log, where no database can reach it: `<number>:<hash>`."""
    head = AuditHead.objects.filter(pk=ONLY_HEAD).first()
    written = f"{head.number}:{head.hash}" if head else "0:"
    log.warning("audit head: %s", written)
    return written


def _text(at: datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).isoformat(timespec="microseconds")

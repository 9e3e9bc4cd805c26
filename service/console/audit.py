"""The audit log: who read, changed, exported or deleted what, in a chain that shows every cut.

The hashes hold no secret: somebody who may write to the database can make the whole chain anew. That, too, shows once
a head (`log_head`, the audit page) was written down where they cannot reach it, and is given to `faults`.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import timezone as zones
from typing import Any

from django.db import transaction
from django.utils import timezone

from service.console.models import AuditEntry, AuditHead

head_log = logging.getLogger("audit head")  # written whatever LOG_LEVEL says: baclofen_faq/logs/setup.py
ONLY_HEAD = 1  # the number of the one row of AuditHead
LONGEST_ACTION = AuditEntry._meta.get_field("action").max_length
Mark = tuple[int, str]  # the number and the hash of an entry that must be there


def record(who: str, action: str, conversation: int | None = None, **detail: Any) -> AuditEntry:
    """Append what somebody did; whoever cannot be recorded may not do it (the error goes up).

    Everybody who records waits for the transaction to end, so a long one records last.

    Args:
        who: a user name; "" for what the service does by itself.
        action: such as "conversation read"; a short name in plain English, at most 40 characters.
        conversation: its number, where it is about one.
        detail: plain JSON; ids, counts and settings, never words of a patient.

    Raises:
        DatabaseError: it could not be written.
        ValueError: the action's name is too long.
    """
    return _append(who, action, [conversation], detail)[0]


def record_each(who: str, action: str, conversations: Iterable[int], **detail: Any) -> list[AuditEntry]:
    """`record` for each of some conversations, all or none: so that who read one is found by its number.

    Args:
        who: as in `record`.
        action: as in `record`.
        conversations: their numbers, a page of them at most; each is recorded once, none where there are none.
        detail: as in `record`, the same for each.
    """
    return _append(who, action, sorted(set(conversations)), detail)


@transaction.atomic
def _append(who: str, action: str, conversations: Sequence[int | None], detail: dict[str, Any]) -> list[AuditEntry]:
    if len(action) > LONGEST_ACTION:
        raise ValueError(f"an action's name has at most {LONGEST_ACTION} characters: {action}")
    if not conversations:
        return []
    last, _ = AuditHead.objects.select_for_update().get_or_create(pk=ONLY_HEAD)
    entries = []
    for conversation in conversations:
        entry = AuditEntry(who=who, action=action, conversation=conversation, detail=detail, at=timezone.now())
        entry.number, entry.previous_hash = last.number + 1, last.hash
        last.number, last.hash = entry.number, hash_of(entry)
        entry.hash = last.hash
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    AuditHead.objects.filter(pk=ONLY_HEAD).update(number=last.number, hash=last.hash)
    return entries


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 of all that an entry says and of the hash of the one before."""
    at = entry.at.astimezone(zones.utc).isoformat(timespec="microseconds")
    said = [entry.number, at, entry.who, entry.action, entry.conversation, entry.detail, entry.previous_hash]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def faults(number: int = 0, hash: str = "") -> Iterator[str]:
    """What is wrong with the chain, one sentence each; nothing where it is whole. Others may append meanwhile.

    Args:
        number: of a head of the chain that was written down earlier; it must still be there. 0: none was.
        hash: that head's hash.
    """
    known = _head()  # before the entries: those that come meanwhile stand after it
    last: Mark = (0, "")
    for entry in AuditEntry.objects.order_by("number").iterator():
        yield from _faults_of(entry, last)
        if entry.number == number and entry.hash != hash:
            yield f"entry {number} is not the one whose hash was written down"
        if entry.number == known[0] and entry.hash != known[1]:
            yield f"entry {entry.number} is not the one of the head"
        last = (entry.number, entry.hash)
    if last[0] < max(known[0], number):
        yield f"the last entry is {last[0]}, but there was one with number {max(known[0], number)}: the end was cut"
    if last[0] > _head()[0]:
        yield f"the last entry is {last[0]}, but the head is {_head()[0]}: not the console wrote what is after it"


def _faults_of(entry: AuditEntry, last: Mark) -> Iterator[str]:
    """What is wrong with one entry, after the one before it."""
    expected = last[0] + 1
    if entry.number > expected:
        yield (
            f"entry {expected} is missing"
            if entry.number == expected + 1
            else (f"entries {expected} to {entry.number - 1} are missing")
        )
    elif entry.number < expected or entry.previous_hash != last[1]:
        yield f"entry {entry.number} does not follow the one before it"
    if entry.hash != hash_of(entry):
        yield f"entry {entry.number} was changed"


def head() -> str:
    """The last entry of the chain, to be written down: `<number>:<hash>`."""
    number, hash = _head()
    return f"{number}:{hash}"


def log_head() -> str:
    """Write the head of the chain to the process's log, whatever its level, where no database can reach it."""
    written = head()
    head_log.info("audit head", extra={"head": written})
    return written


def _head() -> Mark:
    row = AuditHead.objects.filter(pk=ONLY_HEAD).first()
    return (row.number, row.hash) if row else (0, "")

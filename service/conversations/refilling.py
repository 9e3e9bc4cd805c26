"""The outbox's turns of the last day into the log once more, after the log was restored from an older state."""

import fcntl
from datetime import datetime
from pathlib import Path

from service.conversations.models import Entry
from service.conversations.outbox import move_due


def move_again(since: datetime) -> int:
    """Have this machine's turns from then on moved to the log; what it has already changes nothing. How many."""
    return Entry.objects.filter(received_at__gte=since).update(moved_at=None, refused_at=None)


def move_now(lock_file: Path) -> None:
    """Move what is due at once, unless a gateway of this machine is there, which does it.

    Raises:
        OperationalError, InterfaceError: the log is not there; what is left is moved when a gateway starts.
    """
    with lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        while move_due():
            continue

"""Taking a backup: the outbox first, then the log, then Rasa's events, while messages come in."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core import serializers
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from service.console import audit
from service.console.backup.archive import TURNS, About, delete_old, dump_name, write
from service.console.backup.error import BackupError
from service.console.backup.journal import Journal
from service.console.backup.stores import Rows, rows_of, store_of
from service.conversations.models import Entry
from service.conversations.outbox import CANARY

TAKEN = "backup taken"


@dataclass(frozen=True)
class Taken:
    """A backup that is on the disk, what is in it, and the older ones that were deleted."""

    path: Path
    about: About
    deleted: list[str]


def take(folder: Path, keep_days: int) -> Taken:
    """Make a backup in a folder, which is made where it is missing; then delete those that are older than `keep_days`.

    Raises:
        BackupError: there is no new backup, and no old one was deleted.
    """
    if "conversations_conversation" not in rows_of("default"):
        raise BackupError("There is no log yet, so nothing to back up: start the bot once (`make serve`).")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        Journal(folder).keep()
        with TemporaryDirectory(prefix=".unfinished-", dir=folder) as parts:
            about = _saved(Path(parts), timezone.now())
            path = write(folder, Path(parts), about)
        audit.record("", TAKEN, file=path.name, conversations=about.count("conversations_conversation"))
        return Taken(path, about, delete_old(folder, keep_days, timezone.now()))
    except OSError as error:
        raise BackupError(
            f"{folder} cannot be written ({error.strerror}): make room there, or name a folder that the bot's user "
            "may write to."
        ) from None


def _saved(parts: Path, now: datetime) -> About:
    """The dumps and the turns as files; what is in them."""
    turns = _turns(parts / TURNS)  # before the log: what is moved meanwhile is in both, and never in none
    kinds, rows = {}, {}
    for database in ("default", "rasa"):
        if found := _dump(database, parts):
            kinds[database], rows[database] = found
    migrations = [f"{app}.{name}" for app, name in MigrationRecorder(connections["default"]).applied_migrations()]
    return About(now.isoformat(), kinds, rows, sorted(migrations), turns)


def _dump(database: str, parts: Path) -> tuple[str, Rows] | None:
    """Its kind and its rows; None where it was not made yet (Rasa's, before its first message)."""
    store = store_of(database)
    if not rows_of(database):
        return None
    return store.kind, store.save(parts / dump_name(database, store.kind))


def _turns(file: Path) -> int:
    """Write down the turns of this machine's outbox that the log does not have; no parcel, so nobody's address."""
    if not rows_of("outbox"):
        return 0
    waiting = list(Entry.objects.filter(moved_at=None).exclude(channel=CANARY))
    file.write_text(serializers.serialize("jsonl", waiting), encoding="utf-8")
    return len(waiting)

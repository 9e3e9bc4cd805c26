"""Restoring a backup: the databases, then all that happened since and is known: erasures, withdrawals, last turns."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from service.console.backup import archive, since
from service.console.backup.archive import About, dump_name, take_out
from service.console.backup.error import BackupError
from service.console.backup.since import Again
from service.console.backup.stores import Postgresql, rows_of, store_of

HOLDS_SOMETHING = ("conversations_conversation", "conversations_erasure", "console_staff", "console_auditentry")
ADDRESSES = {"default": "DATABASE_URL", "rasa": "RASA_DATABASE_URL"}


@dataclass(frozen=True)
class Restored:
    """What a backup held, and what was done again that happened after it was taken."""

    about: About
    again: Again


def restore(path: Path, folders: list[Path], may_replace: bool) -> Restored:
    """Put a backup into the databases of the settings.

    Args:
        path: a file that `take` made.
        folders: where a journal, or a gateway's copy of the controls, may stand.
        may_replace: what the log holds now may go.

    Raises:
        BackupError: one sentence; before the databases are touched, unless it says otherwise.
    """
    about, packed = archive.opened(path)
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with packed, TemporaryDirectory(dir=settings.VAR) as parts:
        _check(about, may_replace)
        known = since.known(folders)
        _load(about, packed, Path(parts))
        for database in ("default", "outbox"):
            call_command("migrate", database=database, verbosity=0)
        return Restored(about, since.do_again(known, about.time, _turns(packed)))


def _check(about: About, may_replace: bool) -> None:
    """Refuse what would destroy, or could not be used."""
    for database, kind in about.kinds.items():
        here = store_of(database).kind
        if kind != here:
            raise BackupError(
                f"The backup's database {database} is {kind}, here it is {here}: name one of that kind in the "
                f"environment ({ADDRESSES[database]})."
            )
    newer = set(about.migrations) - {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if newer:
        raise BackupError(
            f"The backup is of a newer version of the bot ({min(newer)}): install that version, and run this again."
        )
    for database, kind in about.kinds.items():
        present = rows_of(database)
        if database == "default" and not may_replace and any(present.get(table) for table in HOLDS_SOMETHING):
            raise BackupError(
                "The log is not empty: name an empty database in DATABASE_URL, or give --replace to lose what is in it."
            )
        unknown = present.keys() - about.rows[database].keys()
        if unknown and kind == Postgresql.kind:  # pg_restore replaces what is in the backup only
            raise BackupError(
                f"The present database holds tables that the backup does not know ({min(unknown)}): make an empty "
                "database, and restore into that one."
            )


def _load(about: About, packed: ZipFile, parts: Path) -> None:
    for database, kind in sorted(about.kinds.items(), reverse=True):  # Rasa's first: the log is what people look into
        store_of(database).load(take_out(packed, dump_name(database, kind), parts))
        rows = rows_of(database)
        fewer = [table for table, count in about.rows[database].items() if rows.get(table, 0) < count]
        if fewer:
            raise BackupError(
                f"After the restore {fewer[0]} has fewer rows than the backup says: restore another backup."
            )


def _turns(packed: ZipFile) -> str:
    return packed.read(archive.TURNS).decode() if archive.TURNS in packed.namelist() else ""

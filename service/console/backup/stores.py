"""One database, saved to a file and loaded from it: PostgreSQL by its own programs, SQLite by its online backup."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import connections, transaction
from django.db.backends.postgresql.client import DatabaseClient

from service.console.backup.error import BackupError

Rows = dict[str, int]  # how many each table holds
OF_THE_INDEX = "conversations_words"  # SQLite's index of words, and the tables that it keeps itself
RESTORE = ("--single-transaction", "--clean", "--if-exists", "--no-owner", "--no-privileges")


class Store(Protocol):
    """A database of service/settings/base.py, by its name there."""

    name: str
    kind: str

    def save(self, target: Path) -> Rows:
        """Write all of it into a new file, as it is at one moment, while others read and write; what it held.

        Raises:
            BackupError: it could not be read or written.
        """

    def load(self, source: Path) -> None:
        """Replace all of it by what `save` wrote; all or nothing.

        Raises:
            BackupError: nothing was changed.
        """


class Postgresql:
    """pg_dump and pg_restore. The password travels in their environment, where no list of processes shows it."""

    kind = "postgresql"

    def __init__(self, name: str) -> None:
        """The database of that name in the settings."""
        self.name = name

    def save(self, target: Path) -> Rows:
        """As `Store` says."""
        with self._snapshot() as (cursor, snapshot):
            self._run("pg_dump", ["--format=custom", f"--snapshot={snapshot}", f"--file={target}"])
            return _rows(cursor, _tables(self.name))

    def load(self, source: Path) -> None:
        """As `Store` says."""
        connections[self.name].close()
        with source.open("rb") as dump:
            self._run("pg_restore", [*RESTORE, "--exit-on-error", "-d"], stdin=dump)

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[Any, str]]:
        """A moment of the database that another program sees too, so that what is counted is what is saved."""
        with transaction.atomic(using=self.name), connections[self.name].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT pg_export_snapshot()")
            yield cursor, cursor.fetchone()[0]

    def _run(self, program: str, options: Sequence[str], stdin: Any = subprocess.DEVNULL) -> None:
        (_, *words), secrets = DatabaseClient.settings_to_cmd_args_env(
            connections[self.name].settings_dict, list(options)
        )
        command = [program, "--no-password", *words]
        try:
            done = subprocess.run(
                command, env={**os.environ, **(secrets or {})}, stdin=stdin, capture_output=True, text=True, check=False
            )
        except FileNotFoundError:
            raise BackupError(
                f"{program} is not installed: install PostgreSQL's client, as new as the server or newer "
                "(Debian: apt-get install postgresql-client)."
            ) from None
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            raise BackupError(f"{program} failed ({reason}): mend that and run the same command again.")


class Sqlite:
    """SQLite's online backup, in both directions: whoever has the database open sees it whole, before or after."""

    kind = "sqlite"

    def __init__(self, name: str) -> None:
        """The database of that name in the settings."""
        self.name = name

    def save(self, target: Path) -> Rows:
        """As `Store` says."""
        with closing(_opened(self._path)) as source, closing(_opened(target)) as copy:
            _copy(source, copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a write-ahead log beside it
            names = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            return _rows(copy.cursor(), [name for (name,) in names])

    def load(self, source: Path) -> None:
        """As `Store` says."""
        connections[self.name].close()
        with closing(_opened(source)) as copy, closing(_opened(self._path)) as target:
            _copy(copy, target)

    @property
    def _path(self) -> Path:
        return Path(connections[self.name].settings_dict["NAME"])


def store_of(name: str) -> Store:
    """The database of that name, whichever kind it is."""
    return Sqlite(name) if connections[name].vendor == "sqlite" else Postgresql(name)


def rows_of(name: str) -> Rows:
    """What a database holds now; {} where it was not made yet."""
    if connections[name].vendor == "sqlite" and not Path(connections[name].settings_dict["NAME"]).exists():
        return {}
    with connections[name].cursor() as cursor:
        return _rows(cursor, _tables(name))


def _tables(name: str) -> list[str]:
    return list(connections[name].introspection.table_names())


def _rows(cursor: Any, tables: Sequence[str]) -> Rows:
    """How many rows each table holds, but for those that a database keeps for itself."""
    counts: Rows = {}
    for table in sorted(tables):
        if not table.startswith((OF_THE_INDEX, "sqlite_")):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = int(cursor.fetchone()[0])
    return counts


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=30)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    try:
        source.backup(target)
    except sqlite3.Error as error:
        raise BackupError(
            f"SQLite could not copy the database ({error}): stop what holds it, make room on the disk, and run the "
            "same command again."
        ) from None

"""The log's two databases as they are installed: SQLite in a file, PostgreSQL with its own settings."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from tests.conftest import free_port
from tests.faults.postgres import Postgres, newest_programs

KINDS = ("SQLite", "PostgreSQL")


@dataclass(frozen=True)
class Database:
    """A log of so many turns; `address` as in DATABASE_URL."""

    kind: str
    turns: int
    address: str
    place: Place

    @property
    def environment(self) -> dict[str, str]:
        """What a console over it is started with."""
        return {**environment(self.place), "DATABASE_URL": self.address}

    @property
    def filled_at(self) -> str:
        """When an earlier run filled it, ISO 8601; "" where none did."""
        return self._mark.read_text() if self._mark.exists() else ""

    def remember(self, filled_at: str) -> None:
        """That it is filled, and when."""
        self._mark.write_text(filled_at)

    def manage(self, *words: str) -> None:
        """Run a command of manage.py over it."""
        command = [sys.executable, "-W", "ignore", "manage.py", *words, "--settings", "service.settings.console"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def make(self) -> None:
        """Make its tables, or bring them up to date."""
        for name in ("outbox", "default"):
            self.manage("migrate", "--verbosity", "0", "--database", name)

    @property
    def _mark(self) -> Path:
        return self.place.var / "filled"


@contextmanager
def databases(kind: str, sizes: list[int], folder: Path) -> Iterator[list[Database]]:
    """One for each number of turns, in a folder where an earlier run may have left them; inside, they answer."""
    server = _postgres(folder) if kind == "PostgreSQL" else None
    try:
        yield [_database(kind, turns, folder, server) for turns in sizes]
    finally:
        if server:
            server.end()


def _postgres(folder: Path) -> Postgres:
    programs = newest_programs()
    assert programs, "PostgreSQL is missing: apt-get install postgresql"
    cluster = folder / "postgresql"
    cluster.mkdir(parents=True, exist_ok=True)
    server = Postgres(programs, cluster, settings=())
    server.start()
    return server


def _database(kind: str, turns: int, folder: Path, server: Postgres | None) -> Database:
    place = Place(console=free_port(), var=folder / f"{kind.lower()}-{turns}")
    is_new = not place.var.exists()
    place.var.mkdir(parents=True, exist_ok=True)
    if server is None:
        return Database(kind, turns, f"sqlite:///{place.var / 'conversations.db'}", place)
    name = f"turns_{turns}"
    return Database(kind, turns, server.make_database(name) if is_new else server.address(name), place)

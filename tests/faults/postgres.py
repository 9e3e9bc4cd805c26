"""A real PostgreSQL in a temporary folder, which a test may stop, restart and freeze."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.conftest import free_port
from tests.faults.processes import Process

OWNER = "postgres"  # PostgreSQL refuses to run as root
QUICK = ("fsync=off", "min_wal_size=2MB")  # for tests: nothing must outlive the machine


class Postgres:
    """One cluster with one superuser and no password, on loopback."""

    def __init__(self, programs: Path, folder: Path, settings: Sequence[str] = QUICK) -> None:
        """Make the cluster in an empty folder, or take the one that is there; nothing runs yet."""
        self.folder, self.port = folder, free_port()
        user = OWNER if os.geteuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        if not (folder / "data").exists():
            subprocess.run(
                [programs / "initdb", "-D", folder / "data", "-U", OWNER]
                + ["--auth=trust", "--no-sync", "--wal-segsize=1"],
                user=user, cwd="/", check=True, capture_output=True,
            )  # fmt: skip
        command = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(self.port)]
        here = ("listen_addresses=127.0.0.1", "unix_socket_directories=")
        options = [word for setting in (*here, *settings) for word in ("-c", setting)]
        self._server = Process([*command, *options], folder / "output.txt", user=user, is_ready=self._answers)

    def start(self) -> None:
        """Start it, and return when it answers."""
        self._server.start()
        self._server.wait_until_ready()

    def stop(self) -> None:
        """End it at once, as a power cut does: connections break, nothing is written in order."""
        self._server.kill(by=signal.SIGQUIT)

    def end(self) -> None:
        """End it as an operator does: what was written is on the disk."""
        self._server.kill(by=signal.SIGINT)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Inside, nothing listens."""
        self.stop()
        try:
            yield
            assert not self._answers()
        finally:
            self.start()

    def frozen(self) -> Any:
        """Inside, it takes connections and says nothing: a context manager."""
        return self._server.paused()

    def make_database(self, name: str) -> str:
        """Make an empty database; return its address."""
        with closing(psycopg2.connect(self.address("postgres"))) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def address(self, database: str) -> str:
        """The address of a database, as in DATABASE_URL."""
        return f"postgres://{OWNER}@127.0.0.1:{self.port}/{database}"

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.address("postgres"), connect_timeout=1).close()
        except psycopg2.OperationalError:
            return False
        return True


def rows(address: str, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query of a database gives."""
    with closing(psycopg2.connect(address, connect_timeout=5)) as connection:
        cursor = connection.cursor()
        cursor.execute(query, values)
        return list(cursor.fetchall())


def newest_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs that is installed, as Debian places them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL; without one installed the test is skipped, but on CI it fails."""
    programs = newest_programs()
    if not programs:
        assert "CI" not in os.environ, "PostgreSQL is missing: apt-get install postgresql"
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    server = Postgres(programs, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)

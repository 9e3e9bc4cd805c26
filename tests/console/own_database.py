"""A migrated database of a test's own, which several processes may use at once: of the kind the tests run on."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from baclofen_faq.vetted_files import ROOT


class OwnDatabase:
    """Commands of manage.py on it, each a process."""

    def __init__(self, folder: Path) -> None:
        """Nothing is made yet."""
        settings = {"VAR_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "service.settings.console"}
        self.environment = {**os.environ, **settings}

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """One command, to its end."""
        command = self.command(*words)
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, input=given, capture_output=True, text=True, check=False
        )

    def command(self, *words: str) -> list[str]:
        """How it is started."""
        return [sys.executable, "-W", "ignore", "manage.py", *words]

    def migrate(self) -> None:
        """Make the tables."""
        done = self.run("migrate", "--database", "default", "--verbosity", "0")
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def own_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnDatabase]:
    own = OwnDatabase(tmp_path_factory.mktemp("own"))
    address = os.environ.get("DATABASE_URL", "")
    if address:
        name = f"own_{uuid.uuid4().hex}"
        with closing(psycopg2.connect(address)) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}"')
        own.environment["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}"
    own.migrate()
    yield own

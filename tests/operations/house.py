"""A clinic's machine with databases of its own, on which the bot runs, is backed up, lost and restored."""

import json
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from service.stack import running
from tests.conftest import free_port, gateway_at, manage
from tests.faults.postgres import Postgres, rows

State = dict[str, Any]


@dataclass(frozen=True)
class House:
    """One machine: its ports and files, and what its databases are called; {} where they are files too."""

    place: Place
    databases: dict[str, str]

    @classmethod
    def new(cls, folder: Path, postgres: Postgres | None) -> "House":
        """An empty one."""
        folder.mkdir(exist_ok=True)
        place = Place(free_port(), free_port(), free_port(), folder, free_port(), gateways=1, rasas=1)
        if postgres is None:
            return cls(place, {})
        names = {"DATABASE_URL": "log", "RASA_DATABASE_URL": "rasa"}
        made = {name: postgres.make_database(f"{kind}_{uuid.uuid4().hex[:8]}") for name, kind in names.items()}
        return cls(place, made)

    @contextmanager
    def at_home(self, **more: str) -> Iterator[None]:
        """Inside, whatever is started uses these databases."""
        with pytest.MonkeyPatch.context() as environ:
            for name in ("DATABASE_URL", "RASA_DATABASE_URL"):
                environ.delenv(name, raising=False)
            for name, value in {**self.databases, **more}.items():
                environ.setenv(name, value)
            yield

    @contextmanager
    def open(self) -> Iterator[None]:
        """Inside, the bot runs."""
        with self.at_home(WEB_LIMIT_ADDRESS_MESSAGES="10000/minute"), running(self.place, self.place.var / "serve.log"):
            yield

    @contextmanager
    def gateway(self) -> Iterator[None]:
        """Inside, the gateway alone runs."""
        with self.at_home(), gateway_at(self.place):
            yield

    def manage(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """One of manage.py's commands."""
        with self.at_home(**more):
            return manage(self.place, *words)

    def does(self, *words: str, **more: str) -> str:
        """The same, and it succeeds."""
        done = self.manage(*words, **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def state(self, *words: str) -> State:
        """What log and Rasa hold."""
        with self.at_home():
            env = environment(self.place)
        command = [sys.executable, "-W", "ignore", "-m", "tests.operations.state", *words]
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    def said(self) -> int:
        """How many messages the log has, without a process."""
        query = "SELECT count(*) FROM conversations_message"
        if address := self.databases.get("DATABASE_URL"):
            return int(rows(address, query)[0][0])
        with closing(sqlite3.connect(self.place.var / "conversations.db")) as log:
            return int(log.execute(query).fetchone()[0])

    def say(self, key: str, text: str) -> list[dict[str, Any]]:
        """To the bot."""
        url = f"{self.place.gateway_url}/webhooks/rest/webhook"
        response = httpx.post(url, json={"sender": key, "message": text}, timeout=15)
        assert response.status_code == 200, response.text
        return list(response.json())

    @contextmanager
    def busy(self, name: str) -> Iterator[list[str]]:
        """Inside, somebody new writes all the time; the keys of those who were answered."""
        answered: list[str] = []
        stop = Event()

        def talk() -> None:
            while not stop.is_set():
                key = f"{name}-{len(answered)}"
                self.say(key, "how long does withdrawal last?")
                answered.append(key)

        thread = Thread(target=talk)
        thread.start()
        try:
            yield answered
        finally:
            stop.set()
            thread.join()

    def lost(self, postgres: Postgres | None, keeps_files: bool, folder: Path) -> "House":
        """The same clinic after its databases are gone, and with them the machine's files where these are not kept."""
        if postgres is None:
            for path in self.place.var.glob("conversations.db*" if keeps_files else "*"):
                path.unlink() if path.is_file() else None
            for path in self.place.var.glob("rasa.db*"):
                path.unlink()
            return self
        new = House.new(folder, postgres)
        return replace(new, place=self.place if keeps_files else new.place)


def backups(folder: Path) -> list[Path]:
    """Those in a folder, oldest first."""
    return sorted(folder.glob("baclofen-faq-*.zip"))

"""The bot of the fault tests: gateway, Rasa and action server, each a process of its own, with stand-ins between."""

import json
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from tests.conftest import free_port
from tests.faults.processes import Process
from tests.faults.stand_in import StandIn

PYTHON = [sys.executable, "-W", "ignore", "-m"]
DISK_BYTES = 32 * 1024 * 1024


@dataclass
class Part:
    """One process of the bot, and what the others reach it by."""

    process: Process
    stand_in: StandIn

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Inside, it is gone; afterwards it is there again."""
        with self.stand_in.away():
            self.process.kill()
            try:
                yield
                assert not self.process.is_running
            finally:
                self.process.start()
        self.process.wait_until_ready()


class Bot:
    """Gateway -> stand-in -> Rasa -> stand-in -> action server; the log is in PostgreSQL, all else in `folder`."""

    def __init__(self, folder: Path, model: Path, level: str, log: str) -> None:
        """Prepare it; `level` is WARNING or DEBUG, `log` the address of the log's empty database."""
        self.folder, self.level, self.log = folder, level, log
        self.raise_marker, self.disk = folder / "raise", folder / "disk"
        self._model, (self._before_rasa, self._before_actions) = model, (StandIn(), StandIn())
        self.place = Place(free_port(), self._before_rasa.port, self._before_actions.port, folder / "rasa")
        self.gateway_place = Place(self.place.gateway, self.place.rasa, self.place.actions, self.disk)
        for made in (folder / "rasa", folder / "empty", folder / "output", self.disk):
            made.mkdir()
        self.gateway = self._gateway()
        self.rasa = Part(self._rasa(model), self._before_rasa)
        self.actions = Part(self._actions(), self._before_actions)

    @contextmanager
    def running(self) -> Iterator["Bot"]:
        """All of it runs inside, and none of it afterwards."""
        with ExitStack() as undo:
            undo.enter_context(self._small_disk())
            for stand_in in (self._before_rasa, self._before_actions):
                undo.callback(stand_in.close)
            self._migrate()
            for process in self._processes():
                undo.callback(process.kill)
                process.start()
            for process in self._processes():
                process.wait_until_ready()
            yield self

    def output(self, *names: str) -> bytes:
        """What the processes printed so far."""
        return b"".join((self.folder / "output" / f"{name}.txt").read_bytes() for name in names)

    def rasa_database(self) -> Path:
        """Where Rasa keeps its conversations."""
        return self.folder / "rasa" / "rasa.db"

    def outbox(self) -> Path:
        """Where the gateway keeps what is not in the log yet."""
        return self.disk / "outbox.db"

    def put_event(self, conversation: str, name: str, /, **data: object) -> None:
        """Add an event to a conversation of Rasa's, as Rasa stores it."""
        now = time.time()
        stored = json.dumps({"event": name, "timestamp": now, **data})
        with closing(sqlite3.connect(self.rasa_database(), timeout=10)) as database, database:
            database.execute(
                "INSERT INTO events (sender_id, type_name, timestamp, action_name, data) VALUES (?, ?, ?, ?, ?)",
                (conversation, name, now, data.get("name"), stored),
            )

    def ask_rasa(self, text: str, sender: str = "") -> list[dict[str, Any]]:
        """What Rasa by itself says, asked past the gateway and the stand-in before it."""
        body = {"sender": sender or f"canary-{uuid.uuid4()}", "message": text}
        url = f"http://127.0.0.1:{self._before_rasa.target}/webhooks/rest/webhook"
        return list(httpx.post(url, json=body, timeout=10).raise_for_status().json())

    @contextmanager
    def without_a_model(self) -> Iterator[None]:
        """Inside, Rasa runs and has no model."""
        process, empty = self.rasa.process, self._rasa_without_a_model()
        empty.is_ready = lambda: _listens(self._before_rasa.target)
        process.kill()
        try:
            empty.start()
            empty.wait_until_ready()
            yield
            assert empty.is_running
        finally:
            empty.kill()
            process.start()
            process.wait_until_ready()

    def _processes(self) -> Sequence[Process]:
        return self.actions.process, self.rasa.process, self.gateway

    def _gateway(self) -> Process:
        options = ["--log-level", "warning", "--no-access-log", "--no-server-header", "--ws", "none"]
        address = ["--host", "127.0.0.1", "--port", str(self.place.gateway)]
        command = [*PYTHON, "uvicorn", "service.asgi:application", *address, *options]
        return self._process("gateway", command, self._gateway_answers)

    def _rasa(self, model: Path) -> Process:
        address = ["--interface", "127.0.0.1", "--port", str(self._before_rasa.target)]
        return self._process(
            "rasa", [*PYTHON, "baclofen_faq.nlu.serve", *address, "--model", str(model)], self._rasa_answers
        )

    def _rasa_without_a_model(self) -> Process:
        """Rasa's own command: the bot's refuses to start so."""
        address = ["--interface", "127.0.0.1", "--port", str(self._before_rasa.target)]
        files = ["--endpoints", "deploy/endpoints.yml", "--credentials", "credentials.yml"]
        command = [*PYTHON, "rasa", "run", *address, "--model", str(self.folder / "empty"), *files, "--enable-api"]
        return self._process("rasa_without_a_model", command, self._rasa_answers)

    def _actions(self) -> Process:
        port = self._before_actions.target
        command = [*PYTHON, "rasa_sdk", "--actions", "actions", "--port", str(port), *self._debug()]
        return self._process("actions", command, lambda: _listens(port))

    def _debug(self) -> list[str]:
        return ["--debug"] if self.level == "DEBUG" else []

    def _process(self, name: str, command: list[str], is_ready: Any) -> Process:
        environment = self._environment(self.gateway_place if name == "gateway" else self.place)
        return Process(command, self.folder / "output" / f"{name}.txt", environment, is_ready=is_ready)

    def _environment(self, place: Place) -> dict[str, str]:
        own = {"LOG_LEVEL": self.level, "RAISE_WHILE_EXISTS": str(self.raise_marker), "DATABASE_URL": self.log}
        return {**environment(place), **own}

    def _gateway_answers(self) -> bool:
        try:
            return httpx.get(f"{self.place.gateway_url}/healthz", timeout=2).status_code < 600
        except httpx.HTTPError:
            return False

    def _rasa_answers(self) -> bool:
        try:
            said = self.ask_rasa("/ask_what_can_you_do")
        except (httpx.HTTPError, ValueError):
            return False
        return bool(said) and said[0].get("answer_id") == "what_can_you_do"

    def _migrate(self) -> None:
        for database in ("default", "outbox"):
            command = [
                sys.executable,
                "-W",
                "ignore",
                "manage.py",
                "migrate",
                "--verbosity",
                "0",
                "--database",
                database,
            ]
            done = subprocess.run(command, cwd=ROOT, env=self.gateway.environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr

    @contextmanager
    def _small_disk(self) -> Iterator[None]:
        """The gateway's folder is a disk of its own where the tests may mount one."""
        options = f"size={DISK_BYTES}"
        is_mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", self.disk], capture_output=True)
        try:
            yield
        finally:
            if is_mounted.returncode == 0:
                subprocess.run(["umount", "--lazy", self.disk], check=True)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

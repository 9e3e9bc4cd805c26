"""The real bot for the tests: gateway, Rasa and action server as processes, on free ports, in a folder of their own."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from django.db import connections

from baclofen_faq.triage import assess, is_unsure
from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from service.stack import migrate, running
from service.training import model_is_old

collect_ignore_glob = ["*conftest.py"]  # of several files of that name, none is looked at for doctests
is_console = os.environ.get("DJANGO_SETTINGS_MODULE") == "service.settings.console"
collect_ignore = [] if is_console else ["console"]  # its tests need its own settings: a second run of pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Databases in files, as the gateway has them: several threads may write, which SQLite's memory does not allow."""
    folder = tmp_path_factory.mktemp("databases")
    for name, database in connections.databases.items():
        if "sqlite" in database["ENGINE"]:
            database.setdefault("TEST", {})["NAME"] = str(folder / f"{name}.db")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(number: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        first = free_port()
        with ExitStack() as probes:
            try:
                for port in range(first, first + number):
                    probes.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
        return first


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(
        gateway=free_port(),
        rasa=free_port(),
        actions=free_port(),
        console=free_port(),
        var=tmp_path_factory.mktemp("var"),
    )


@pytest.fixture(scope="session")
def bot(place: Place) -> Iterator[Place]:
    """The whole bot, running; all tests come from one address, which is not limited."""
    assert not model_is_old(), "the model is missing or old: run `make train` first"
    with pytest.MonkeyPatch.context() as environ:
        for name in ("DATABASE_URL", "RASA_DATABASE_URL"):  # of a bot of another test's, which may run just then
            environ.delenv(name, raising=False)
        for what in ("SESSIONS", "MESSAGES", "FLOOD", "HISTORY"):
            environ.setenv(f"WEB_LIMIT_ADDRESS_{what}", "100000/minute")
        with running(place, output=place.var / "serve.log"):
            yield place


@pytest.fixture
def say(bot: Place, request: pytest.FixtureRequest) -> Callable[..., list[dict[str, Any]]]:
    """Says something to the bot through the gateway's REST channel, as a person of the test's own."""

    def post(text: str, sender: str = request.node.name[:80], **more: str) -> list[dict[str, Any]]:
        body = {"sender": sender, "message": text, **more}
        response = httpx.post(f"{bot.gateway_url}/webhooks/rest/webhook", json=body, timeout=10)
        assert response.status_code == 200, response.text
        return list(response.json())

    return post


@contextmanager
def gateway_at(place: Place, **more: str) -> Iterator[None]:
    """A gateway of its own, without a runner."""
    migrate(place)
    command = [str(Path(sys.executable).parent / "uvicorn"), "service.asgi:application", "--ws", "none"]
    process = subprocess.Popen([*command, "--port", str(place.gateway)], cwd=ROOT, env={**environment(place), **more})
    try:
        for _ in range(200):
            try:
                httpx.get(f"{place.gateway_url}/healthz")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


def manage(place: Place, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run one of manage.py's commands as a person would."""
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(place), input=stdin, capture_output=True, text=True, timeout=300, check=False
    )


def unsure_text() -> str:
    """A message that the semantic layer is unsure of, whichever they are with the model of today."""
    rows = (ROOT / "tests" / "cases" / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    return next(text for text in (json.loads(row)["text"] for row in rows) if is_unsure(assess(text)))


def cases(name: str) -> list[Any]:
    """The rows of a table in tests/cases/, each with its id as the test's name."""
    rows = yaml.safe_load((ROOT / "tests" / "cases" / name).read_text(encoding="utf-8"))
    assert rows, f"tests/cases/{name} holds no row"
    return [pytest.param(row, id=row["id"]) for row in rows]


@pytest.fixture
def vetted_copy(tmp_path: Path) -> Path:
    """A copy of vetted/ that a test may spoil."""
    copy = tmp_path / "vetted"
    for path in (ROOT / "vetted").rglob("*.yml"):
        target = copy / path.relative_to(ROOT / "vetted")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return copy

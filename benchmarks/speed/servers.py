"""The candidates as processes: ours as `make serve` starts it, a stock Rasa with the same actions, the bare echo."""

import os
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import httpx

from baclofen_faq.answers import load_replies
from baclofen_faq.vetted_files import ROOT
from benchmarks.speed import stock
from benchmarks.speed.load import Candidate
from benchmarks.speed.memory import family
from benchmarks.speed.processes import named
from benchmarks.speed.quiet import QUIET
from service.place import Place, environment
from service.stack import running
from tests.conftest import free_port
from tests.faults.processes import Process

FIRST_WORDS = "what is baclofen withdrawal?"
OURS, STOCK, ECHO = "ours", "stock Rasa", "bare echo"


def new_place(folder: Path, rasas: int = 1, gateways: int = 1) -> Place:
    """A place of its own on free ports."""
    folder.mkdir(parents=True, exist_ok=True)
    gateway, rasa, actions, console = (free_ports(count) for count in (gateways, rasas, 1, 1))
    return Place(gateway, rasa, actions, folder, console, gateways, rasas)


def free_ports(count: int) -> int:
    """The first of so many free ports that follow each other."""
    while True:
        first = free_port()
        if all(_is_free(port) for port in range(first, first + count)):
            return first


def our_gateway(place: Place) -> Candidate:
    """A running gateway; that it cannot answer just now is no answer."""
    not_now = load_replies().cannot_answer_now().text
    return Candidate(
        OURS, place.gateway_url, lambda replies: bool(replies) and all(one["text"] != not_now for one in replies)
    )


def our_rasa(place: Place, project: Path = ROOT) -> Process:
    """Our Rasa alone, by its line in Procfile; not started yet."""
    return _by_procfile("rasa", place, project, lambda: answers(place.rasa_url))


def our_gateway_process(place: Place, project: Path = ROOT, **more: str) -> Process:
    """A gateway of its own, with these settings; not started yet. Its databases are made by `migrate`."""
    return _by_procfile("gateway", place, project, lambda: answers(place.gateway_url), **more)


def our_actions(place: Place, project: Path = ROOT) -> Process:
    """The action server of both; not started yet."""
    return _by_procfile("actions", place, project, lambda: not _is_free(place.actions))


def stock_rasa(port: int, actions: int, folder: Path, *more: str) -> Process:
    """A stock Rasa on the model of today's data; not started yet.

    Raises:
        FileNotFoundError: it is not trained yet.
    """
    if not stock.times().exists():
        raise FileNotFoundError("The stock model is not trained: `python -m benchmarks.speed training` does it.")
    project = stock.make_project(f"http://127.0.0.1:{actions}/webhook")
    command = [str(stock.PYTHON), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port)]
    command += ["--model", str(stock.model()), *more]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return Process(
        command, folder / "stock.txt", {**clean, **QUIET}, is_ready=lambda: answers(_url(port)),
        folder=project,
    )  # fmt: skip


def echo(port: int, folder: Path) -> Process:
    """The bare Sanic route; not started yet."""
    command = [sys.executable, str(Path(__file__).parent / "echo.py"), str(port)]
    return Process(command, folder / "echo.txt", {**os.environ, **QUIET}, is_ready=lambda: answers(_url(port)))


@contextmanager
def side_by_side(folder: Path) -> Iterator[list[Candidate]]:
    """All three, running; ours and stock share one action server."""
    place, ports = new_place(folder / "ours"), (free_port(), free_port())
    stock, bare = stock_rasa(ports[0], place.actions, folder), echo(ports[1], folder)
    with running(place, place.var / "serve.log") as runner, started(stock, bare):
        pids = named(family(runner.pid))
        yield [
            replace(our_gateway(place), pids=pids),
            Candidate(STOCK, _url(ports[0]), pids={"Rasa": stock.pid, "actions": pids["actions"]}),
            Candidate(ECHO, _url(ports[1]), pids={"Sanic": bare.pid}),
        ]


@contextmanager
def started(*processes: Process) -> Iterator[Sequence[Process]]:
    """Inside, they run and answer; afterwards they are gone."""
    with ExitStack() as undo:
        for process in processes:
            undo.callback(process.kill)
            process.start()
        for process in processes:
            process.wait_until_ready()
        yield processes


def answers(url: str) -> bool:
    """Whether a message gets a reply in Rasa's form."""
    body = {"sender": "first", "message": FIRST_WORDS}
    try:
        said = httpx.post(f"{url}/webhooks/rest/webhook", json=body, timeout=30)
        return said.is_success and bool(said.json()) and bool(said.json()[0].get("text"))
    except (httpx.HTTPError, ValueError):
        return False


def _by_procfile(name: str, place: Place, project: Path, is_ready: Callable[[], bool], **more: str) -> Process:
    lines = dict(line.split(":", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines() if line)
    command = ["sh", "-c", lines[name].replace("bin/keep ", "").strip()]
    settings = {**environment(place), "HONCHO_PROCESS_NAME": f"{name}.1", **more}
    return Process(command, place.var / f"{name}.txt", settings, is_ready=is_ready, folder=project)


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0

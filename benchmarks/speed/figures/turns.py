"""A conversation of 10 to 10,000 turns: what the next message takes, ours and stock.

Ours is said turn by turn. Stock would take hours to get there: its earlier turns are put into its tracker store as they
are after ten real ones, again and again, and only the last few are said.
"""

import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from benchmarks.speed.load import Candidate, talk
from benchmarks.speed.messages import messages
from benchmarks.speed.plots import curves
from benchmarks.speed.servers import OURS, STOCK, new_place, our_gateway, started, stock_rasa
from benchmarks.speed.tables import table
from service.stack import running
from tests.conftest import free_port

TURNS = (10, 100, 1_000, 10_000)
SAMPLES, STOCK_SAMPLES = 20, {10: 10, 100: 10, 1_000: 4, 10_000: 2}
SEED, AT_ONCE = 10, 500  # turns that are really said; how many are put into stock's tracker with one request
TITLE = "A long conversation"


def measure() -> dict[str, Any]:
    """Median milliseconds of the messages about each number of turns, and of new conversations in turns with them."""
    with TemporaryDirectory() as folder:
        place, port = new_place(Path(folder) / "ours"), free_port()
        stock = Candidate(STOCK, f"http://127.0.0.1:{port}")
        with (
            running(place, place.var / "serve.log"),
            started(stock_rasa(port, place.actions, Path(folder), "--enable-api")),
        ):
            return {OURS: _ours(our_gateway(place)), STOCK: _stock(stock)}


def _ours(gateway: Candidate) -> dict[str, Any]:
    sender, texts, said, found = f"bench-{uuid.uuid4()}", messages(), 0, {}
    talk(gateway, f"bench-{uuid.uuid4()}", islice(texts, SEED))  # warm up
    for turns in TURNS:
        talk(gateway, sender, islice(texts, max(0, turns - SAMPLES // 2 - said)))
        samples = min(SAMPLES, turns)
        block = talk(gateway, sender, islice(texts, samples))
        said = max(said, turns - SAMPLES // 2) + samples
        found[str(turns)] = {"ms": block.p50, "unanswered": block.unanswered, "new, ms": _new(gateway, texts)}
    return found


def _stock(rasa: Candidate) -> dict[str, Any]:
    texts, seed, found = messages(), f"bench-{uuid.uuid4()}", {}
    talk(rasa, seed, islice(texts, SEED))
    with httpx.Client(base_url=rasa.url, timeout=300) as client:
        events = client.get(f"/conversations/{seed}/tracker").raise_for_status().json()["events"]
        for turns in TURNS:
            sender = f"bench-{uuid.uuid4()}"
            for begin in range(0, turns, AT_ONCE):
                some = events * (min(AT_ONCE, turns - begin) // SEED)
                client.post(f"/conversations/{sender}/tracker/events", json=some).raise_for_status()
            block = talk(rasa, sender, islice(texts, STOCK_SAMPLES[turns]))
            found[str(turns)] = {"ms": block.p50, "unanswered": block.unanswered, "new, ms": _new(rasa, texts)}
    return found


def _new(candidate: Candidate, texts: Iterator[str]) -> float:
    """The tenth turns of new conversations, said now, as what the machine does now is part of both."""
    return median(talk(candidate, f"bench-{uuid.uuid4()}", islice(texts, SEED)).milliseconds[-1] for _ in range(5))


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """Both as a table, each turn beside the tenth of a new conversation."""
    heads = ["turns", "ours, ms", "of a tenth turn", "stock, ms", "of a tenth turn", "ours of stock"]
    rows = []
    for turns, ours in figures[OURS].items():
        stock = figures[STOCK][turns]
        grown = [one["ms"] / one["new, ms"] for one in (ours, stock)]
        rows.append([f"{int(turns):,}", ours["ms"], grown[0], stock["ms"], grown[1], ours["ms"] / stock["ms"]])
    yield from table(heads, rows)
    yield (
        "Not answered: "
        + ", ".join(f"{name} {sum(one['unanswered'] for one in found.values())}" for name, found in figures.items())
        + "."
    )


def plot(figures: dict[str, Any], path: Path) -> None:
    """Both, on logarithmic scales."""
    series = {
        name: ([int(turns) for turns in found], [one["ms"] for one in found.values()])
        for name, found in figures.items()
    }
    curves(path, "The next message of a long conversation, median", "turns before it", "ms", series)

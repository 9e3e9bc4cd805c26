"""A log of 1,000 to 1,000,000 stored conversations: a new message at the gateway, and the console's inbox.

The sizes are asked in turns, each through a gateway of its own over one Rasa, on SQLite and on PostgreSQL.
"""

import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from benchmarks.console.browser import signed_in
from benchmarks.console.databases import KINDS, Database, databases
from benchmarks.console.fill import fill
from benchmarks.console.made_up import Talks
from benchmarks.speed.load import Candidate, in_turns
from benchmarks.speed.messages import messages
from benchmarks.speed.plots import curves
from benchmarks.speed.servers import new_place, our_actions, our_gateway, our_gateway_process, our_rasa, started
from benchmarks.speed.tables import table
from service.place import Place

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MESSAGES, ROUNDS, WARM_UP, OPENED = 25, 4, 20, 12
TITLE = "A long log"


class ShortTalks(Talks):
    """As many conversations as turns: each is one message and its reply."""

    def _lengths(self) -> Any:
        return np.ones(self.turns, dtype=int)


def measure() -> dict[str, Any]:
    """Milliseconds of both, by database and size."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user where this runs as root
        place = new_place(Path(folder) / "bot")
        with started(our_actions(place)), started(our_rasa(place)):
            for kind in KINDS:
                with databases(kind, list(SIZES), Path(folder)) as logs:
                    found[kind] = _measured(place, logs)
    return found


def _measured(place: Place, logs: Sequence[Database]) -> dict[str, Any]:
    filled = [_filled(log) for log in logs]
    replies = _replies(place, logs)
    return {
        str(log.turns): {"filled in s": seconds, "new message": reply, "inbox": _inbox(log)}
        for log, seconds, reply in zip(logs, filled, replies)
    }


def _filled(log: Database) -> float:
    begun = time.perf_counter()
    log.make()
    fill(log, ShortTalks(log.turns, np.datetime64("now", "us")))
    return round(time.perf_counter() - begun, 1)


def _replies(place: Place, logs: Sequence[Database]) -> list[dict[str, float]]:
    with ExitStack() as undo:
        gateways = [undo.enter_context(_gateway(place, log)) for log in logs]
        return in_turns(gateways, messages(), MESSAGES, ROUNDS, WARM_UP)


@contextmanager
def _gateway(place: Place, log: Database) -> Iterator[Candidate]:
    """One over this log, with an outbox of its own."""
    own = new_place(log.place.var)
    own = Place(own.gateway, place.rasa, place.actions, own.var, own.console, gateways=1, rasas=1)
    with started(our_gateway_process(own, DATABASE_URL=log.address)):
        yield our_gateway(own)


def _inbox(log: Database) -> dict[str, float]:
    with signed_in(log) as browser:
        took = []
        for _ in range(OPENED):
            begun = time.perf_counter()
            browser.read("/")
            took.append(1000 * (time.perf_counter() - begun))
    return {"p50": median(took), "worst": max(took)}


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """A table for each database."""
    for kind, found in figures.items():
        first = next(iter(found.values()))
        yield f"**{kind}**"
        yield ""
        heads = ["conversations", "new message: p50 ms", "p95 ms", "of the first", "inbox: p50 ms", "of the first"]
        rows = []
        for size, one in found.items():
            new, inbox = one["new message"], one["inbox"]
            grown = new["p50"] / first["new message"]["p50"], inbox["p50"] / first["inbox"]["p50"]
            rows.append([f"{int(size):,}", new["p50"], new["p95"], grown[0], inbox["p50"], grown[1]])
        yield from table(heads, rows)
    yield "A stored conversation is one message and its reply; `python -m benchmarks.console` opens every page over"
    yield "longer ones."


def plot(figures: dict[str, Any], path: Path) -> None:
    """New messages and the inbox, on both."""
    series = {}
    for kind, found in figures.items():
        for what in ("new message", "inbox"):
            series[f"{what}, {kind}"] = [int(size) for size in found], [one[what]["p50"] for one in found.values()]
    curves(path, "A long log, median", "stored conversations", "ms", series)

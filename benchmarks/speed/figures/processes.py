"""The memory of every process of the bot, after its start and after 1,000 messages; and how long it takes to start."""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.speed.load import play
from benchmarks.speed.memory import as_json, family, memory_of
from benchmarks.speed.messages import messages
from benchmarks.speed.processes import named
from benchmarks.speed.servers import new_place, our_gateway
from benchmarks.speed.tables import table
from service.place import BOT, STAFF
from service.stack import running

MESSAGES, VISITORS = 1_000, 4
TITLE = "The whole bot"


def measure() -> dict[str, Any]:
    """MB of each process, and the seconds until all of them answered."""
    with TemporaryDirectory() as folder:
        place = new_place(Path(folder) / "bot")
        begun = time.perf_counter()
        with running(place, place.var / "serve.log", (*BOT, *STAFF)) as runner:
            seconds = time.perf_counter() - begun
            before = _held(runner.pid)
            block = play(our_gateway(place), messages(), VISITORS, messages=MESSAGES)
            after = _held(runner.pid)
    return {"seconds": round(seconds, 1), "unanswered": block.unanswered, "before": before, "after": after}


def _held(runner: int) -> dict[str, dict[str, float]]:
    return {name: as_json(memory_of(pid, with_children=False)) for name, pid in named(family(runner)).items()}


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """Each process and their sum."""
    before, after = figures["before"], figures["after"]
    kinds = ("rss", "pss", "uss")
    heads = ["MB", *(f"{kind.upper()} after the start" for kind in kinds)]
    heads += [f"{kind.upper()} after {MESSAGES:,} messages" for kind in kinds]
    rows = [[name, *(held[name][kind] for held in (before, after) for kind in kinds)] for name in before]
    sums = [sum(one[kind] for one in held.values()) for held in (before, after) for kind in kinds]
    yield from table(heads, [*rows, ["all", *sums]])
    yield f"{figures['seconds']} s from nothing to the first canary through all of it, databases made anew."

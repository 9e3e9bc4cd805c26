"""Triage: how many messages a second one thread assesses, beside the bare sentence embedding."""

from collections.abc import Iterator
from statistics import mean, median
from typing import Any

from benchmarks.speed.load import Block
from benchmarks.speed.tables import table
from benchmarks.triage import EMBEDDING, TRIAGE, costs

TITLE = "Triage"


def measure() -> dict[str, Any]:
    """Milliseconds a message and messages a second, of each part."""
    found = {name: Block(milliseconds) for name, milliseconds in costs().items()}
    return {
        name: {
            "p50": median(block.milliseconds),
            "p95": block.p95,
            "mean": mean(block.milliseconds),
            "messages": len(block.milliseconds),
        }
        for name, block in found.items()
    }


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """All as a table."""
    heads = ["", "p50 ms", "p95 ms", "messages a second"]
    yield from table(heads, ([name, one["p50"], one["p95"], 1000 / one["mean"]] for name, one in figures.items()))
    ratio = figures[TRIAGE]["mean"] / figures[EMBEDDING]["mean"]
    many = f"{figures[TRIAGE]['messages']:,}"
    yield f"{many} messages, none twice, one thread. Triage costs {ratio:.2f} times the bare embedding."

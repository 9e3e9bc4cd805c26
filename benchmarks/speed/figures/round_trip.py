"""A message's way there and back with 1 to 64 visitors at once: ours, stock and the echo in short blocks, in turns."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.speed.floors import Floor
from benchmarks.speed.load import Block, Candidate, play, together
from benchmarks.speed.messages import messages
from benchmarks.speed.plots import curves
from benchmarks.speed.processor import Used, watched
from benchmarks.speed.servers import ECHO, OURS, STOCK, side_by_side
from benchmarks.speed.tables import table

SECONDS = {1: 4.0, 4: 4.0, 16: 4.0, 64: 8.0}  # of a block, by the visitors who write at once
ECHO_SECONDS, ROUNDS, WARM_UP = 1.0, 4, 40
TITLE = "Round trip of a message"
PROCESSOR = "processor ms a message"
LIMIT, AIM = 0.6, 0.4


def measure() -> dict[str, Any]:
    """Milliseconds and messages a second of all three, by the number of visitors."""
    texts = messages()
    with TemporaryDirectory() as folder, side_by_side(Path(folder)) as candidates:
        for candidate in candidates:
            play(candidate, texts, messages=WARM_UP)
        return {str(visitors): _with(visitors, candidates, texts) for visitors in SECONDS}


def _with(visitors: int, candidates: Sequence[Candidate], texts: Iterator[str]) -> dict[str, Any]:
    blocks: dict[str, list[Block]] = {candidate.name: [] for candidate in candidates}
    used: dict[str, list[Used]] = {candidate.name: [] for candidate in candidates}
    for number in range(ROUNDS):
        for candidate in candidates if number % 2 else candidates[::-1]:
            seconds = ECHO_SECONDS if candidate.name == ECHO else SECONDS[visitors]
            with watched(candidate.pids) as use:
                blocks[candidate.name].append(play(candidate, texts, visitors, seconds))
            used[candidate.name].append(use)
    ratios = [ours.p50 / stock.p50 for ours, stock in zip(blocks[OURS], blocks[STOCK])]
    return {"ratios of p50": ratios, **{name: _figures(together(blocks[name]), used[name]) for name in blocks}}


def _figures(block: Block, used: Sequence[Used]) -> dict[str, Any]:
    said = len(block.milliseconds)
    return {
        "p50": block.p50,
        "p95": block.p95,
        "messages a second": block.a_second,
        "messages": said,
        "unanswered": block.unanswered,
        PROCESSOR: {name: 1000 * sum(use.seconds[name] for use in used) / said for name in used[0].seconds},
    }


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """Ratios first, then milliseconds, then messages a second."""
    heads = ["visitors at once", "p50, ours of stock", "least and most of the blocks", "p95, ours of stock"]
    yield from table(heads, (_ratios(visitors, found) for visitors, found in figures.items()))
    names = (OURS, STOCK, ECHO)
    heads = ["visitors at once", *(f"{name}: p50 / p95 ms" for name in names), *(f"{name}: a second" for name in names)]
    yield from table(heads, (_row(visitors, found) for visitors, found in figures.items()))
    heads = [PROCESSOR, *(f"{visitors} at once" for visitors in figures)]
    parts = {(name, part) for found in figures.values() for name in names for part in found[name][PROCESSOR]}
    yield from table(heads, ([f"{name}: {part}", *_costs(figures, name, part)] for name, part in sorted(parts)))
    left = ", ".join(_left(figures, name) for name in names)
    yield f'Not answered, or with "cannot answer just now": {left}.'
    yield "Ours is asked at the gateway, which assesses, redacts and logs; stock at Rasa's own REST channel, with the"
    yield "tracker store of `rasa init`, which is lost when it ends. A conversation is ten messages."


def _costs(figures: dict[str, Any], name: str, part: str) -> list[float]:
    return [found[name][PROCESSOR][part] for found in figures.values()]


def _left(figures: dict[str, Any], name: str) -> str:
    left, all = (sum(found[name][what] for found in figures.values()) for what in ("unanswered", "messages"))
    return f"{name} {left} of {all:,}"


def _ratios(visitors: str, found: dict[str, Any]) -> list[Any]:
    ratios = found["ratios of p50"]
    return [
        visitors,
        median(ratios),
        f"{min(ratios):.2f} to {max(ratios):.2f}",
        found[OURS]["p95"] / found[STOCK]["p95"],
    ]


def _row(visitors: str, found: dict[str, Any]) -> list[Any]:
    names = (OURS, STOCK, ECHO)
    times = [f"{found[name]['p50']:.1f} / {found[name]['p95']:.1f}" for name in names]
    return [visitors, *times, *(found[name]["messages a second"] for name in names)]


def floors(figures: dict[str, Any]) -> Iterator[Floor]:
    """At most 0.6 of stock, however many write at once."""
    for visitors, found in figures.items():
        claim = f"round trip p50 with {visitors} at once, of stock (aim {AIM})"
        yield Floor(claim, median(found["ratios of p50"]), LIMIT)


def plot(figures: dict[str, Any], path: Path) -> None:
    """The medians of all three."""
    visitors = [int(number) for number in figures]
    series = {name: (visitors, [found[name]["p50"] for found in figures.values()]) for name in (OURS, STOCK, ECHO)}
    curves(path, "Round trip of a message, median", "visitors at once", "ms", series)

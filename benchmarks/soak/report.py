"""reports/soak.md and its plots."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from baclofen_faq.vetted_files import ROOT
from benchmarks.soak.faults import Fault
from benchmarks.soak.traffic import Turn
from benchmarks.soak.verdict import Lost, by_minute, figures
from benchmarks.soak.watch import Growth
from benchmarks.speed.floors import Floor
from benchmarks.speed.plots import Points, curves
from benchmarks.speed.results import machine, now
from benchmarks.speed.tables import table

REPORT, FOLDER = ROOT / "reports" / "soak.md", ROOT / "reports" / "soak"
AROUND = 30  # seconds after a fault that are shown
HEADS = ["", "messages", "p50 s", "p99 s", "emergencies", "their p99 s", "cannot answer just now"]


@dataclass(frozen=True)
class Soak:
    """All that came of one."""

    asked: str
    turns: Sequence[Turn]
    faults: Sequence[Fault]
    missed: Lost
    grown: Sequence[Growth]
    floors: Sequence[Floor]
    memory: Mapping[str, Points]
    not_now: str


def write(soak: Soak) -> str:
    """Write the report, its plots and its figures; return the report's text."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = "\n".join(_lines(soak)) + "\n"
    REPORT.write_text(text, encoding="utf-8")
    (FOLDER / "soak.json").write_text(json.dumps(_as_json(soak), indent=1) + "\n", encoding="utf-8")
    minutes = by_minute(soak.turns)
    told = [figures(turns, soak.not_now) for turns in minutes.values()]
    series = {
        what: ([float(minute) for minute in minutes], [one[key] for one in told])
        for what, key in (("median of all", "p50"), ("p99 of all", "p99"), ("p99 of emergencies", "emergencies p99"))
    }
    curves(FOLDER / "seconds.svg", "Replies by the minute", "minute", "s", series, is_log=False)
    curves(FOLDER / "memory.svg", "Memory (RSS)", "minute", "MB", soak.memory, is_log=False, marks=False)
    return text


def _lines(soak: Soak) -> Iterator[str]:
    size = machine()
    yield "# Soak"
    yield ""
    yield f"{soak.asked} {now()} UTC, {size['cores']} cores of {size['processor']}."
    yield ""
    yield "| what | measured | floor | |"
    yield "|---|---:|---|---|"
    yield from (floor.row for floor in soak.floors)
    yield ""
    yield "## Faults"
    yield ""
    yield from table(HEADS, (_around(fault, soak) for fault in soak.faults))
    yield f"Messages of the {AROUND} seconds after it. Who cannot be answered just now is told so, with the phone."
    yield ""
    yield "## By the minute"
    yield ""
    minutes = by_minute(soak.turns).items()
    yield from table(HEADS, ([str(minute), *figures(turns, soak.not_now).values()] for minute, turns in minutes))
    yield "![Seconds](soak/seconds.svg)"
    yield ""
    yield "## Memory"
    yield ""
    heads = ["process", "from, min", "to, min", "MB after warm-up", "MB at the end", "growth"]
    yield from table(heads, (_grown(one) for one in soak.grown))
    yield "RSS of each process against itself; one that lived too briefly after its own warm-up is not judged."
    yield ""
    yield "![Memory](soak/memory.svg)"


def _around(fault: Fault, soak: Soak) -> list[Any]:
    after = [turn for turn in soak.turns if fault.at <= turn.at < fault.at + AROUND]
    return [f"{fault.at / 60:.1f} min: {fault.name}", *figures(after, soak.not_now).values()]


def _grown(one: Growth) -> list[Any]:
    share = "not judged" if one.share is None else f"{100 * one.share:+.1f} %"
    return [one.name, *(at / 60 for at in one.lived), one.first, one.last, share]


def _as_json(soak: Soak) -> dict[str, Any]:
    return {
        "asked": soak.asked,
        "date": now(),
        "machine": machine(),
        "floors": [{**asdict(floor), "is_reached": floor.is_reached} for floor in soak.floors],
        "lost": asdict(soak.missed),
        "minutes": {minute: figures(turns, soak.not_now) for minute, turns in by_minute(soak.turns).items()},
        "memory": [asdict(one) for one in soak.grown],
    }

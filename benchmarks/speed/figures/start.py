"""From the start of the Rasa process to its first reply, and its memory then and after 1,000 messages, in turns."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.speed.floors import Floor
from benchmarks.speed.load import Candidate, play
from benchmarks.speed.memory import as_json, memory_of
from benchmarks.speed.messages import messages
from benchmarks.speed.plots import bars
from benchmarks.speed.servers import OURS, STOCK, new_place, our_actions, our_rasa, started, stock_rasa
from benchmarks.speed.tables import table
from service.place import Place
from tests.conftest import free_port
from tests.faults.processes import Process

ROUNDS, MESSAGES, VISITORS = 5, 1_000, 4
TITLE = "Start and memory of the Rasa process"
LIMIT = 0.8


def measure() -> dict[str, Any]:
    """Seconds and MB of both; the one that begins changes from round to round."""
    seconds: dict[str, list[float]] = {OURS: [], STOCK: []}
    memory: dict[str, dict[str, dict[str, float]]] = {}
    with TemporaryDirectory() as folder:
        place, port = new_place(Path(folder) / "ours"), free_port()
        with started(our_actions(place)):
            for number in range(ROUNDS):
                for name in (OURS, STOCK) if number % 2 else (STOCK, OURS):
                    process, url = _process(name, place, port, Path(folder))
                    took, held = _round(process, Candidate(name, url), is_last=number == ROUNDS - 1)
                    seconds[name].append(took)
                    memory[name] = held
    return {"seconds to the first reply": seconds, "memory in MB": memory, "messages": MESSAGES}


def _process(name: str, place: Place, port: int, folder: Path) -> tuple[Process, str]:
    if name == OURS:
        return our_rasa(place), place.rasa_url
    return stock_rasa(port, place.actions, folder), f"http://127.0.0.1:{port}"


def _round(process: Process, candidate: Candidate, is_last: bool) -> tuple[float, dict[str, dict[str, float]]]:
    begun = time.perf_counter()
    with started(process):
        took = time.perf_counter() - begun
        held = {"after the first reply": as_json(memory_of(process.pid))}
        if is_last:
            play(candidate, messages(), VISITORS, messages=MESSAGES)
            held[f"after {MESSAGES:,} messages"] = as_json(memory_of(process.pid))
    return round(took, 2), held


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """Both as tables."""
    seconds, memory = figures["seconds to the first reply"], figures["memory in MB"]
    yield f"Medians of {len(seconds[OURS])} starts, in turns; the action server runs, files are in the disk cache."
    yield ""
    took = {name: median(all) for name, all in seconds.items()}
    rows: list[Any] = [["seconds to the first right reply", took[OURS], took[STOCK], took[OURS] / took[STOCK]]]
    for when in memory[OURS]:
        for kind in ("rss", "pss", "uss"):
            pair = memory[OURS][when][kind], memory[STOCK][when][kind]
            rows.append([f"{kind.upper()} {when}, MB", *pair, pair[0] / pair[1]])
    yield from table(["", OURS, STOCK, "ratio"], rows)
    yield "RSS counts shared pages in full, PSS by their share, USS not at all."


def floors(figures: dict[str, Any]) -> Iterator[Floor]:
    """Both are at most 0.8 of stock."""
    seconds = {name: median(all) for name, all in figures["seconds to the first reply"].items()}
    yield Floor("cold start to the first reply, of stock", seconds[OURS] / seconds[STOCK], LIMIT)
    for when in figures["memory in MB"][OURS]:
        ours, stock = (figures["memory in MB"][name][when]["pss"] for name in (OURS, STOCK))
        yield Floor(f"memory of the Rasa process {when} (PSS), of stock", ours / stock, LIMIT)


def plot(figures: dict[str, Any], path: Path) -> None:
    """The memory of both."""
    memory = figures["memory in MB"]
    series = {name: [held["pss"] for held in memory[name].values()] for name in (OURS, STOCK)}
    bars(path, "Memory of the Rasa process (PSS)", "MB", list(memory[OURS]), series)

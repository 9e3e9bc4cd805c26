"""Messages a second with one and with two Rasa processes behind a gateway, in turns.

Once as the machine has it, and once with each Rasa held to a share of a core, as a pod with a CPU limit is: where
gateway, actions, database and this load use up the cores, a second Rasa cannot show what it carries.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.speed.floors import Floor
from benchmarks.speed.limits import NoLimitsError, each_held_to
from benchmarks.speed.load import Candidate, play
from benchmarks.speed.memory import family
from benchmarks.speed.messages import messages
from benchmarks.speed.plots import bars
from benchmarks.speed.processes import named
from benchmarks.speed.processor import Used, watched
from benchmarks.speed.servers import new_place, our_gateway, our_gateway_process, started
from benchmarks.speed.tables import table
from service.place import Place
from service.stack import migrate, running

VISITORS, SECONDS, ROUNDS, WARM_UP = 16, 8.0, 4, 100
SHARE = 0.25  # of a core, for each Rasa
FREE, HELD = "as the machine has it", f"each Rasa held to {SHARE} of a core"
TITLE = "One and two Rasa processes"
LIMIT = 1.6


def measure() -> dict[str, Any]:
    """Messages a second of both, free and held, and what a message costs each process."""
    with TemporaryDirectory() as folder, _both(Path(folder)) as (gateways, pids):
        texts = messages()
        for gateway in gateways.values():
            play(gateway, texts, VISITORS, messages=WARM_UP)
        found: dict[str, Any] = {"cores": os.cpu_count(), FREE: _in_turns(gateways, texts, pids)}
        rasas = [pid for name, pid in pids.items() if name.startswith("Rasa")]
        try:
            with each_held_to(SHARE, rasas):
                found[HELD] = _in_turns(gateways, texts, pids)
        except NoLimitsError as error:
            found["not held"] = str(error)
        return found


@contextmanager
def _both(folder: Path) -> Iterator[tuple[dict[int, Candidate], dict[str, int]]]:
    """Two Rasas; a gateway that knows both, and one that knows the first of them; the processes by name."""
    place = new_place(folder / "two", rasas=2)
    one = new_place(folder / "one")
    one = Place(one.gateway, place.rasa, place.actions, one.var, one.console, gateways=1, rasas=1)
    with running(place, place.var / "serve.log") as runner:
        migrate(one)
        with started(our_gateway_process(one)) as (process,):
            pids = {"gateway of one": process.pid, "this load": os.getpid(), **named(family(runner.pid))}
            yield {1: our_gateway(one), 2: our_gateway(place)}, pids


def _in_turns(gateways: Mapping[int, Candidate], texts: Iterator[str], pids: Mapping[str, int]) -> dict[str, Any]:
    rates: dict[int, list[float]] = {1: [], 2: []}
    used: dict[int, list[Used]] = {1: [], 2: []}
    said, unanswered = {1: 0, 2: 0}, 0
    for number in range(ROUNDS):
        for rasas in (1, 2) if number % 2 else (2, 1):
            with watched(pids) as use:
                block = play(gateways[rasas], texts, VISITORS, SECONDS)
            rates[rasas].append(block.a_second)
            used[rasas].append(use)
            said[rasas] += len(block.milliseconds)
            unanswered += block.unanswered
    return {
        "ratios": [two / one for one, two in zip(rates[1], rates[2])],
        "unanswered": unanswered,
        **{f"{rasas} Rasa": _figures(rates[rasas], used[rasas], said[rasas]) for rasas in (1, 2)},
    }


def _figures(rates: list[float], used: list[Used], said: int) -> dict[str, Any]:
    names = used[0].seconds
    return {
        "messages a second": median(rates),
        "busy cores": sum(use.busy_cores for use in used) / len(used),
        "processor ms a message": {name: 1000 * sum(use.seconds[name] for use in used) / said for name in names},
    }


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """Both ways as a table, and what a message costs each process."""
    ways = [way for way in (FREE, HELD) if way in figures]
    heads = ["", "messages a second: 1 Rasa", "2 Rasas", "ratio", "least and most", "busy cores: 1 Rasa", "2 Rasas"]
    yield from table(heads, (_row(way, figures[way]) for way in ways))
    if "not held" in figures:
        yield f"With limits: {figures['not held']}"
    costs = figures[FREE]["2 Rasa"]["processor ms a message"]
    yield f"Of {figures['cores']} cores. A message with two Rasas costs, in ms of processor: {_listed(costs)}."
    yield f"Not answered in time: {sum(figures[way]['unanswered'] for way in ways)}."


def _row(way: str, found: dict[str, Any]) -> list[Any]:
    one, two, ratios = found["1 Rasa"], found["2 Rasa"], found["ratios"]
    rates = [one["messages a second"], two["messages a second"], median(ratios)]
    return [way, *rates, f"{min(ratios):.2f} to {max(ratios):.2f}", one["busy cores"], two["busy cores"]]


def _listed(costs: dict[str, float]) -> str:
    return ", ".join(f"{name} {cost:.1f}" for name, cost in costs.items() if cost >= 0.05)


def floors(figures: dict[str, Any]) -> Iterator[Floor]:
    """Two carry at least 1.6 times one, where the processor is no common limit."""
    value = median(figures[HELD]["ratios"]) if HELD in figures else None
    yield Floor(f"messages a second with 2 Rasas, of 1 ({HELD})", value, LIMIT, is_most=False)


def plot(figures: dict[str, Any], path: Path) -> None:
    """Both ways as bars."""
    ways = [way for way in (FREE, HELD) if way in figures]
    series = {name: [figures[way][name]["messages a second"] for way in ways] for name in ("1 Rasa", "2 Rasa")}
    bars(path, "Messages a second", "messages a second", ways, series)

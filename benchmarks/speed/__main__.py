"""Take the figures of the speed report, all or some, and write reports/bench.md from what is kept.

Exit code 1: a floor is missed or a figure failed. The first time a stock Rasa is trained, which takes most of an hour.
"""

import argparse
import subprocess
import sys
import time

import httpx

from benchmarks.speed.figures import (
    answers,
    parse,
    processes,
    rasas,
    round_trip,
    start,
    stored,
    training,
    triage,
    turns,
)
from benchmarks.speed.report import render
from benchmarks.speed.results import keep, now
from service.training import prepare

FIGURES = {
    "training": training,
    "start": start,
    "processes": processes,
    "parse": parse,
    "round_trip": round_trip,
    "rasas": rasas,
    "triage": triage,
    "turns": turns,
    "stored": stored,
    "answers": answers,
}


def main() -> int:
    """Measure, report, and say whether a floor is missed."""
    asked = _asked()
    prepare(print)
    run = now()
    taken = [_take(name, run) for name in ([] if asked.only_report else asked.figures or FIGURES)]
    missed = [floor for floor in render(FIGURES) if not floor.is_reached]
    print("\n".join(["Not reached:", *(floor.row for floor in missed)]) if missed else "All floors are reached.")
    return int(bool(missed) or not all(taken))


def _take(name: str, run: str) -> bool:
    """Measure one figure and keep it; one that fails keeps nobody from the others, and its earlier result stays."""
    begun = time.perf_counter()
    print(f"{name} ...", flush=True)
    try:
        keep(name, run, FIGURES[name].measure())
    except (AssertionError, OSError, RuntimeError, httpx.HTTPError, subprocess.SubprocessError) as error:
        print(f"{name} failed after {time.perf_counter() - begun:.0f} s: {error}", flush=True)
        return False
    print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
    return True


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("figures", nargs="*", choices=[*FIGURES, []], help="all where none is named")
    parser.add_argument(
        "--only-report", action="store_true", help="measure nothing, write the report from what is kept"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

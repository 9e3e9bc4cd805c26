"""Fill logs of 10,000 to 1,000,000 turns, visit the console over each, print and write what that took.

`python -m benchmarks.console --keep FOLDER` leaves the databases for the next run. Exit code 1: a floor is missed.
"""

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from baclofen_faq.vetted_files import ROOT
from benchmarks.console.browser import Took, Visit, signed_in
from benchmarks.console.databases import KINDS, Database, databases
from benchmarks.console.fill import fill
from benchmarks.console.made_up import Talks
from benchmarks.console.report import FLOORS, is_missed, table
from benchmarks.console.visits import visits

REPORT = ROOT / "reports" / "console.md"
SIZES = (10_000, 100_000, 1_000_000)


def main() -> int:
    """Measure all, report, and say whether a floor is missed."""
    asked = _asked()
    results: dict[tuple[str, int], dict[str, Took]] = {}
    seen: list[Visit] = []
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL runs as another user where this runs as root
        for kind in asked.databases:
            with databases(kind, asked.turns, asked.keep or Path(folder)) as found:
                for database in found:
                    seen, results[kind, database.turns] = _measure(database, asked)
    _report([line for kind in asked.databases for line in [*table(kind, results, seen), ""]])
    return int(any(is_missed(kind, visit, took[visit.name]) for (kind, _), took in results.items() for visit in seen))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--turns", type=int, nargs="+", default=SIZES, help="sizes of the log")
    parser.add_argument("--databases", nargs="+", default=KINDS, choices=KINDS)
    parser.add_argument("--requests", type=int, default=40, help="of each page")
    parser.add_argument("--keep", type=Path, help="a folder for the databases, which the next run takes as they are")
    parser.add_argument("--only", default="", help="pages whose name begins so")
    return parser.parse_args()


def _measure(database: Database, asked: argparse.Namespace) -> tuple[list[Visit], dict[str, Took]]:
    """Fill it where it is empty, and visit every page."""
    talks = _filled(database)
    with signed_in(database) as browser:
        chosen = [visit for visit in visits(browser, talks) if visit.name.startswith(asked.only)]
        took = {}
        for visit in chosen:
            one = took[visit.name] = browser.take(visit, asked.requests, FLOORS[database.kind])
            where = f"{database.kind} {database.turns:9,}"
            print(
                f"{where}  {visit.name:45} median {one.p50:6.0f} ms   p95 {one.p95:6.0f}   best {one.best:6.0f}",
                flush=True,
            )
    return chosen, took


def _filled(database: Database) -> Talks:
    database.make()
    talks = Talks(database.turns, np.datetime64(database.filled_at or "now", "us"))
    if not database.filled_at:
        begun = time.perf_counter()
        fill(database, talks)
        database.remember(str(talks.now))
        print(
            f"{database.kind}: filled with {database.turns:,} turns in {time.perf_counter() - begun:.0f} s", flush=True
        )
    return talks


def _report(lines: list[str]) -> None:
    machine = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}; milliseconds, one request at a time; "
        "what is above its floor is measured again, up to three times, and the best counts"
    )
    text = "\n".join(["# The console's pages over a long log", "", machine, "", *lines])
    print(text)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    print(f"written to {REPORT.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())

"""Let people write to the bot on PostgreSQL for half an hour, while parts of it are killed; writes reports/soak.md.

`python -m benchmarks.soak --minutes 8 --kill-every 90` is a short one. Exit code 1: a floor is missed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from baclofen_faq.answers import load_replies
from benchmarks.soak.faults import Fault, schedule
from benchmarks.soak.report import Soak, write
from benchmarks.soak.traffic import Traffic
from benchmarks.soak.verdict import floors, lost
from benchmarks.soak.watch import Watch, as_series, growth
from benchmarks.soak.words import cases
from benchmarks.speed.servers import new_place
from service.place import BOT, STAFF
from service.stack import running
from service.training import prepare
from tests.faults.postgres import Postgres, newest_programs

DATABASES = {"DATABASE_URL": "conversations", "RASA_DATABASE_URL": "rasa"}
LOOK_SECONDS, WARM_UP_SHARE, MOST_WARM_UP_SECONDS = 5.0, 1 / 6, 300.0


def main() -> int:
    """Run it, report, and say whether a floor is missed."""
    asked = _asked()
    prepare(print)
    for level in ("advisory", "emergency"):
        cases(level)  # looked at now: it takes seconds
    with tempfile.TemporaryDirectory() as folder, _postgresql(Path(folder)) as server:
        addresses = {name: server.make_database(kind) for name, kind in DATABASES.items()}
        os.environ.update(addresses)
        place = new_place(Path(folder) / "bot", rasas=asked.rasas, gateways=asked.gateways)
        with running(place, place.var / "serve.log", (*BOT, *STAFF)) as runner:
            soak = _soak(asked, place.gateway_urls, runner.pid, server, addresses["DATABASE_URL"])
    print(write(soak))
    return int(not all(floor.is_reached for floor in soak.floors))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=6, help="messages a second")
    parser.add_argument("--kill-every", type=float, default=300, help="seconds between two kills of a Rasa")
    parser.add_argument("--gateways", type=int, default=2)
    parser.add_argument("--rasas", type=int, default=2)
    return parser.parse_args()


@contextmanager
def _postgresql(folder: Path) -> Iterator[Postgres]:
    """A server of its own with its usual settings."""
    programs = newest_programs()
    assert programs, "PostgreSQL is missing: apt-get install postgresql"
    folder.chmod(0o711)  # PostgreSQL runs as another user where this runs as root
    (folder / "postgresql").mkdir()
    server = Postgres(programs, folder / "postgresql", settings=())
    server.start()
    try:
        yield server
    finally:
        server.end()


def _soak(asked: argparse.Namespace, urls: list[str], runner: int, server: Postgres, log: str) -> Soak:
    seconds = 60 * asked.minutes
    faults = schedule(runner, server, seconds, asked.kill_every)
    watch, traffic = Watch(runner), Traffic(urls, asked.rate, seconds)
    traffic.start()
    _meanwhile(traffic, watch, list(faults))
    missed = lost(traffic.turns, log)
    grown = growth(watch, min(MOST_WARM_UP_SECONDS, WARM_UP_SHARE * seconds))
    return Soak(
        f"{asked.minutes:g} minutes at {asked.rate:g} messages a second on PostgreSQL, {asked.gateways} gateways, "
        f"{asked.rasas} Rasas; PostgreSQL restarted once, a Rasa killed every {asked.kill_every:g} s.",
        traffic.turns, faults, missed, grown, list(floors(traffic.turns, missed, grown)), as_series(watch),
        load_replies().cannot_answer_now().text,
    )  # fmt: skip


def _meanwhile(traffic: Traffic, watch: Watch, faults: list[Fault]) -> None:
    """Look at the memory and cause the faults, until the last message is answered."""
    looked = -LOOK_SECONDS
    while traffic.is_alive():
        if faults and traffic.now >= faults[0].at:
            fault = faults.pop(0)
            print(f"{traffic.now:6.0f} s: {fault.name}", flush=True)
            fault.do()
        if traffic.now - looked >= LOOK_SECONDS:
            looked = traffic.now
            watch.look(looked)
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())

"""Post 1,000 mixed updates a channel at 10 a second to the real bot, with simulators of the platforms around it.

Exit code 1: something was lost, said twice, taken from a forger, or an emergency did not come first.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.channels.outcome import FLOORS, Outcome
from benchmarks.channels.play import play
from service.place import Place
from service.stack import running
from service.training import prepare
from tests.gateway.channels.platforms.everyone import CHANNELS, gateway_running

TIMED = ("webhook", "emergencies", "questions")


def main() -> int:
    """Play, print, and say whether a floor is missed."""
    asked = _asked()
    prepare(print)
    outcomes = []
    with TemporaryDirectory() as folder:
        place = Place.elsewhere(Path(folder) / "bot")
        beside = Path(folder) / "channels"
        for made in (place.var, beside):
            made.mkdir()
        with running(place, output=place.var / "serve.log"), gateway_running(place, beside) as gateway:
            for channel in asked.channels:
                outcomes.append(play(gateway.platforms[channel], gateway, asked.updates, asked.rate))
                _print(outcomes[-1])
    missed = [floor for outcome in outcomes for floor in outcome.missed]
    print("\n".join(["", *missed]) if missed else "\nNo floor is missed.")
    return int(bool(missed))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.channels", description=__doc__)
    parser.add_argument("--channels", type=lambda listed: listed.split(","), default=CHANNELS, help=",".join(CHANNELS))
    parser.add_argument("--updates", type=int, default=1000, help="for each channel")
    parser.add_argument("--rate", type=float, default=10, help="a second")
    return parser.parse_args()


def _print(outcome: Outcome) -> None:
    counts = ", ".join(f"{name.replace('_', ' ')} {getattr(outcome, name)}" for name in (*FLOORS, "cannot_answer"))
    print(f"{outcome.channel}: {outcome.updates} updates; {counts}")
    for what in TIMED:
        print(f"    {what:12} p50 / p95 / p99: {outcome.percentiles(what)} ms", flush=True)


if __name__ == "__main__":
    sys.exit(main())

"""What is done to the bot while people write: PostgreSQL is restarted once, and again and again a Rasa is killed."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.speed.memory import family
from benchmarks.speed.processes import named
from tests.faults.postgres import Postgres

DOWN_SECONDS = 3  # PostgreSQL is away for so long, and the time it takes to start


@dataclass(frozen=True)
class Fault:
    """What is done, and when: seconds since the soak began."""

    at: float
    name: str
    do: Callable[[], None]


def schedule(runner: int, server: Postgres, seconds: float, every: float) -> list[Fault]:
    """A Rasa each time `every` has passed, each in its turn; PostgreSQL once, between two of them, past the middle.

    Args:
        runner: the process that keeps the bot's processes.
        server: the one that log and trackers are in.
        seconds: how long the soak lasts.
        every: seconds between two kills.
    """
    kills = [Fault(at, f"Rasa {1 + number % 2} killed", _kill(runner, number)) for number, at in _times(seconds, every)]
    restart = Fault(seconds // 2 // every * every + every / 2, "PostgreSQL restarted", lambda: _restart(server))
    return sorted([*kills, restart], key=lambda fault: fault.at)


def _times(seconds: float, every: float) -> Iterator[tuple[int, float]]:
    """The last one leaves time to come back."""
    return enumerate(every * number for number in range(1, 1 + int((seconds - every / 2) // every)))


def rasas(runner: int) -> list[int]:
    """The ids of the Rasa processes, in the order of their ports."""
    found = family(runner)
    return sorted((pid for name, pid in named(found).items() if name.startswith("Rasa")), key=lambda pid: found[pid])


def _kill(runner: int, number: int) -> Callable[[], None]:
    def kill() -> None:
        pids = rasas(runner)
        assert pids, "no Rasa runs"
        os.kill(pids[number % len(pids)], signal.SIGKILL)

    return kill


def _restart(server: Postgres) -> None:
    server.stop()
    time.sleep(DOWN_SECONDS)
    server.start()

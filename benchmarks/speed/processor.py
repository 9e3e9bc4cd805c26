"""How much of the processor is used, by each process and by the machine, as Linux counts it."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
IDLE = (3, 4)  # of the numbers in /proc/stat: idle, and waiting for a disk


@dataclass
class Used:
    """Seconds of processor that each process used, and how many cores of the machine were busy on average."""

    seconds: dict[str, float] = field(default_factory=dict)
    busy_cores: float = 0.0


@contextmanager
def watched(pids: Mapping[str, int]) -> Iterator[Used]:
    """What is used inside; filled in at the end."""
    used, begun, idle = Used(), time.perf_counter(), _idle()
    before = {name: _seconds(pid) for name, pid in pids.items()}
    yield used
    used.seconds = {name: _seconds(pid) - before[name] for name, pid in pids.items()}
    used.busy_cores = (os.cpu_count() or 1) - (_idle() - idle) / (time.perf_counter() - begun)


def _seconds(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / TICKS


def _idle() -> float:
    numbers = Path("/proc/stat").read_text().splitlines()[0].split()[1:]
    return sum(int(numbers[place]) for place in IDLE) / TICKS

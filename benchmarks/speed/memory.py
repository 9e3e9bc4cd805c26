"""What memory processes hold, as Linux counts it."""

import re
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.faults.processes import children

SUMS = {"rss": ("Rss",), "pss": ("Pss",), "uss": ("Private_Clean", "Private_Dirty", "Private_Hugetlb")}


@dataclass(frozen=True)
class Memory:
    """In MB. `rss` counts what is shared in full, `pss` by its share, `uss` not at all."""

    rss: float
    pss: float
    uss: float


def memory_of(pid: int, with_children: bool = True) -> Memory:
    """Of a process, usually with all that it started.

    Raises:
        OSError: it has ended, or this is no Linux.
    """
    parts = [_own(pid), *(memory_of(child) for child in (children(pid) if with_children else ()))]
    return Memory(**{name: round(sum(getattr(part, name) for part in parts), 1) for name in SUMS})


def as_json(memory: Memory) -> dict[str, float]:
    """By name."""
    return asdict(memory)


def family(pid: int) -> dict[int, str]:
    """The ids of all processes below one, with their command lines; those that only keep others are left out."""
    found: dict[int, str] = {}
    for child in children(pid):
        words = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        if not re.search(r"bin/keep|honcho", words):
            found[child] = words
        found.update(family(child))
    return found


def _own(pid: int) -> Memory:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    kilobytes = {name.rstrip(":"): int(size) for name, size, _ in (line.split() for line in lines[1:])}
    return Memory(**{name: sum(kilobytes.get(key, 0) for key in keys) / 1024 for name, keys in SUMS.items()})

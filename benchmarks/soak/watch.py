"""The memory of each process over time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.speed.memory import family, memory_of
from benchmarks.speed.processes import named

Samples = list[tuple[float, float]]  # seconds since the soak began, MB


@dataclass
class Watch:
    """Samples of every process that was there, by its id; a process that is started again is another one."""

    runner: int
    names: dict[int, str] = field(default_factory=dict)
    samples: dict[int, Samples] = field(default_factory=lambda: defaultdict(list))

    def look(self, now: float) -> None:
        """Take one sample of each; one that ends meanwhile has none."""
        for name, pid in named(family(self.runner)).items():
            try:
                held = memory_of(pid, with_children=False).rss
            except OSError:
                continue
            self.names.setdefault(pid, f"{name.split()[0]} {pid}")
            self.samples[pid].append((now, held))


@dataclass(frozen=True)
class Growth:
    """MB of one process after its warm-up and at its end; `share` is its growth, None where it lived too briefly."""

    name: str
    lived: tuple[float, float]
    first: float
    last: float
    share: float | None


def growth(watch: Watch, warm_up: float) -> list[Growth]:
    """Of each process, against itself: from its own warm-up on, medians of a fifth of what is left at both ends."""
    return [_growth(watch.names[pid], samples, warm_up) for pid, samples in watch.samples.items()]


def _growth(name: str, samples: Samples, warm_up: float) -> Growth:
    born, last_seen = samples[0][0], samples[-1][0]
    warm = [held for at, held in samples if at >= born + warm_up]
    ends = max(1, len(warm) // 5)
    if len(warm) < 10:
        return Growth(name, (born, last_seen), samples[0][1], samples[-1][1], None)
    first, last = median(warm[:ends]), median(warm[-ends:])
    return Growth(name, (born, last_seen), first, last, last / first - 1)


def as_series(watch: Watch) -> Mapping[str, tuple[list[float], list[float]]]:
    """For a plot: minutes and MB of each process."""
    return {
        watch.names[pid]: ([at / 60 for at, _ in samples], [held for _, held in samples])
        for pid, samples in watch.samples.items()
    }

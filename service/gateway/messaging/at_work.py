"""What this process is carrying, and what it has lately carried."""

from collections import OrderedDict
from collections.abc import Iterator

from prometheus_client import Gauge

from service.conversations.models import Parcel
from service.gateway.messaging.job import Job

REMEMBERED = 10_000

waiting = Gauge("messaging_waiting_parcels", "Updates that are being answered or delivered", ["platform"])


class AtWork:
    """The jobs of each conversation, in the order in which they came."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], list[Job]] = {}
        self._lately: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    def __iter__(self) -> Iterator[Job]:
        """All jobs, as they are now."""
        return iter([job for line in self._lines.values() for job in line])

    def count(self, platform: str) -> int:
        """How many jobs a platform has."""
        return sum(job.parcel.platform == platform for job in self)

    def came_before(self, job: Job) -> bool:
        """Whether the same update came lately."""
        return job.name in self._lately

    def line_up(self, job: Job) -> None:
        """Put a job behind those of its conversation; nobody waits for one that is late already."""
        self._lately[job.name] = None
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)
        line = self._lines.setdefault(job.key, [])
        job.before = list(line)
        line.append(job)
        if job.parcel.status == Parcel.Status.LATE:
            job.passed.set()
        waiting.labels(job.parcel.platform).inc()

    def leave(self, job: Job) -> None:
        """Take a job away; nobody waits for it any more."""
        job.passed.set()
        job.before = []
        self._lines[job.key].remove(job)
        if not self._lines[job.key]:
            del self._lines[job.key]
        waiting.labels(job.parcel.platform).dec()

"""How many turns of people wait in the outbox for the log, and since when."""

import time

from django.db.models import Count, Min, Q
from prometheus_client import Gauge

from service.conversations.models import Entry

CANARY = "canary"  # the channel of the health checks: through the outbox, never into the log

unwritten = Gauge("outbox_unwritten_turns", "Turns that only this process's memory holds, since the outbox fails")
unmoved = Gauge("outbox_unmoved_turns", "Turns in the outbox that the log does not have yet")
refused = Gauge("outbox_refused_turns", "Turns that the log would not have: somebody must look")
oldest = Gauge("outbox_oldest_unmoved_seconds", "How long ago the oldest turn came that the log does not have; 0: none")
_since: list[float | None] = [None]
oldest.set_function(lambda: 0.0 if _since[0] is None else time.time() - _since[0])


def measure() -> None:
    """Look what waits; a database that is not there is the caller's."""
    found = (
        Entry.objects.filter(moved_at=None)
        .exclude(channel=CANARY)
        .aggregate(
            unmoved=Count("pk", filter=Q(refused_at=None)),
            refused=Count("pk", filter=~Q(refused_at=None)),
            oldest=Min("received_at", filter=Q(refused_at=None)),
        )
    )
    unmoved.set(found["unmoved"])
    refused.set(found["refused"])
    _since[0] = found["oldest"].timestamp() if found["oldest"] else None

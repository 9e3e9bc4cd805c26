"""What the log's database says to Prometheus, read when it is asked: what waits for staff, and what is overdue."""

import logging
import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction
from django.db.models import Count, Max, Min
from django.utils import timezone
from prometheus_client import CollectorRegistry, ProcessCollector, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from service.console import desk
from service.console.backup.taking import TAKEN
from service.console.erasure import NOT_ALL_ERASED
from service.console.housekeeping import DAILY, failures
from service.console.models import AuditEntry
from service.console.sections import UNREAD, WAITS
from service.conversations import store_errors
from service.conversations.models import Alert, Conversation, Risk

log = logging.getLogger(__name__)
LIMIT_SECONDS = 3.0
ERASURES_OF = timedelta(days=30)
MEANINGS = {
    "inbox_unreviewed_emergencies": "Emergencies that nobody of the staff has opened",
    "inbox_oldest_unreviewed_emergency_seconds": "For how long the oldest of them waits; 0: none does",
    "inbox_undelivered_emergencies": "Emergencies whose guidance did not reach the person, and that nobody has done",
    "alerts_unsent": "Alerts to staff that were not sent by every way yet",
    "alerts_oldest_unsent_seconds": "For how long the oldest of them waits; 0: none does",
    "handoff_waiting": "Conversations with something that the clinic's desk was not told yet",
    "handoff_oldest_waiting_seconds": "For how long the oldest of them waits; 0: none does",
    "erasures_failed": "Erasures by staff in the last 30 days that deleted not all, and are to be done again",
    "retention_last_purge_age_seconds": "How long ago old conversations were deleted last",
    "backup_last_age_seconds": "How long ago the last backup was taken; infinite: never, though BACKUP_FOLDER is set",
}


class OfTheLog(Collector):
    """Reads the figures in a thread of its own; a database that is down, or slow, is a figure, too."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="metrics")

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing is read to be registered."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All figures; `housekeeping_log_up` alone where they cannot be had in time."""
        reading = self._thread.submit(_read)
        try:
            figures = reading.result(LIMIT_SECONDS)
        except Exception as error:  # whatever it is, what is scraped says so
            reading.cancel()
            log.error("metrics not read", extra={"error": type(error).__name__})
            figures = {}
        up = "Whether the log's database gave these figures in time: 1, or 0"
        yield GaugeMetricFamily("housekeeping_log_up", up, 1 if figures else 0)
        for name, value in figures.items():
            if value is not None:
                yield GaugeMetricFamily(name, MEANINGS[name], value)


def serve(host: str, port: int) -> None:
    """Serve them from now on; what else this process does goes on where that cannot be."""
    registry = CollectorRegistry()
    for one in (failures, store_errors.errors, OfTheLog()):
        registry.register(one)
    ProcessCollector(registry=registry)
    try:
        start_http_server(port, host, registry)
    except OSError as error:
        log.error("metrics not served", extra={"port": port, "error": type(error).__name__})


def _read() -> dict[str, float | None]:
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL statement_timeout = %s", [int(LIMIT_SECONDS * 1000)])
            return figures(timezone.now())
    finally:
        connections.close_all()


def figures(now: datetime) -> dict[str, float | None]:
    """The figures at a time; None for what there is not yet."""
    unread = _of(Conversation.objects.filter(WAITS, UNREAD, risk__gte=Risk.EMERGENCY, is_demo=False), "due_at")
    undelivered = Conversation.objects.filter(WAITS, risk=Risk.UNDELIVERED_EMERGENCY, is_demo=False)
    alerts = _of(Alert.objects.filter(ended_at=None), "raised_at")
    posts = _of(desk.waiting(), "last_at")
    purged_at, backed_up_at = _last(DAILY), _last(TAKEN)
    never = math.inf if settings.BACKUP_FOLDER else None
    return {
        "inbox_unreviewed_emergencies": unread["count"],
        "inbox_oldest_unreviewed_emergency_seconds": _age(unread["oldest"], now),
        "inbox_undelivered_emergencies": undelivered.count(),
        "alerts_unsent": alerts["count"],
        "alerts_oldest_unsent_seconds": _age(alerts["oldest"], now),
        "handoff_waiting": posts["count"],
        "handoff_oldest_waiting_seconds": _age(posts["oldest"], now),
        "erasures_failed": AuditEntry.objects.filter(action=NOT_ALL_ERASED, at__gte=now - ERASURES_OF).count(),
        "retention_last_purge_age_seconds": _age(purged_at, now) if purged_at else None,
        "backup_last_age_seconds": _age(backed_up_at, now) if backed_up_at else never,
    }


def _last(action: str) -> datetime | None:
    """When the service did something last, by the audit log."""
    found: datetime | None = AuditEntry.objects.filter(action=action).aggregate(last=Max("at"))["last"]
    return found


def _of(rows: Any, since: str) -> dict[str, Any]:
    found: dict[str, Any] = rows.order_by().aggregate(count=Count("pk"), oldest=Min(since))
    return found


def _age(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0

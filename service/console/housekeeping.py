"""What the service does by itself: alerts and the journal of erasures every second; once a day the old goes."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections, connections
from django.utils import timezone
from prometheus_client import Counter

from baclofen_faq.answers import load_clinic
from service.console import alerts, audit
from service.console.backup.journal import shared_journal
from service.console.models import AuditEntry
from service.conversations.retention import purge

log = logging.getLogger(__name__)
DAILY = "old conversations deleted"
A_DAY = timedelta(hours=23, minutes=55)


failures = Counter("housekeeping_failures", "Duties that failed; each is tried again in a second", ["duty"])


def look_after() -> None:
    """One round; a database that is not there is said in the log, and the next round tries again."""
    close_old_connections()
    for duty in (alerts.send_due, keep_journal, daily):
        try:
            duty()
        except Exception as error:  # one that fails ends no other
            failures.labels(duty.__name__).inc()
            log.critical("housekeeping failed", extra={"duty": duty.__name__, "error": type(error).__name__})
            connections.close_all()


def keep_journal() -> None:
    """Write down beside the backups what was erased or switched since, so that no backup undoes it."""
    if settings.BACKUP_FOLDER:
        settings.BACKUP_FOLDER.mkdir(mode=0o700, exist_ok=True)
        shared_journal(settings.BACKUP_FOLDER).keep()


def daily() -> None:
    """What is due once a day, where it was not done yet."""
    if not _is_done_today():
        delete_old()
        audit.log_head()
        call_command("clearsessions")


def delete_old() -> None:
    """Delete what is older than the clinic keeps, and say so in the audit log."""
    keep_days = load_clinic().keep_days
    deleted = purge(timezone.now() - timedelta(days=keep_days), is_dry_run=False)
    audit.record("", DAILY, keep_days=keep_days, conversations=deleted.conversations, messages=deleted.messages)


def _is_done_today() -> bool:
    return AuditEntry.objects.filter(action=DAILY, at__gte=timezone.now() - A_DAY).exists()

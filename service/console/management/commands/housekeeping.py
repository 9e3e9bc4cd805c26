"""manage.py housekeeping: alerts, retention, the audit head and the clinic's desk, until it is stopped."""

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from baclofen_faq import logs
from service.console import desk, metrics
from service.console.housekeeping import look_after

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    """Runs beside the console; one is enough, more do no harm."""

    help = "Send alerts of new emergencies, delete daily what is older than clinic.yml's keep_days, log the audit head."

    def handle(self, *args: Any, **options: Any) -> None:
        """For ever; a desk that is slow holds up no alert."""
        logs.log_unhandled()
        metrics.serve(settings.METRICS_HOST, settings.METRICS_PORT)
        Thread(target=_for_ever, args=(desk.look_after,), name="desk", daemon=True).start()
        _for_ever(look_after)


def _for_ever(look: Callable[[], None]) -> None:
    while True:
        look()
        time.sleep(PAUSE_SECONDS)

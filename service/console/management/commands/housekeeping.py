"""manage.py housekeeping: alerts, retention and the audit head, until it is stopped."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from service.console.housekeeping import look_after

PAUSE_SECONDS = 1.0


class Command(BaseCommand):
    """Runs beside the console; one is enough, more do no harm."""

    help = "Send alerts of new emergencies, delete daily what is older than clinic.yml's keep_days, log the audit head."

    def handle(self, *args: Any, **options: Any) -> None:
        """For ever."""
        while True:
            look_after()
            time.sleep(PAUSE_SECONDS)

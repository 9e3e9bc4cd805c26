"""manage.py housekeeping: what the service does by itself."""

import time
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """stub"""

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            time.sleep(1)

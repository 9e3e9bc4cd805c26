"""manage.py demo_data: made-up conversations, so that the console can be seen with something in it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from service.console.demo.making import are_there, make, remove

MOST = 5000


class Command(BaseCommand):
    """Makes them, or removes them; never in production, and never twice."""

    help = "Fill the log with made-up conversations of the last 30 days, marked as such; --remove deletes them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many; or that they are to go."""
        parser.add_argument("--conversations", type=int, default=500, help=f"how many, 1 to {MOST}; 500 by default")
        parser.add_argument("--remove", action="store_true", help="delete the made-up conversations, and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if options["remove"]:
            self.stdout.write(f"Removed {remove()} made-up conversations.")
            return
        if settings.IS_PRODUCTION:
            raise CommandError("This is production: made-up conversations have no place among those of real people.")
        if not 1 <= options["conversations"] <= MOST:
            raise CommandError(f"--conversations must be 1 to {MOST}.")
        if are_there():
            raise CommandError("There are made-up conversations already: remove them first (demo_data --remove).")
        messages = make(options["conversations"], timezone.now())
        self.stdout.write(
            f"Made {options['conversations']} made-up conversations with {messages} messages, marked as such. "
            "Remove them with: manage.py demo_data --remove"
        )

"""manage.py refill_log TIME: what this machine's outbox still has of a time goes into the log once more."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime, timezone
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseTrouble

from service.conversations.refilling import move_again


class Command(BaseCommand):
    """For each gateway with an outbox of its own, after `restore`, which does it for the machine that it runs on."""

    help = "After a restore: move this gateway's turns of up to a day ago to the log once more. None comes twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Since when."""
        parser.add_argument("since", type=_time, help="as `restore` printed it: 2026-11-27T02:00:00+00:00")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            turns = move_again(options["since"])
        except DatabaseTrouble as error:
            raise CommandError(
                f"This machine's outbox cannot be used ({type(error).__name__}): run this where the gateway runs, with "
                "its VAR_FOLDER."
            ) from None
        self.stdout.write(f"{turns} turns of this outbox are moved to the log: at once where the gateway runs.")


def _time(text: str) -> datetime:
    try:
        since = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no time: write it as 2026-11-27T02:00:00+00:00") from None
    return since if since.tzinfo else since.replace(tzinfo=timezone.utc)

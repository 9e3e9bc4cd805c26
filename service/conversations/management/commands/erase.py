"""manage.py erase <conversation>: delete one conversation at once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseTrouble

from service.conversations.retention import Deleted, erase


class Command(BaseCommand):
    """Deletes a conversation from log, outbox and Rasa, and prints a receipt."""

    help = "Delete one conversation from log, outbox and Rasa at once, with a receipt. Nothing writes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The conversation's key, as `transcript` takes it."""
        parser.add_argument(
            "conversation", help="the key of the conversation: the REST sender, or what make chat printed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            receipt, deleted = erase(options["conversation"])
        except DatabaseTrouble as error:
            raise CommandError(
                f"Not erased, a database is not there ({type(error).__name__}): start it and run this again."
            ) from None
        if deleted == Deleted(0, 0, 0, 0):
            raise CommandError(f"No conversation {options['conversation']} was found; nothing was erased.")
        self.stdout.write(f"Erased {deleted}.\nReceipt: {receipt}")

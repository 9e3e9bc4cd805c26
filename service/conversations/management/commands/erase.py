"""manage.py erase <conversation>: delete one conversation at once."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseTrouble

from service.conversations.copies import in_backups
from service.conversations.retention import IN_FLIGHT_SECONDS, channels_of, erasing


class Command(BaseCommand):
    """Deletes a conversation from log, outbox and Rasa, and prints a receipt."""

    help = "Delete one conversation from log, outbox and Rasa at once, with a receipt. Nothing writes it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The conversation's key, as `transcript` takes it, and its channel where several have that key."""
        parser.add_argument(
            "conversation", help="the key of the conversation: the REST sender, or what make chat printed"
        )
        parser.add_argument("--channel", help="rest, web, telegram ...; needed where several channels have that key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        key = options["conversation"]
        try:
            one = erasing(options["channel"] or self._channel(key), key)
            self.stdout.write(f"Erased {one.erase()}.\nReceipt: {one.receipt}")
            self.stdout.write(f"Waiting {IN_FLIGHT_SECONDS} seconds for what was on its way ...")
            time.sleep(IN_FLIGHT_SECONDS)
            self.stdout.write(f"Erased {one.erase_again()}.\n{in_backups()}")
        except DatabaseTrouble as error:
            raise CommandError(
                f"Not all is erased, a database is not there ({type(error).__name__}): start it and run this again "
                f"with --channel."
            ) from None

    def _channel(self, key: str) -> str:
        channels = sorted(channels_of(key))
        if not channels:
            raise CommandError(f"No conversation {key} was found; nothing was erased.")
        if len(channels) > 1:
            raise CommandError(f"{key} is a conversation of {', '.join(channels)}: say which with --channel.")
        return channels[0]

"""manage.py purge: delete what is older than clinic.yml's keep_days, but for what is flagged and not reviewed."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from baclofen_faq.answers import load_clinic
from service.conversations.copies import in_backups
from service.conversations.retention import purge


class Command(BaseCommand):
    """Says what would be deleted; deletes it with --delete."""

    help = (
        "Delete what is older than clinic.yml's keep_days from log, outbox and Rasa; the log keeps a flagged "
        "conversation until it is reviewed. Without --delete only say what."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--delete", action="store_true", help="delete it; without this nothing is changed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        keep_days = load_clinic().keep_days
        before = timezone.now() - timedelta(days=keep_days)
        try:
            deleted = purge(before, is_dry_run=not options["delete"])
        except DatabaseTrouble as error:
            raise CommandError(
                f"A database is not there ({type(error).__name__}): start it and run this again."
            ) from None
        what = f"older than {keep_days} days (before {before:%Y-%m-%d %H:%M} UTC): {deleted}."
        if options["delete"]:
            self.stdout.write(f"Deleted, {what}\n{in_backups()}")
        else:
            self.stdout.write(f"Would delete, {what}\nNothing was changed. To delete: manage.py purge --delete")

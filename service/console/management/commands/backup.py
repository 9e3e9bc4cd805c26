"""manage.py backup FOLDER: everything that must not be lost, into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseTrouble

from service.console.backup.archive import About
from service.console.backup.error import BackupError
from service.console.backup.taking import take


class Command(BaseCommand):
    """Run it once a day, by a timer; the bot goes on meanwhile."""

    help = "Back up log and Rasa's events into one file, and delete backups older than BACKUP_KEEP_DAYS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument(
            "folder", nargs="?", type=Path, default=settings.BACKUP_FOLDER, help="BACKUP_FOLDER where it is not given"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        folder = options["folder"]
        if folder is None:
            raise CommandError("Say where to: manage.py backup FOLDER, or set BACKUP_FOLDER.")
        try:
            taken = take(folder, settings.BACKUP_KEEP_DAYS)
        except BackupError as error:
            raise CommandError(str(error)) from None
        except DatabaseTrouble as error:
            raise CommandError(
                f"A database is not there ({type(error).__name__}): start it and run this again."
            ) from None
        self.stdout.write(f"{taken.path} ({taken.path.stat().st_size / 1e6:.1f} MB): {held_by(taken.about)}.")
        if taken.deleted:
            self.stdout.write(f"Deleted, older than {settings.BACKUP_KEEP_DAYS} days: {', '.join(taken.deleted)}.")


def held_by(about: About) -> str:
    """What a backup holds, in words."""
    counted = {
        "conversations": about.count("conversations_conversation"),
        "messages": about.count("conversations_message"),
        "verdicts": about.count("conversations_verdict"),
        "notes": about.count("conversations_note"),
        "audit entries": about.count("console_auditentry"),
        "members of staff": about.count("console_staff"),
        "turns of this outbox": about.turns,
        "events of Rasa": about.rows.get("rasa", {}).get("events", 0),
    }
    return ", ".join(f"{count} {what}" for what, count in counted.items())

"""manage.py restore FILE: what `backup` wrote, back into the databases."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.utils import Error as DatabaseTrouble

from service.console.backup.error import BackupError
from service.console.backup.restoring import Restored, restore
from service.console.backup.since import MARGIN
from service.console.management.commands.backup import held_by


class Command(BaseCommand):
    """With console and housekeeping stopped. Gateways may go on: they keep what comes in meanwhile."""

    help = "Put a backup into the databases, and erase again what was erased since. Refuses where the log is not empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and whether what is there may go."""
        parser.add_argument("file", type=Path, help="as `backup` named it")
        parser.add_argument("--replace", action="store_true", help="what the log holds now is lost")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        path = options["file"].absolute()
        folders = [path.parent, settings.VAR]
        if settings.BACKUP_FOLDER:
            folders.append(settings.BACKUP_FOLDER)
        try:
            self._say(restore(path, folders, options["replace"]))
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                f"{path.parent} cannot be used ({error.strerror}): copy the backup to a folder that the bot's user may "
                "write to, with room for it twice, and run this again with --replace."
            ) from None
        except DatabaseTrouble as error:
            raise CommandError(
                f"A database is not there ({type(error).__name__}): start it and run this again, with --replace where "
                "the log is no longer empty."
            ) from None

    def _say(self, done: Restored) -> None:
        about, again = done.about, done.again
        self.stdout.write(f"Restored, as of {about.time:%Y-%m-%d %H:%M} UTC: {held_by(about)}.")
        self.stdout.write(f"Erased again, since that was done after the backup: {again.erased} conversations.")
        self.stdout.write(f"Deleted, older than clinic.yml keeps: {again.purged}.")
        self.stdout.write(f"Said since, as far as this machine's outbox has it: {again.turns} turns go into the log.")
        withdrawn = ", ".join(sorted(again.switched.withdrawn)) or "none"
        self.stdout.write(f"Mode: {again.switched.mode.value}; withdrawn answers: {withdrawn}. All staff sign in anew.")
        self.stdout.write(
            f"On each other gateway: manage.py refill_log {(about.time - MARGIN).isoformat('T', 'seconds')}"
        )

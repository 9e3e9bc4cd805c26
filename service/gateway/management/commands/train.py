"""manage.py train: train the model where it is missing or older than its inputs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from service.place import StackError
from service.training import prepare


class Command(BaseCommand):
    """What chat and serve do first, by itself."""

    help = "Check all files, train the model if needed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            prepare(self.stderr.write)
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped before the model was trained.") from None

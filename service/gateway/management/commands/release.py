"""manage.py release: what stands in the project is validated and takes over from what is live, without a pause."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from service.place import Place, StackError
from service.release import release
from service.stack import end_as_by_ctrl_c


class Command(BaseCommand):
    """A bad one is refused, and the old one stays."""

    help = "Validate the project's model and answers as they stand, and let them take over one process at a time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        end_as_by_ctrl_c()
        try:
            folder = release(Place(), self.stderr.write)
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped before all had taken over: run the same command again.") from None
        self.stdout.write(f"Live now: {folder}")

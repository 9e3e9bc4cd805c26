"""manage.py evaluate: the running bot against the blind holdout."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from service import evaluation
from service.stack import Place, StackError, prepare, running


class Command(BaseCommand):
    """Starts the whole bot, says the holdout to it, prints and writes the report."""

    help = "Measure recall and over-escalation on tests/holdout; writes reports/evaluation.md."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            prepare(self.stderr.write)
            self.stderr.write("Starting, then asking everything of the holdout (about two minutes) ...")
            with TemporaryDirectory() as folder:
                place = Place(var=Path(folder))
                with running(place, output=place.var / "serve.log"):
                    turns = evaluation.run(place)
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped.") from None
        self.stdout.write(evaluation.write(turns).read_text(encoding="utf-8"))

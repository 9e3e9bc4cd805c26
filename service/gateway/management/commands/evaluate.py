"""manage.py evaluate: the running bot against the blind holdout."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from service.evaluation import safety, understanding
from service.evaluation.report import Results
from service.stack import Place, StackError, prepare, running


class Command(BaseCommand):
    """Starts the whole bot, says the holdout to it, prints and writes the report; fails below the floors."""

    help = "Measure recall and over-escalation on tests/holdout; writes reports/evaluation.md and .json."

    def add_arguments(self, parser: CommandParser) -> None:
        """One option."""
        parser.add_argument(
            "--summary", action="store_true", help="print no sentence: who works on triage must not read the holdout"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        try:
            prepare(self.stderr.write)
            self.stderr.write("Starting, then asking everything of the holdout (about three minutes) ...")
            with TemporaryDirectory() as folder:
                place = Place(var=Path(folder))
                with running(place, output=place.var / "serve.log"):
                    results = Results(safety.run(place), understanding.run(place))
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped.") from None
        path = results.write()
        self.stdout.write(results.summary() if options["summary"] else path.read_text(encoding="utf-8"))
        below = results.below_floors()
        if below:
            raise CommandError("Below the floors: " + "; ".join(below))

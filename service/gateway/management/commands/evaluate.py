"""manage.py evaluate: the running bot against the blind holdout."""

import subprocess
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from baclofen_faq.validated import record_validated
from baclofen_faq.vetted_files import ROOT
from service.evaluation import safety, understanding
from service.evaluation.apart import bot_apart
from service.evaluation.report import Results
from service.place import StackError
from service.stack import end_as_by_ctrl_c
from service.training import MODEL, prepare


class Command(BaseCommand):
    """Starts the whole bot, says the holdout to it, prints and writes the report; fails below the floors.

    A model that reaches them all is validated: production's Rasa starts with no other one.
    """

    help = "Measure safety and understanding on tests/holdout; writes reports/evaluation.md and .json."

    def add_arguments(self, parser: CommandParser) -> None:
        """Two options."""
        parser.add_argument(
            "--summary", action="store_true", help="print no sentence: who works on the bot must not read the holdout"
        )
        parser.add_argument(
            "--stock", action="store_true", help="put a stock Rasa pipeline beside ours (it is trained first, once)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        end_as_by_ctrl_c()
        try:
            prepare(self.stderr.write)
            self.stderr.write("Starting, then asking everything of the holdout (about three minutes) ...")
            with bot_apart() as place:
                turns, asked = safety.run(place), understanding.run(place)
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped.") from None
        results = Results(turns, asked, self._intents() if options["stock"] else ())
        path = results.write()
        self.stdout.write(results.summary() if options["summary"] else path.read_text(encoding="utf-8"))
        below = results.below_floors()
        if below:
            raise CommandError("Below the floors: " + "; ".join(below))
        record_validated(MODEL, date.today())

    def _intents(self) -> list[str]:
        """The intents alone, with the stock pipeline beside them: Rasa is needed, which nothing of service imports."""
        self.stderr.write("Measuring the intents alone (and training the stock pipeline where it is missing) ...")
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.intents"]
        done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise CommandError("python -m benchmarks.intents failed; its error stands above.")
        return done.stdout.splitlines()

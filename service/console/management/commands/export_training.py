"""manage.py export_training: what reviewers corrected, as a patch for data/nlu.yml and tests/cases/reviewed.yml."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from service.console import training


class Command(BaseCommand):
    """Writes one file, training.patch, and overwrites none."""

    help = "Write what reviewers corrected into training.patch, for `git apply`, and say what was left out and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether once more."""
        parser.add_argument("--output", type=Path, default=Path(), metavar="DIR", help="folder of training.patch")
        parser.add_argument("--again", action="store_true", help="also what was exported before, and was not applied")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        path = options["output"] / training.FILE_NAME
        if path.exists():
            raise CommandError(f"{path} is there already: apply it or move it away, then run this again.")
        try:
            made = training.make(again=options["again"])
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: run this where the project's sources are.") from None
        if made.patch:
            _write(path, made)
        else:
            training.hand_over("", made)
        for line in made.summary():
            self.stdout.write(line)
        self.stdout.write(f"Next: git apply {path}, make check, make train." if made.patch else "No patch was written.")


def _write(path: Path, made: training.Export) -> None:
    """The file; what is in it is marked only where that succeeds."""
    try:
        with transaction.atomic(), path.open("x", encoding="utf-8") as file:
            file.write(training.hand_over("", made))
    except OSError as error:
        raise CommandError(
            f"{path} cannot be written ({error.strerror}): choose another folder with --output."
        ) from None

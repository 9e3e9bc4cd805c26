"""manage.py verify_audit: whether the audit log is whole."""

import re
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from service.console import audit

HEAD = re.compile(r"(\d+):([0-9a-f]{64})|0:")


class Command(BaseCommand):
    """Reads the audit log from its first entry to its last and checks the chain."""

    help = "Check that no entry of the audit log was changed, deleted, inserted or cut off; 1 where one was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A head that was written down."""
        parser.add_argument(
            "--head", default="0:", help="NUMBER:HASH as the audit page or the console's log said it earlier"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every fault, or that there is none."""
        written = HEAD.fullmatch(options["head"].strip())
        if not written:
            raise CommandError(
                f"--head {options['head']} is no head: copy NUMBER:HASH whole, as in 12:3f9c... (64 digits)."
            )
        found = 0
        for fault in audit.faults(int(written[1] or 0), written[2] or ""):
            found += 1
            self.stdout.write(f"FAULT: {fault}")
        if found:
            sys.exit(1)
        head = audit.head()
        self.stdout.write(f"whole: {head.partition(':')[0]} entries, head {head}")

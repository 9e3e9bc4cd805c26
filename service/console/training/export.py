"""Exporting: the patch is made; then the verdicts in it are marked, and it is recorded who took it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from baclofen_faq.vetted_files import ROOT
from service.console import audit
from service.console.proposals import proposals
from service.console.training.correction import Correction, LeftOut
from service.console.training.files import patch
from service.console.training.sorting import sort
from service.console.training.standing import Standing
from service.conversations.models import Verdict

MOST_AT_ONCE = 500
FILE_NAME = "training.patch"


@dataclass(frozen=True)
class Export:
    """A patch (text; "" where nothing is written), what is in it, what is left out, how many wait for the next one."""

    patch: str
    written: list[Correction]
    left_out: list[LeftOut]
    waiting: int
    made_at: datetime

    def summary(self) -> list[str]:
        """In words, without those of patients."""
        sentences = len([one for one in self.written if one.intent])
        counts = f"{_counted(sentences, 'sentence')} and {_counted(len(self.written) - sentences, 'level')}"
        lines = [f"Written: {counts}. Left out: {len(self.left_out)}."]
        lines += [f"Turn {one.turn} left out: {one.reason}." for one in self.left_out]
        return lines + ([f"{self.waiting} more are left for the next patch."] if self.waiting else [])


def make(root: Path = ROOT, again: bool = False) -> Export:
    """Make a patch of the changes to propose, at most 500, the oldest first, none of demo data. Nothing is marked yet.

    Args:
        root: the tree that the patch is for.
        again: also what was exported before and does not stand in the files yet.

    Raises:
        OSError: a file of the tree is missing.
    """
    now = timezone.now()
    found = proposals().filter(message__conversation__is_demo=False).order_by("message_id")
    due = found if again else found.filter(exported_at=None)
    chosen = list(due[:MOST_AT_ONCE])
    written, left_out = sort(chosen, Standing.read(root))
    return Export(patch(root, written), written, left_out, due.count() - len(chosen), now)


@transaction.atomic
def hand_over(by: str, made: Export) -> str:
    """The patch, for somebody who is recorded first ("": a command); what is in it counts as exported from now on."""
    turns = [one.turn for one in made.written]
    done = [one.turn for one in made.left_out if one.is_done]
    unchanged = Verdict.objects.filter(message__in=[*turns, *done], said_at__lte=made.made_at)
    unchanged.update(exported_at=timezone.now())
    audit.record(by, "training exported", written=len(turns), left_out=len(made.left_out), turns=turns)
    return made.patch


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"

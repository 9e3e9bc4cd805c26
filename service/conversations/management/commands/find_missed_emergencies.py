"""manage.py find_missed_emergencies: today's triage over every stored conversation; the console lists what differs."""

from typing import Any

from django.core.management.base import BaseCommand

from baclofen_faq.triage import triage_version
from service.conversations.models import Change, SecondLook
from service.conversations.second_look import MOST_COUNTED, left, look_again

SECONDS_A_STEP = 5


class Command(BaseCommand):
    """Goes on where it stopped; a new version of triage begins anew."""

    help = "Judge every stored conversation again with today's triage, and keep what differs. Stop it at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; prints numbers only."""
        self.stdout.write(f"Triage {triage_version()}: {_many(left())} conversations to look at.")
        while remaining := look_again(SECONDS_A_STEP):
            self.stdout.write(f"{_many(remaining)} left")
        for kind, label in Change.choices:
            self.stdout.write(f"{SecondLook.objects.filter(change=kind).count():6}  {label}")
        self.stdout.write("They are listed in the console, at Missed emergencies.")


def _many(count: int) -> str:
    return f"{MOST_COUNTED:,} or more" if count >= MOST_COUNTED else f"{count:,}"

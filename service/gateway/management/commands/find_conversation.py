"""manage.py find_conversation --channel sms: the conversation of a patient who asks for it, or wants it deleted."""

import re
import sys
from argparse import ArgumentParser
from dataclasses import dataclass
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from service.conversations.models import Conversation
from service.conversations.retention import channels_of
from service.gateway.messaging.people import conversation_of


@dataclass(frozen=True)
class Form:
    """How a channel knows people: what is asked for, its form, and what stands before it."""

    asked: str
    form: re.Pattern[str]
    before: str = ""


PHONE = "Phone number, with + and country code"
FORMS = {
    "sms": Form(PHONE, re.compile(r"\+[0-9]{5,15}")),
    "whatsapp": Form(PHONE, re.compile(r"\+[0-9]{5,15}"), before="whatsapp:"),
    "telegram": Form("Telegram's number of the user (the user name is of no use)", re.compile(r"[0-9]{1,20}")),
    "slack": Form("Slack's ids of workspace and user, as T012AB3C4:U061F7AUR", re.compile(r"[A-Z0-9]+:[A-Z0-9]+")),
    "facebook": Form("Ids of the Page and of the person for that Page, as 1234:5678", re.compile(r"[0-9]+:[0-9]+")),
}
SIGNS = re.compile(r"[\s().\u2011/-]")  # as people write a phone number


class Command(BaseCommand):
    """The address is read from the keyboard or a pipe, never from the command line, and is written nowhere."""

    help = "Print the key of a person's conversation, for `transcript` and `erase`. Asks for the address."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which channel."""
        parser.add_argument("--channel", required=True, choices=sorted(FORMS), help="as the log names it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        channel = options["channel"]
        if not settings.CHANNEL_SETTINGS.get("PERSON_KEY"):
            raise CommandError(
                "PERSON_KEY is not known here, since CHANNELS is not set: run this with the gateway's environment."
            )
        key = conversation_of(channel, _address(FORMS[channel]))
        if channel not in channels_of(key):
            raise CommandError(
                f"No conversation of that address in {channel}: it is deleted, older than is kept, or PERSON_KEY was "
                "another then. Ask for the address again; in a group people have another one."
            )
        found = Conversation.objects.filter(channel=channel, key=key).first()
        self.stdout.write(key)
        if found:
            self.stdout.write(f"Number {found.pk} in the console, last message {found.last_at:%Y-%m-%d %H:%M} UTC.")
        self.stdout.write(f"manage.py transcript -- {key}\nmanage.py erase --channel {channel} -- {key}")


def _address(form: Form) -> str:
    """Typed unseen, or the first line of a pipe."""
    typed = getpass(f"{form.asked}: ") if sys.stdin.isatty() else sys.stdin.readline()
    address = SIGNS.sub("", typed)
    if not form.form.fullmatch(address):
        raise CommandError(f"That is no address of this channel; wanted: {form.asked}.")
    return form.before + address

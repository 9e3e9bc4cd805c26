"""manage.py transcript <conversation>: print one conversation from the log."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from baclofen_faq.answers import STAFF
from service.conversations.models import Conversation, Message


class Command(BaseCommand):
    """Prints who said what and when, with the level of each message and the answer that was sent."""

    help = "Print a conversation from the log, as stored (redacted)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The conversation's key, as `make chat` prints it or as the REST sender named it."""
        parser.add_argument(
            "conversation", help="the key of the conversation: the REST sender, or what make chat printed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, oldest message first."""
        found = Conversation.objects.filter(key=options["conversation"])
        if not found:
            raise CommandError(
                f"No conversation {options['conversation']} in the log. See what `make chat` printed at its end."
            )
        for conversation in found:
            self.stdout.write(f"Conversation {conversation}, begun {conversation.started_at:%Y-%m-%d %H:%M:%S} UTC")
            for message in conversation.messages.all():
                self.stdout.write(_shown(message))


def _shown(message: Message) -> str:
    if message.direction == Message.Direction.IN:
        speaker, about = "person", [f"{finding['symptom']} {finding['status']}" for finding in message.findings]
    elif message.answer_id == STAFF:
        speaker, about = "clinic's staff", []
    else:
        said_of_it = [f"person said: {message.feedback}"] if message.feedback else []
        speaker, about = "bot", [f"{message.answer_id} {message.answer_version}", *said_of_it]
    marks = ", ".join([message.level, *about])
    return f"\n{message.said_at:%H:%M:%S} {speaker} [{marks}]\n{message.text}"

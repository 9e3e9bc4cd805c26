"""manage.py set_webhook telegram: tell a platform where the bot is."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from service.gateway.messaging.channel import CannotDeliver, TryLater
from service.gateway.messaging.platforms import shared_channels


class Command(BaseCommand):
    """Only here, by hand: no address of the gateway does this."""

    help = "Tell a platform where the bot is, or what is to be entered where by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one."""
        parser.add_argument("channel", help="one of CHANNELS: telegram, slack, twilio, facebook")

    def handle(self, *args: object, **options: str) -> None:
        """Do it, and say what was done."""
        name = options["channel"]
        channel = shared_channels().get(name)
        if channel is None:
            raise CommandError(f"{name} is not in CHANNELS: set CHANNELS={name} and its secrets (docs/channels).")
        url = f"{settings.CHANNEL_SETTINGS['PUBLIC_URL']}/webhooks/{name}"
        try:
            self.stdout.write(asyncio.run(channel.set_webhook(url)))
        except (TryLater, CannotDeliver) as error:
            raise CommandError(f"{name} refused it ({error.why}): check its secrets, and try again.") from None

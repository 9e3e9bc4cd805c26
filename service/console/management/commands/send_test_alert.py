"""manage.py send_test_alert: see whether alerts would arrive."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from service.console.alerts import ways
from service.conversations.models import Alert, Conversation, Risk


class Command(BaseCommand):
    """Sends one alert by every way that is set up; the log is not touched."""

    help = "Send a test alert by every way that is set up (ALERT_EMAIL_TO, ALERT_WEBHOOK_URL)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        if not ways():
            raise CommandError("No way is set up: set ALERT_EMAIL_TO, or ALERT_WEBHOOK_URL and ALERT_WEBHOOK_SECRET.")
        conversation = Conversation(pk=0, channel="test", key="test")
        alert = Alert(pk=0, conversation=conversation, risk=Risk.EMERGENCY, raised_at=timezone.now())
        for name, send in ways().items():
            try:
                send(alert)
            except Exception as error:
                raise CommandError(f"By {name} it was not sent: {type(error).__name__}: {error}") from None
            self.stdout.write(f"Sent by {name}.")

"""Whether a request is Telegram's: it carries the secret that was given to Telegram with the webhook's address."""

import hmac

from django.conf import settings
from django.http import HttpRequest

from service.gateway.messaging.channel import Forged

HEADER = "X-Telegram-Bot-Api-Secret-Token"


def verify(request: HttpRequest) -> None:
    """Pass for a request with TELEGRAM_WEBHOOK_SECRET in its header; nothing else of it is looked at.

    Raises:
        Forged: the header is missing, empty, twice there or another.
    Source: core.telegram.org/bots/api#setwebhook, secret_token.
    """
    given = request.headers.get(HEADER, "").encode("utf-8", "replace")
    secret = settings.CHANNEL_SETTINGS["TELEGRAM_WEBHOOK_SECRET"].encode()
    if not secret or not hmac.compare_digest(given, secret):
        raise Forged("no secret token, or another")

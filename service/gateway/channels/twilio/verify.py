"""Whether a request comes from Twilio, and for this account."""

import hmac
from urllib.parse import urlparse

from django.conf import settings
from django.http import HttpRequest, QueryDict
from twilio.request_validator import RequestValidator, add_port, remove_port

from service.gateway.channels.twilio.form import form_of
from service.gateway.messaging.channel import Forged, Malformed

LENGTH = 28  # of a SHA-1 digest in base64
LONGEST_BODY = 64 * 1024  # Twilio's own have some kilobytes
ONCE = ("AccountSid", "MessageSid", "From", "To", "Body", "MessageStatus", "OptOutType")


def verify(request: HttpRequest) -> None:
    """Pass for a form that Twilio signed with this account's token, about this account.

    The signature covers the address as Twilio knows it (PUBLIC_URL), not as a proxy hands it on, and every field.
    A field that is acted on may stand in the form once only: the signature joins names and values without a mark
    between, and leaves out a value that comes twice.

    Raises:
        Forged: it did not.
    Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
    """
    given = request.headers.get("X-Twilio-Signature", "")
    if len(given) != LENGTH or len(request.body) > LONGEST_BODY:  # before anything is decoded
        raise Forged
    try:
        form = form_of(request)
        expected = _signatures(_public_address(request), form)
    except (Malformed, ValueError):  # ValueError: an address that is none, or cannot be written as UTF-8
        raise Forged from None
    if not any(_is_same(one, given) for one in expected):
        raise Forged
    if not _is_same(settings.CHANNEL_SETTINGS["TWILIO_ACCOUNT_SID"], form.get("AccountSid", "")):
        raise Forged
    if any(len(form.getlist(name)) > 1 for name in ONCE):
        raise Forged


def _public_address(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{settings.CHANNEL_SETTINGS['PUBLIC_URL']}{request.path}{'?' if query else ''}{query}"


def _signatures(address: str, form: QueryDict) -> list[str]:
    """Both that may be right: Twilio signs with the port in the address or without it."""
    validator = RequestValidator(settings.CHANNEL_SETTINGS["TWILIO_AUTH_TOKEN"])
    url = urlparse(address)
    return [validator.compute_signature(one, form) for one in (add_port(url), remove_port(url))]


def _is_same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode(errors="replace"))

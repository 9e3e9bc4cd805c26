"""Whether a request comes from Meta: its signature, or for the test of the webhook the token agreed on."""

import hashlib
import hmac

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from service.gateway.messaging.channel import Forged

SIGNATURE = "X-Hub-Signature-256"  # the older X-Hub-Signature is SHA-1, and is not looked at


def verify(request: HttpRequest) -> None:
    """Pass for updates signed with the app's secret, and for the webhook's test with the verify token.

    Raises:
        Forged: it is neither.

    Source: Meta, Webhooks: getting started ("Validating payloads", "Verification requests").
    """
    if request.method == "GET":
        _verify_test(request)
    elif request.method == "POST":
        _verify_signature(request)
    else:
        raise Forged


def _verify_signature(request: HttpRequest) -> None:
    given = request.headers.get(SIGNATURE, "")
    secret = settings.CHANNEL_SETTINGS["FACEBOOK_APP_SECRET"].encode()
    try:
        digest = hmac.new(secret, request.body, hashlib.sha256).hexdigest()
    except (RequestDataTooBig, UnreadablePostError):
        raise Forged from None
    if not _is_same(given, f"sha256={digest}"):
        raise Forged


def _verify_test(request: HttpRequest) -> None:
    tokens = request.GET.getlist("hub.verify_token")
    if request.GET.getlist("hub.mode") != ["subscribe"] or len(tokens) != 1:
        raise Forged
    if not _is_same(tokens[0], settings.CHANNEL_SETTINGS["FACEBOOK_VERIFY_TOKEN"]):
        raise Forged


def _is_same(given: str, expected: str) -> bool:
    """In a time that tells nothing; whatever characters stand in what is given."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())

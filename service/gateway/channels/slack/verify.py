"""Whether a request comes from Slack."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from slack_sdk.signature import SignatureVerifier

from service.gateway.messaging.channel import Forged

MOST_DIGITS = 12  # of a time in seconds; what is longer is no time, and too large for the library


def verify(request: HttpRequest) -> None:
    """Pass for a request that Slack signed with the app's signing secret, at most five minutes ago.

    How replay is held: an older request is refused by the time in its signature. Within the five minutes the very same
    request is also Slack's own retry (X-Slack-Retry-Num), and passes: it has the same event_id, or the same time of the
    press, and so the same `Update.id`, which the queue takes once. Nobody can give it another id without the secret.

    Raises:
        Forged: a header is missing, twice there or no text that Slack makes; too old, or from the future; wrong.
    Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    time = request.headers.get("X-Slack-Request-Timestamp", "")
    signature = request.headers.get("X-Slack-Signature", "")
    if not (time.isascii() and time.isdecimal() and len(time) <= MOST_DIGITS and signature.isascii()):
        raise Forged("no signature of the documented form")
    try:
        is_slacks = _verifier().is_valid(request.body, time, signature)
    except (UnicodeDecodeError, RequestDataTooBig):
        raise Forged("a body that Slack does not send") from None
    if not is_slacks:
        raise Forged("the signature is wrong or old")


def _verifier() -> SignatureVerifier:
    return SignatureVerifier(settings.CHANNEL_SETTINGS["SLACK_SIGNING_SECRET"])

"""Session tokens: a signed, expiring ticket to one conversation, whose id nobody can guess."""

import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

SALT = "service.gateway.channels.web"
ID_BYTES = 24


class NoSession(ValueError):
    """The token is missing, wrong, expired or not one of ours."""


def new_conversation() -> str:
    """The id of a conversation that has not begun yet."""
    return secrets.token_urlsafe(ID_BYTES)


def token_for(conversation: str) -> str:
    """A token that opens the conversation until WEB_SESSION_SECONDS have passed."""
    return TimestampSigner(salt=SALT).sign(conversation)


def conversation_of(token: str) -> str:
    """The conversation that a token opens.

    Raises:
        NoSession: it is wrong, of another key, or older than WEB_SESSION_SECONDS.
    """
    try:
        return TimestampSigner(salt=SALT).unsign(token, max_age=settings.WEB_SESSION_SECONDS)
    except BadSignature:
        raise NoSession from None

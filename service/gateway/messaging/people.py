"""Who is who: a person's conversation without their name or number, and what only the courier may read."""

import base64
import hashlib
import hmac
import json
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(ValueError):
    """It was sealed with a key that is not in ADDRESS_KEYS any more, or spoiled."""


def conversation_of(channel: str, person: str) -> str:
    """The id of a person's conversation: 43 characters, the same each time, that nobody turns back without PERSON_KEY.

    Args:
        channel: as the log names it.
        person: the platform's id of them.
    """
    key = settings.CHANNEL_SETTINGS["PERSON_KEY"].encode()
    digest = hmac.new(key, f"{channel}:{person}".encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def seal(content: dict[str, Any]) -> bytes:
    """Encrypt plain JSON with the first of ADDRESS_KEYS."""
    return _keys().encrypt(json.dumps(content).encode())


def unseal(sealed: bytes) -> dict[str, Any]:
    """What was sealed with any of ADDRESS_KEYS.

    Raises:
        Unreadable: by none of them.
    """
    try:
        content: dict[str, Any] = json.loads(_keys().decrypt(bytes(sealed)))
    except InvalidToken:
        raise Unreadable from None
    return content


@cache
def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.CHANNEL_SETTINGS["ADDRESS_KEYS"].split(",")])

"""Signed requests between this service and others, as Standard Webhooks says: https://www.standardwebhooks.com."""

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping

PREFIX = "whsec_"  # a secret that begins so is base64
NEWEST_AND_OLDEST_SECONDS = 5 * 60
LONGEST_ID = 100


class Forged(Exception):
    """The request is not signed with the secret, or is an old one sent again."""


def key_of(secret: str) -> bytes:
    """The bytes that are signed with.

    Raises:
        ValueError: it begins with whsec_, but what follows is no base64.
    """
    if not secret.startswith(PREFIX):
        return secret.encode()
    return base64.b64decode(secret.removeprefix(PREFIX), validate=True)


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """The header `webhook-signature`: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."""
    signed = hmac.new(key_of(secret), f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def signed_headers(secret: str, id: str, body: bytes) -> dict[str, str]:
    """The headers of a JSON request that is sent now; `id` is the same when it is sent again."""
    at = str(int(time.time()))
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": at,
        "webhook-signature": signature(secret, id, at, body),
    }


def verified_id(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a request that was signed with the secret in the last five minutes.

    Raises:
        Forged: it was not.
    """
    id, at, signatures = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (0 < len(id) <= LONGEST_ID and id.isascii() and id.isprintable()):
        raise Forged
    if not (at.isascii() and at.isdecimal() and len(at) < 12):
        raise Forged
    expected = signature(secret, id, at, body).encode()
    given = [one.encode("utf-8", "surrogatepass") for one in signatures.split(" ")]
    if not any(hmac.compare_digest(expected, one) for one in given):
        raise Forged
    if abs(time.time() - int(at)) > NEWEST_AND_OLDEST_SECONDS:
        raise Forged
    return id

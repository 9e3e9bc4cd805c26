"""Requests in the form of Twilio's, signed by its documentation."""

import base64
import hmac
import urllib.parse

from tests.gateway.channels.platforms.platform import Post

TOKEN = "12345678901234567890123456789012"
Fields = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"


def signature(url: str, fields: Fields, token: str = TOKEN, hash: str = "sha1") -> str:
    """As Twilio's documentation has it: the address, then every name with its value, sorted, without marks between."""
    signed = url + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hash).digest()).decode()


def form(pairs: Fields) -> bytes:
    return urllib.parse.urlencode(pairs).encode()


def posted(pairs: Fields, given: str, query: str = "") -> Post:
    return Post(form(pairs), {"content-type": FORM, "X-Twilio-Signature": given}, query=query)

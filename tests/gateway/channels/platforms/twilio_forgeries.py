"""Requests that somebody else makes up in Twilio's name."""

import base64
import hashlib
import json

from tests.gateway.channels.platforms.platform import Post
from tests.gateway.channels.platforms.twilio_requests import FORM, TOKEN, Fields, form, posted, signature

OTHER_ACCOUNT, OTHER_TOKEN = "AC" + "f" * 32, "0" * 32


def forgeries(url: str, fields: dict[str, str]) -> dict[str, Post]:
    """By name; `fields` is a form that Twilio would post to `url`."""
    pairs = list(fields.items())
    right = signature(url, pairs)
    return {
        "no signature": Post(form(pairs), {"content-type": FORM}),
        "another content type": Post(form(pairs), {"content-type": "text/plain", "X-Twilio-Signature": right}),
        **{name: posted(pairs, given) for name, given in wrong_signatures(url, pairs).items()},
        **changed_requests(url, pairs, right),
        **signed_requests(url, fields),
    }


def wrong_signatures(url: str, pairs: Fields) -> dict[str, str]:
    right = signature(url, pairs)
    harmless = [(name, "thanks" if name == "Body" else value) for name, value in pairs]
    return {
        "an empty signature": "",
        "a wrong token": signature(url, pairs, OTHER_TOKEN),
        "no token": signature(url, pairs, ""),
        "http instead of https": signature(url.replace("https:", "http:"), pairs),
        "the address behind the proxy": signature("http://127.0.0.1:8080/webhooks/twilio", pairs),
        "another host": signature("https://evil.example/webhooks/twilio", pairs),
        "another path": signature(f"{url}/", pairs),
        "the address without the form": signature(url, []),
        "another text": signature(url, harmless),
        "another hash": signature(url, pairs, hash="sha256"),
        "hexadecimal": base64.b64decode(right).hex(),
        "another case": right.swapcase(),
        "cut short": right[:-2],
        "given twice": f"{right}, {right}",
        "the token itself": TOKEN,
    }


def changed_requests(url: str, pairs: Fields, right: str) -> dict[str, Post]:
    """A genuine signature with something else than what it is of."""
    body = dict(pairs)["Body"]
    renamed = [("body" if name == "Body" else name, value) for name, value in pairs]
    return {
        "a query that was not signed": posted(pairs, right, "parcel=1.0"),
        "another query": posted(pairs, signature(f"{url}?parcel=2.0", pairs), "parcel=1.0"),
        "a parameter more": posted([*pairs, ("OptOutType", "STOP")], right),
        "a parameter less": posted(pairs[1:], right),
        "a parameter twice": posted([("Body", "thanks"), *pairs], right),
        "the same parameter twice": posted([*pairs, ("Body", body)], right),
        "a parameter of another name": posted(renamed, right),
    }


def signed_requests(url: str, fields: dict[str, str]) -> dict[str, Post]:
    """Signed with the right token, and still not what Twilio sends to this account."""
    twice = [("Body", "thanks"), *fields.items()]
    other = list({**fields, "AccountSid": OTHER_ACCOUNT}.items())
    nobody = [(name, value) for name, value in fields.items() if name != "AccountSid"]
    body = json.dumps(fields).encode()
    query = f"bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"content-type": "application/json", "X-Twilio-Signature": signature(f"{url}?{query}", [])}
    return {
        "a parameter twice, signed": posted(twice, signature(url, twice)),
        "another account": posted(other, signature(url, other)),
        "no account": posted(nobody, signature(url, nobody)),
        "nothing at all": posted([], signature(url, [])),
        "json": Post(body, {**headers, "X-Twilio-Signature": signature(url, [])}),
        "json with its hash": Post(body, headers, query=query),
    }

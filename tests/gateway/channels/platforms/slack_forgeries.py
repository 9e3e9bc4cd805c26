"""Slack's signature, and requests that only look as if they had it."""

import base64
import hashlib
import hmac
import time

from tests.gateway.channels.platforms.platform import Post

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def signed_headers(now: str, body: bytes) -> dict[str, str]:
    return _headers(now, _signature(now, body))


def forgeries(good: Post, other: Post, press: Post) -> dict[str, Post]:
    """Made of three signed requests: one that says an emergency, one that says something else, a press of a button."""
    body, now = good.body, good.headers["X-Slack-Request-Timestamp"]
    old, future = str(int(time.time()) - 301), str(int(time.time()) + 3600)
    right = good.headers["X-Slack-Signature"]
    base = f"v0:{now}:".encode() + body
    digest = hmac.new(SECRET.encode(), base, hashlib.sha256).digest()
    return {
        "no signature": _post(body, {"X-Slack-Request-Timestamp": now}),
        "no time": _post(body, {"X-Slack-Signature": right}),
        "neither": _post(body, {}),
        "empty signature": _post(body, _headers(now, "")),
        "scheme alone": _post(body, _headers(now, "v0=")),
        "another secret": _post(body, _headers(now, _signature(now, body, "another secret"))),
        "empty secret": _post(body, _headers(now, _signature(now, body, ""))),
        "too old": _post(body, _headers(old, _signature(old, body))),
        "from the future": _post(body, _headers(future, _signature(future, body))),
        "changed words": _post(body.replace(b"son", b"dad"), good.headers),
        "changed time": _post(body, _headers(str(int(now) - 1), right)),
        "another message's signature": _post(body, other.headers),
        "no scheme": _post(body, _headers(now, right[3:])),
        "another scheme": _post(body, _headers(now, f"v1={right[3:]}")),
        "capitals": _post(body, _headers(now, right.upper())),
        "base64": _post(body, _headers(now, f"v0={base64.b64encode(digest).decode()}")),
        "sha1": _post(body, _headers(now, f"v0={hmac.new(SECRET.encode(), base, hashlib.sha1).hexdigest()}")),
        "two signatures": _post(body, _headers(now, f"{_signature(now, body, 'another')},{right}")),
        "two times": _post(body, _headers(f"{now},{now}", right)),
        "time in words": _post(body, _headers("now", _signature("now", body))),
        "endless time": _post(body, _headers("9" * 400, _signature("9" * 400, body))),
        "negative time": _post(body, _headers(f"-{now}", _signature(f"-{now}", body))),
        "time with a fraction": _post(body, _headers(f"{now}.0", _signature(f"{now}.0", body))),
        "not UTF-8": _post(body + b"\xff", _headers(now, right)),
        "unsigned press": Post(press.body, {"Content-Type": FORM}),
        "address check": _post(b'{"type": "url_verification", "challenge": "x"}', {}),
    }


def _signature(now: str, body: bytes, secret: str = SECRET) -> str:
    return f"v0={hmac.new(secret.encode(), f'v0:{now}:'.encode() + body, hashlib.sha256).hexdigest()}"


def _headers(now: str, signature: str) -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": signature}


def _post(body: bytes, headers: dict[str, str]) -> Post:
    return Post(body, {**headers, "Content-Type": JSON})

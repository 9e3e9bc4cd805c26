"""A bridge between the bot's hand-off and a Chatwoot inbox of the kind "API"; it keeps nothing.

HANDOFF_SECRET=... GATEWAY_URL=http://127.0.0.1:8080 CHATWOOT_URL=https://app.chatwoot.com \
CHATWOOT_INBOX=<inbox identifier> CHATWOOT_SECRET=<secret of the inbox> BRIDGE_PORT=8090 python chatwoot_bridge.py

POST /handoff takes what the bot posts (HANDOFF_URL), POST /chatwoot is the inbox's webhook URL. It needs httpx alone.
Chatwoot 4.13 or newer: older ones do not sign what an API inbox posts.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

import httpx

SECRET, INBOX_SECRET = os.environ["HANDOFF_SECRET"], os.environ["CHATWOOT_SECRET"]
GATEWAY = os.environ.get("GATEWAY_URL", "http://127.0.0.1:8080")
INBOX = f"{os.environ['CHATWOOT_URL']}/public/api/v1/inboxes/{os.environ['CHATWOOT_INBOX']}"
WINDOW_SECONDS, LONGEST_BODY = 300, 1024 * 1024
SPEAKERS = {"person": "Person", "bot": "Bot", "staff": "Clinic's staff"}
client, one_at_a_time = httpx.Client(timeout=4), Lock()
posted: dict[tuple[str, int], None] = {}  # messages that Chatwoot took lately: what the bot posts again is left out


def sign(id: str, at: str, body: bytes) -> str:
    """A signature of Standard Webhooks."""
    key = base64.b64decode(SECRET.removeprefix("whsec_")) if SECRET.startswith("whsec_") else SECRET.encode()
    return "v1," + base64.b64encode(hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()).decode()


def is_lately(at: str) -> bool:
    """Whether that is a time of the last five minutes."""
    return at.isascii() and at.isdecimal() and abs(time.time() - int(at)) < WINDOW_SECONDS


def is_of_bot(headers: Any, body: bytes) -> bool:
    """Whether the bot signed it."""
    id, at, given = (headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    return is_lately(at) and hmac.compare_digest(sign(id, at, body).encode(), given.encode())


def is_of_chatwoot(headers: Any, body: bytes) -> bool:
    """Whether Chatwoot signed it, as version 4.13 and newer do."""
    at, given = headers.get("X-Chatwoot-Timestamp", ""), headers.get("X-Chatwoot-Signature", "")
    expected = hmac.new(INBOX_SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return is_lately(at) and hmac.compare_digest(f"sha256={expected}".encode(), given.encode())


def chatwoot(path: str, **content: Any) -> Any:
    """Post to Chatwoot's client API."""
    return client.post(f"{INBOX}/contacts{path}", json=content).raise_for_status().json()


def to_chatwoot(event: dict[str, Any]) -> int:
    """Write what the bot posted into the Chatwoot conversation of that chat."""
    data, kind = event["data"], event["type"]
    source = f"baclofen-{data['channel']}-{data['conversation']}"
    with one_at_a_time:
        chatwoot("", source_id=source, name=f"Chat {data['conversation']} ({data['channel']})")
        known = client.get(f"{INBOX}/contacts/{source}/conversations").raise_for_status().json()
        conversation = known[-1] if known else chatwoot(f"/{source}/conversations")
        path = f"/{source}/conversations/{conversation['id']}/messages"
        if kind == "conversation.erased":
            chatwoot(path, content="[The person had this chat deleted. Please delete it here, too.]")
        elif kind == "conversation.handed_off":
            chatwoot(path, content=f"[Handed off by the bot. Highest level: {data['level']}. {data['url']}]")
        for message in data.get("messages", ()):
            if (source, message["id"]) not in posted:
                chatwoot(path, content=f"{SPEAKERS[message['from']]}: {message['text']}")
                posted[source, message["id"]] = None
                if len(posted) > 10_000:
                    del posted[next(iter(posted))]
    return 204


def to_gateway(event: dict[str, Any]) -> int:
    """Send what an agent wrote to the person; Chatwoot shows the agent that it failed where this is no 2xx."""
    is_reply = event.get("event") == "message_created" and event.get("message_type") == "outgoing"
    is_resolved = event.get("event") == "conversation_status_changed" and event.get("status") == "resolved"
    if not (is_reply and not event.get("private")) and not is_resolved:
        return 204
    conversation = event["conversation"] if is_reply else event
    bot, channel, number = conversation["contact_inbox"]["source_id"].split("-")
    whose = {"conversation": int(number), "channel": channel}
    if is_reply and not event.get("content"):
        return 422  # a picture or a file: the agent is to write it
    if is_reply:
        id, content = f"chatwoot-{event['id']}", {**whose, "text": event["content"]}
    else:
        id, content = f"chatwoot-closed-{number}-{event.get('updated_at')}", {**whose, "type": "closed"}
    body, at = json.dumps(content).encode(), str(int(time.time()))
    headers = {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": sign(id, at, body)}
    answer = client.post(f"{GATEWAY}/handoff/replies", content=body, headers=headers)
    return 204 if is_resolved and answer.status_code == 404 else answer.status_code


ROUTES = {"/handoff": (is_of_bot, to_chatwoot), "/chatwoot": (is_of_chatwoot, to_gateway)}


class Handler(BaseHTTPRequestHandler):
    """Both directions; the answer's status tells how it went."""

    timeout = 10

    def do_POST(self) -> None:
        """Pass on what is signed."""
        length = self.headers.get("content-length", "")
        body = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= LONGEST_BODY else b""
        is_signed, passed_on = ROUTES.get(self.path, (lambda *_: False, to_gateway))
        try:
            status = passed_on(json.loads(body)) if is_signed(self.headers, body) else 403
        except httpx.HTTPError:
            status = 502
        except (ValueError, KeyError, TypeError, AttributeError):
            status = 400
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """No addresses in the log."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("BRIDGE_PORT", "8090"))), Handler).serve_forever()

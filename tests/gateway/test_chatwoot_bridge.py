"""docs/channels/chatwoot_bridge.py between the bot's events and a Chatwoot that answers in its documented form."""

import hashlib
import hmac
import json
import os
import re
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from baclofen_faq.vetted_files import ROOT
from service.conversations.webhooks import signature, signed_headers, verified_id
from tests.conftest import free_port
from tests.faults.processes import Process
from tests.gateway.desk import SECRET

INBOX, INBOX_SECRET = "A1b2C3", "secret of the inbox"
PATH = re.compile(rf"/public/api/v1/inboxes/{INBOX}/contacts(?:/([^/]+)/conversations(?:/(\d+)/messages)?)?")


class Servers:
    """Chatwoot's client API and the gateway's /handoff/replies, on one port."""

    def __init__(self) -> None:
        self.contacts: dict[str, list[dict[str, Any]]] = {}  # conversations by source_id
        self.messages: list[tuple[str, int, str]] = []
        self.replies: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, Any]:
        if path == "/handoff/replies":
            self.replies.append((verified_id(SECRET, headers, body), json.loads(body)))
            return self.status, {}
        found = PATH.fullmatch(path)
        assert found, path
        source, conversation = found.groups()
        content = json.loads(body) if body else {}
        if source is None:
            self.contacts.setdefault(content["source_id"], [])
            return 200, {"source_id": content["source_id"], "pubsub_token": "x", "id": 1, "name": content["name"]}
        if conversation is None and method == "GET":
            return 200, self.contacts[source]
        if conversation is None:
            made = {"id": len(self.messages) + 100, "inbox_id": 1, "contact": {"id": 1}, "messages": []}
            self.contacts[source].append(made)
            return 200, made
        assert int(conversation) in [one["id"] for one in self.contacts[source]]
        self.messages.append((source, int(conversation), content["content"]))
        return 200, {"id": len(self.messages), "content": content["content"], "message_type": 0}

    def _handler(servers) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                status, answer = servers.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(answer).encode())

            do_GET = do_POST = serve

            def log_message(self, *_: object) -> None:
                pass

        return Handler


class Bridge:
    """The bridge's process, and what the bot and Chatwoot post to it."""

    def __init__(self, folder: Path) -> None:
        self.servers, port = Servers(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        own = {"HANDOFF_SECRET": SECRET, "GATEWAY_URL": self.servers.url, "CHATWOOT_URL": self.servers.url}
        own |= {"CHATWOOT_INBOX": INBOX, "CHATWOOT_SECRET": INBOX_SECRET, "BRIDGE_PORT": str(port)}
        command = [sys.executable, str(ROOT / "docs" / "channels" / "chatwoot_bridge.py")]
        self.process = Process(command, folder / "bridge.txt", {**os.environ, **own}, is_ready=self._answers)

    def _answers(self) -> bool:
        try:
            return httpx.post(f"{self.url}/nothing").status_code == 403
        except httpx.HTTPError:
            return False

    def bot(self, kind: str, *messages: dict[str, Any], **changed: str) -> int:
        """The bot posts an event about conversation 17."""
        data = {"conversation": 17, "channel": "sms", "level": "none", "url": "https://c/17", "messages": messages}
        body = json.dumps({"type": kind, "timestamp": "2026-11-26T10:00:00+00:00", "data": data}).encode()
        headers = {**signed_headers(SECRET, "handoff_1_2", body), **changed}
        return httpx.post(f"{self.url}/handoff", content=body, headers=headers).status_code

    def chatwoot(self, at: int = 0, secret: str = INBOX_SECRET, **changed: Any) -> int:
        """Chatwoot posts that an agent wrote."""
        content = {
            "event": "message_created", "id": 1234, "content": "We call you {now}", "message_type": "outgoing",
            "private": False, "content_type": "text", "content_attributes": {}, "inbox": {"id": 1, "name": "bot"},
            "sender": {"id": 1, "name": "Agent", "type": "user"}, "account": {"id": 1, "name": "clinic"},
            "conversation": {"id": 100, "status": "open", "contact_inbox": {"id": 1, "source_id": "baclofen-sms-17"}},
            **changed,
        }  # fmt: skip
        body, stamp = json.dumps(content).encode(), str(int(time.time()) + at)
        signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Chatwoot-Timestamp": stamp, "X-Chatwoot-Signature": f"sha256={signed}"}
        return httpx.post(f"{self.url}/chatwoot", content=body, headers=headers).status_code


@pytest.fixture
def bridge(tmp_path: Path) -> Iterator[Bridge]:
    one = Bridge(tmp_path)
    one.process.start()
    one.process.wait_until_ready()
    yield one
    one.process.kill()
    one.servers.close()


def said(id: int, text: str, by: str = "person") -> dict[str, Any]:
    return {"id": id, "from": by, "at": "2026-11-26T10:00:00+00:00", "level": "none", "text": text}


def test_a_chat_becomes_one_conversation_in_chatwoot(bridge: Bridge) -> None:
    assert bridge.bot("conversation.handed_off", said(1, "hello"), said(2, "Sorry ...", "bot")) == 204
    assert bridge.bot("message.created", said(3, "are you there?")) == 204
    texts = [text for _, _, text in bridge.servers.messages]
    assert texts[1:] == ["Person: hello", "Bot: Sorry ...", "Person: are you there?"]
    assert {(source, number) for source, number, _ in bridge.servers.messages} == {("baclofen-sms-17", 100)}


def test_what_is_posted_again_is_shown_once(bridge: Bridge) -> None:
    for _ in range(2):
        assert bridge.bot("message.created", said(1, "hello")) == 204
    assert [text for _, _, text in bridge.servers.messages] == ["Person: hello"]


def test_what_an_agent_writes_goes_to_the_gateway_signed(bridge: Bridge) -> None:
    assert bridge.chatwoot() == 200
    text = {"conversation": 17, "channel": "sms", "text": "We call you {now}"}
    assert bridge.servers.replies == [("chatwoot-1234", text)]


def test_a_refusal_reaches_chatwoot_so_that_the_agent_sees_it(bridge: Bridge) -> None:
    bridge.servers.status = 409
    assert bridge.chatwoot() == 409


def test_a_resolved_conversation_is_closed(bridge: Bridge) -> None:
    resolved = {"event": "conversation_status_changed", "status": "resolved", "updated_at": 5}
    assert bridge.chatwoot(**resolved, contact_inbox={"source_id": "baclofen-sms-17"}) == 200
    assert bridge.servers.replies[0][1] == {"conversation": 17, "channel": "sms", "type": "closed"}


def test_notes_incoming_messages_and_other_events_go_nowhere(bridge: Bridge) -> None:
    changes: list[dict[str, Any]] = [
        {"private": True}, {"message_type": "incoming"}, {"message_type": "template"}, {"event": "message_updated"},
        {"event": "conversation_status_changed", "status": "open"},
    ]  # fmt: skip
    assert {bridge.chatwoot(**change) for change in changes} == {204}
    assert bridge.servers.replies == []


def test_a_picture_without_words_is_refused(bridge: Bridge) -> None:
    assert bridge.chatwoot(content=None) == 422
    assert bridge.servers.replies == []


def test_nothing_forged_passes_in_either_direction(bridge: Bridge) -> None:
    bad = [bridge.chatwoot(secret="another"), bridge.chatwoot(at=-400), bridge.chatwoot(at=400)]
    bad += [bridge.bot("message.created", said(1, "x"), **{name: "1"}) for name in ("webhook-id", "webhook-signature")]
    bad.append(bridge.bot("message.created", said(1, "x"), **{"webhook-timestamp": "1"}))
    assert bad == [403] * 6
    assert bridge.servers.replies == [] and bridge.servers.messages == []


def test_while_chatwoot_is_away_the_bot_is_told_to_try_again(bridge: Bridge) -> None:
    bridge.servers.close()
    assert bridge.bot("message.created", said(1, "hello")) == 502


def test_the_signed_example_of_the_docs_is_right() -> None:
    page = (ROOT / "docs" / "channels" / "hand-off.md").read_text(encoding="utf-8")
    request = page.partition("POST /handoff/replies\n")[2].partition("```")[0].strip()
    headers, _, body = request.partition("\n\n")
    given = dict(line.split(": ", 1) for line in headers.splitlines())
    id, at, signed = (given[f"webhook-{name}"] for name in ("id", "timestamp", "signature"))
    assert SECRET in page and signature(SECRET, id, at, body.encode()) == signed

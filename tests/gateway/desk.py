"""The clinic's desk, for the tests: what it is posted, and what its staff write back."""

import json
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from service.conversations.webhooks import Forged, signature, signed_headers, verified_id

SECRET = "whsec_aGFuZC1vZmYgc2VjcmV0IG9mIHRoZSB0ZXN0cw=="


class Desk:
    """Takes signed events only. While it is `down` it takes none."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, Any]]] = []  # (webhook-id, event)
        self.ids_tried: list[str] = []
        self.forged, self.down, self.replies_url = 0, False, ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/handoff"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def of(self, words: str) -> int:
        """The number of the conversation in which somebody wrote these words, once the desk has them."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for _, event in list(self.events):
                if any(words in message["text"] for message in event["data"].get("messages", ())):
                    return int(event["data"]["conversation"])
            time.sleep(0.05)
        raise AssertionError(f"the desk never got {words}: {self.events[-3:]}")

    def messages(self, number: int) -> list[dict[str, Any]]:
        """All messages of a conversation, in the order in which they came."""
        return [one for _, event in self.events if event["data"]["conversation"] == number for one in of_event(event)]

    def kinds(self, number: int) -> list[str]:
        return [event["type"] for _, event in self.events if event["data"]["conversation"] == number]

    def writes(self, number: int, text: str, channel: str = "web", id: str = "") -> httpx.Response:
        """Staff write to the person."""
        return self.posts({"conversation": number, "channel": channel, "text": text}, id)

    def posts(self, content: Any, id: str = "") -> httpx.Response:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        headers = signed_headers(SECRET, id or str(uuid.uuid4()), body)
        return httpx.post(self.replies_url, content=body, headers=headers, timeout=10)

    def forgeries(self, number: int) -> dict[str, tuple[bytes, dict[str, str]]]:
        """Requests that the desk did not sign, or that are old."""
        body = json.dumps({"conversation": number, "channel": "web", "text": "forged words"}).encode()
        real, id, at = signed_headers(SECRET, "forged", body), "forged", int(time.time())

        def old(seconds: int) -> dict[str, str]:
            made = str(at - seconds)
            return {"webhook-timestamp": made, "webhook-signature": signature(SECRET, id, made, body)}

        changes: dict[str, dict[str, str]] = {
            "unsigned": {"webhook-signature": ""},
            "another secret": signed_headers("another secret", id, body),
            "another text's": signed_headers(SECRET, id, b"{}"),
            "another id": {"webhook-id": "other"},
            "no id": {"webhook-id": ""},
            "another time": {"webhook-timestamp": str(at + 1)},
            "old": old(301),
            "of tomorrow": old(-24 * 3600),
            "no time": {"webhook-timestamp": "now"},
            "a time in other digits": {"webhook-timestamp": "١٢٣"},
            "without its version": {"webhook-signature": real["webhook-signature"].removeprefix("v1,")},
            "another version": {"webhook-signature": real["webhook-signature"].replace("v1,", "v2,")},
            "hexadecimal": {"webhook-signature": "v1," + "ab" * 32},
        }
        return {name: (body, {**real, **change}) for name, change in changes.items()}

    def _handler(desk) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(desk._take(self.headers, body))
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _take(self, headers: Any, body: bytes) -> int:
        try:
            id = verified_id(SECRET, headers, body)
        except Forged:
            self.forged += 1
            return 403
        self.ids_tried.append(id)
        if self.down:
            return 500
        self.events.append((id, json.loads(body)))
        return 204


def of_event(event: dict[str, Any]) -> list[dict[str, Any]]:
    return list(event["data"].get("messages", ()))

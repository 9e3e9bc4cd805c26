"""The REST channel as `make chat` and scripts on the same machine use it. It is unsigned, and off in production."""

import json
import uuid
from typing import Any

from tests.gateway.channels.platforms.answering import Answering, Reply, as_json
from tests.gateway.channels.platforms.platform import Post, Shown

JSON = {"Content-Type": "application/json"}


class Rest(Answering):
    """Anybody on the machine, as anybody: so nothing can be forged."""

    name = channel = "rest"
    is_signed = False

    @property
    def path(self) -> str:
        return "/webhooks/rest/webhook"

    def words(self, person: str, text: str, id: str | None = None) -> Post:
        body = {"sender": person, "message": text, "message_id": id or uuid.uuid4().hex}
        return Post(as_json(body), JSON)

    def press(self, person: str, shown: Shown, choice: int) -> Post:
        return self.words(person, shown.payloads[choice])

    def forgeries(self, person: str) -> dict[str, Post]:
        return {}

    def malformed(self, person: str) -> dict[str, Post]:
        bodies: dict[str, Any] = {
            "a list": [],
            "nobody": {"message": "hello"},
            "nothing said": {"sender": person},
            "blank": {"sender": person, "message": " \n"},
            "a number": {"sender": person, "message": 5},
            "an id that is none": {"sender": person, "message": "hello", "message_id": []},
            "a sender with a NUL": {"sender": f"{person}\0", "message": "hello"},
        }
        raw = {"no JSON": b"hello", "no UTF-8": b"\xff\xfe{}", "deep": b"[" * 9000, "empty": b""}
        return {name: Post(body, JSON) for name, body in raw.items()} | {
            name: Post(as_json(body), JSON) for name, body in bodies.items()
        }

    def heard(self, post: Post, content: Any) -> tuple[str, str, list[Reply]]:
        body = json.loads(post.body)
        if any(reply["recipient_id"] != body["sender"] for reply in content):
            self.violations.append("a reply for somebody else")
        return body["sender"], body["message_id"], content

    def text_of(self, reply: Reply) -> str:
        return str(reply["text"])

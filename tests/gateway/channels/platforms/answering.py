"""What the channels share that answer in their responses: the web page's and REST."""

import json
import threading
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import httpx

from tests.gateway.channels.platforms.platform import Answer, Asked, Platform, Post, Shown

Reply = dict[str, Any]


class Answering(Platform):
    """No servers that the bot sends to: a response's replies are shown, once where a message was sent again."""

    has_servers = False

    def __init__(self) -> None:
        super().__init__()
        self._answered: dict[tuple[str, str], list[Reply]] = {}
        self._lock = threading.Lock()

    @abstractmethod
    def heard(self, post: Post, content: Any) -> tuple[str, str, list[Reply]]:
        """Whose post it was, its id, and the replies to it in the answer's content."""

    @abstractmethod
    def text_of(self, reply: Reply) -> str:
        """All that the person sees of a reply but its buttons."""

    def post(self, post: Post) -> httpx.Response:
        response = super().post(post)
        if response.status_code == 200:
            with self._lock:
                self._show(*self.heard(post, response.json()))
        return response

    def _show(self, person: str, id: str, replies: Sequence[Reply]) -> None:
        said = list(replies)
        if self._answered.setdefault((person, id), said) != said:
            self.violations.append("a message that was sent again got other replies")
        if self._answered[person, id] is not said:
            return
        for reply in said:
            self._check(reply)
            buttons = reply.get("buttons", [])
            titles, payloads = ([button[key] for button in buttons] for key in ("title", "payload"))
            self.messages.append(Shown(person, self.text_of(reply), tuple(titles), tuple(payloads)))

    def _check(self, reply: Reply) -> None:
        """What the clients of these channels rely on."""
        for key in ("text", "level", "answer_id"):
            if not isinstance(reply.get(key), str) or not reply[key].strip():
                self.violations.append(f"a reply without {key}")
        for button in reply.get("buttons", []):
            if not button["title"].strip() or not button["payload"].startswith("/"):
                self.violations.append(f"a button of another form: {button}")

    def environment(self) -> dict[str, str]:
        return {}

    def answer(self, asked: Asked) -> Answer:
        raise AssertionError(f"{self.channel} has no servers")

    def without_words(self, person: str) -> dict[str, Post]:
        return {}  # there is nothing but words

    def without_reply(self, person: str) -> dict[str, Post]:
        return {}

    def edited(self, person: str, text: str) -> None:
        return None

    def refuse(self, person: str) -> None:
        raise AssertionError(f"{self.channel} has no servers")

    def too_many(self, wait_seconds: int) -> Answer:
        raise AssertionError(f"{self.channel} has no servers")


def as_json(content: object) -> bytes:
    return json.dumps(content).encode()

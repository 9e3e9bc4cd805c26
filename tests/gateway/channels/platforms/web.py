"""The clinic's web page: a visitor's browser with the chat box in it."""

import json
import time
import uuid
from typing import Any

from django.core.signing import Signer, b62_encode

from service.gateway.channels.web.sessions import SALT
from tests.gateway.channels.platforms.answering import Answering, Reply, as_json
from tests.gateway.channels.platforms.platform import Post, Shown

AN_HOUR = 3600
FORGED = "my husband is having a seizure right now"


class Web(Answering):
    """Each person is a visitor with a session of their own; the box posts with the newest token that it was given."""

    name = channel = "web"

    def __init__(self) -> None:
        super().__init__()
        self.secret_key = ""  # the gateway's; what nobody else knows
        self._tokens: dict[str, str] = {}
        self._visitors: dict[str, str] = {}

    @property
    def path(self) -> str:
        return "/web/messages"

    def words(self, person: str, text: str, id: str | None = None) -> Post:
        return self._message(person, text, uuid.uuid5(uuid.NAMESPACE_OID, id) if id else uuid.uuid4())

    def press(self, person: str, shown: Shown, choice: int) -> Post:
        return self.words(person, shown.payloads[choice])

    def forgeries(self, person: str) -> dict[str, Post]:
        token = self._token(person)
        conversation, *_, signature = token.split(":")
        other = "A" if signature[-1] != "A" else "B"
        old, now = (b62_encode(int(time.time()) - age) for age in (AN_HOUR, 0))
        tokens = {
            "no token": "",
            "nonsense": "nonsense",
            "colons": "a:b:c",
            "the conversation alone": conversation,
            "without a signature": token.rpartition(":")[0],
            "another signature": f"{token[:-1]}{other}",
            "another conversation": f"{conversation[::-1]}:{token.partition(':')[2]}",
            "another time": f"{conversation}:{old}:{signature}",
            "of another server": Signer(key="another" * 9, salt=SALT, fallback_keys=()).sign(f"{conversation}:{now}"),
            "of another use": Signer(key=self.secret_key, salt="other", fallback_keys=()).sign(f"{conversation}:{now}"),
            "expired": Signer(key=self.secret_key, salt=SALT, fallback_keys=()).sign(f"{conversation}:{old}"),
        }
        headers: dict[str, dict[str, str]] = {
            "no header": {"Authorization": ""},
            "another scheme": {"Authorization": f"Basic {token}"},
            "a website elsewhere": {"Origin": "https://elsewhere.example"},
            "no website": {"Origin": "null"},
            "a website of nearly that name": {"Origin": f"{self._origin}.elsewhere.example"},
        }
        changed = {name: {"Authorization": f"Bearer {made}".strip()} for name, made in tokens.items()} | headers
        real = self.words(person, FORGED)
        posts = {name: Post(real.body, {**real.headers, **change}) for name, change in changed.items()}
        in_query = Post(real.body, {**real.headers, "Authorization": ""}, query=f"token={token}")
        return {**posts, "the token in the address": in_query}

    def malformed(self, person: str) -> dict[str, Post]:
        real, id = self.words(person, "hello"), str(uuid.uuid4())
        bodies: dict[str, bytes] = {
            "no JSON": b"hello",
            "no UTF-8": b"\xff\xfe{}",
            "deep": b"[" * 9000,
            "empty": b"",
            "a list": b"[]",
            "no id": as_json({"text": "hello"}),
            "an id that is none": as_json({"id": "1", "text": "hello"}),
            "nothing said": as_json({"id": id}),
            "blank": as_json({"id": id, "text": " \n"}),
            "a number": as_json({"id": id, "text": 5}),
        }
        return {name: Post(body, real.headers) for name, body in bodies.items()}

    def heard(self, post: Post, content: Any) -> tuple[str, str, list[Reply]]:
        person = self._visitors[post.headers["Authorization"].removeprefix("Bearer ")]
        self._keep(person, content["token"])
        return person, json.loads(post.body)["id"], content["replies"]

    def text_of(self, reply: Reply) -> str:
        sources = [f"{source['title']}" for source in reply["sources"]]
        return "\n".join(filter(None, [reply["text"], *sources, reply["notice"]]))

    def _message(self, person: str, text: str, id: uuid.UUID) -> Post:
        headers = {
            "Authorization": f"Bearer {self._token(person)}",
            "Content-Type": "application/json",
            "Origin": self._origin,
        }
        return Post(as_json({"id": str(id), "text": text}), headers)

    def _token(self, person: str) -> str:
        if person not in self._tokens:
            answer = self._client.post(f"{self._origin}/web/session", json={}, headers={"Origin": self._origin})
            self._keep(person, answer.raise_for_status().json()["token"])
        return self._tokens[person]

    def _keep(self, person: str, token: str) -> None:
        self._tokens[person] = token
        self._visitors[token] = person

    @property
    def _origin(self) -> str:
        return self.webhook.removesuffix(self.path)

"""What every simulator of a platform shares."""

import json
import threading
import time
import urllib.parse
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx


@dataclass(frozen=True)
class Post:
    """A request of the platform to the bot's webhook, in the documented form."""

    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    method: str = "POST"
    query: str = ""


@dataclass(frozen=True)
class Shown:
    """One message as the person sees it: its words, and the titles of the buttons that can be pressed under it."""

    to: str
    text: str
    choices: tuple[str, ...] = ()
    payloads: tuple[str, ...] = ()  # hidden from the person; in the order of `choices`
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Asked:
    """A request of the bot to the platform."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(urllib.parse.parse_qsl(self.body.decode(), keep_blank_values=True))


@dataclass
class Answer:
    """What the platform answers."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Platform(ABC):
    """A platform's servers. What the bot sends against its documented rules is refused as it would be there, and noted.

    `violations` are in words for a developer; a test that ends with one has failed.
    """

    name: str  # the folder of service/gateway/channels
    channel: str  # as the log names it
    has_servers = True  # the bot sends to it; otherwise what the webhook answers is what is shown
    is_signed = True  # its requests are, so that forged ones can be told from them

    def __init__(self) -> None:
        self.messages: list[Shown] = []
        self.violations: list[str] = []
        self.troubles: list[Callable[[Asked], Answer | None]] = []  # asked before anything else, for `failing`
        self.webhook = ""  # the address that this process posts to; its public form is `public_url`
        self._client = httpx.Client(timeout=15)
        self.port, self._is_away = 0, False
        if self.has_servers:
            self._listen()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def path(self) -> str:
        """Where the gateway takes its posts."""
        return f"/webhooks/{self.name}"

    @property
    def public_url(self) -> str:
        """The webhook as the clinic told it to the platform; signatures of some platforms cover it."""
        return f"https://chat.clinic.example{self.path}"

    def close(self) -> None:
        if self.has_servers:
            self._hang_up()
        self._client.close()

    @contextmanager
    def failing(self, trouble: Callable[[Asked], Answer | None]) -> Iterator[None]:
        """Inside, the bot's requests get the answers of that trouble, where it has one."""
        self.troubles.append(trouble)
        try:
            yield
        finally:
            self.troubles.remove(trouble)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Inside, connections are refused, and those that were open are closed without a word."""
        self._is_away = True
        self._hang_up()
        try:
            yield
        finally:
            self._is_away = False
            self._listen()

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What the gateway is started with, beside CHANNELS, PUBLIC_URL=https://chat.clinic.example, keys."""

    @abstractmethod
    def answer(self, asked: Asked) -> Answer:
        """Check a request of the bot by the platform's rules, show its message, and answer as the platform does."""

    @abstractmethod
    def words(self, person: str, text: str, id: str | None = None) -> Post:
        """Somebody writes; the same id is the platform's retry of it, byte for byte where the platform does so."""

    @abstractmethod
    def press(self, person: str, shown: Shown, choice: int) -> Post:
        """Somebody presses the button with that place (from 0), or types its number where there is none to press."""

    @abstractmethod
    def without_words(self, person: str) -> dict[str, Post]:
        """Updates without words that get "please write it": photo, voice, sticker, file, place ..., by name."""

    @abstractmethod
    def without_reply(self, person: str) -> dict[str, Post]:
        """Updates that get no reply: reaction, read, delivered, group join, the bot's own echo ..., by name."""

    @abstractmethod
    def edited(self, person: str, text: str) -> Post | None:
        """Somebody changes what they wrote into this text; None where the platform has nothing of the kind."""

    @abstractmethod
    def forgeries(self, person: str) -> dict[str, Post]:
        """At least twelve requests that somebody else makes up, each saying an emergency, by name."""

    @abstractmethod
    def malformed(self, person: str) -> dict[str, Post]:
        """Signed requests whose content is not of the documented form, by name."""

    @abstractmethod
    def refuse(self, person: str) -> None:
        """From now on this person cannot be reached, for good: they blocked the bot."""

    @abstractmethod
    def too_many(self, wait_seconds: int) -> Answer:
        """How the platform says that it gets too much, and when to try again."""

    def post(self, post: Post) -> httpx.Response:
        """Post it to the webhook."""
        url = f"{self.webhook}?{post.query}" if post.query else self.webhook
        return self._client.request(post.method, url, content=post.body, headers=post.headers)

    def shown_to(self, person: str) -> list[Shown]:
        return [one for one in list(self.messages) if one.to == person]

    def wait_for(self, person: str, count: int = 1, seconds: float = 10) -> list[Shown]:
        """What the person sees once there are that many messages; fails where they do not come."""
        deadline = time.monotonic() + seconds
        while len(shown := self.shown_to(person)) < count:
            assert time.monotonic() < deadline, f"{self.name}: {len(shown)} of {count} messages; {self.violations}"
            time.sleep(0.02)
        return shown

    def _listen(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        self._server.daemon_threads = True
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def _hang_up(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(platform) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self) -> None:
                path, _, query = self.path.partition("?")
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                if platform._is_away:
                    self.close_connection = True
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, path, dict(urllib.parse.parse_qsl(query)), headers, body)
                self.reply(platform._answered(asked))

            do_GET = do_POST = do_DELETE = serve

            def reply(self, answer: Answer) -> None:
                content = json.dumps(answer.body).encode() if answer.body is not None else b""
                self.send_response(answer.status)
                for name, value in {"content-type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    def _answered(self, asked: Asked) -> Answer:
        for trouble in list(self.troubles):
            if answer := trouble(asked):
                return answer
        try:
            return self.answer(asked)
        except Exception as error:
            self.violations.append(f"{asked.method} {asked.path}: {type(error).__name__}: {error}")
            return Answer(400, {"error": "bad request"})

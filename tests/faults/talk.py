"""What people say to the bot in one test, what they hear, and whether the log holds just that."""

import http.client
import json
import random
import re
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.faults.bot import Bot
from tests.faults.postgres import rows
from tests.faults.processes import until

QUESTION = "what is baclofen withdrawal?"
EMERGENCY = "my husband is having a seizure right now."
DESCRIBED = "he keeps picking at things in the air and calls me by his dead sisters name."  # no phrase of red_flags.yml
EMERGENCY_SECONDS, REPLY_SECONDS, LOG_SECONDS, RECOVERY_SECONDS = 1.0, 3.5, 20, 30
AREAS = (212, 312, 415, 503, 602, 617, 702, 808)
LINES = [f"{line:02}" for line in range(100) if line not in (42, 43)]  # the made-up clinic's own
TALKS = count(random.randrange(len(AREAS) * len(LINES)))
IN_LOG = """
    SELECT c.key, m.id, m.direction, m.message_id, m.in_reply_to_id, m.text, m.level, m.answer_id
    FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
    WHERE c.channel = 'rest' AND c.key LIKE %s ORDER BY m.id
"""
Reply = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A message in the log."""

    key: str
    id: int
    direction: str
    message_id: str | None
    in_reply_to: int | None
    text: str
    level: str
    answer_id: str


@dataclass
class Turn:
    """One message of a person, and its replies; `replies` is None where the person never heard any."""

    key: str
    text: str
    message_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    began: float = 0
    ended: float = 0
    replies: list[Reply] | None = None

    @property
    def took(self) -> float:
        """Seconds from the message to its replies."""
        return self.ended - self.began


class Talk:
    """The people of one test. Their names, identifiers and one nonsense word are in no other test."""

    def __init__(self, bot: Bot) -> None:
        """Nobody has spoken yet."""
        self.id = f"t{uuid.uuid4().hex[:8]}"
        self.bot, self.turns, number = bot, [], next(TALKS)
        self.area, self.line = AREAS[number % len(AREAS)], LINES[number % len(LINES)]
        self.word = "".join(random.choices("bcdfghjkmpqvwxz", k=12))
        self.name = "".join(random.choice(letters) for letters in ("bdfgklmnprstv", "aeiou") * 4).capitalize()
        self.birth = f"3/14/19{self.line}"
        self.is_brief = False  # a crowd gives nothing away of itself
        self.turns: list[Turn] = []
        self._pool = ThreadPoolExecutor(250)

    def say(self, name: str, words: str = QUESTION) -> Turn:
        """Say words with a name, a date of birth, mail, phone and a nonsense word, and wait for the replies."""
        turn = self.begun(name, words)
        self.send(turn)
        return turn

    def say_at_once(self, *said: tuple[str, str]) -> list["Future[Turn]"]:
        """The same in threads, for (name, words) of several people."""
        return [self._pool.submit(self.say, name, words) for name, words in said]

    def begun(self, name: str, words: str = QUESTION) -> Turn:
        """A turn of a person that is still to be sent."""
        person = f"My name is {self.name}, born {self.birth}."
        contact = f"Mail {name}@{self.id}.example.org or call {self.area}-555-01{self.line}."
        about = "" if self.is_brief else f" {person} {contact}"
        turn = Turn(self.key(name), f"{words}{about} {self.word}")
        self.turns.append(turn)
        return turn

    def send(self, turn: Turn) -> list[Reply]:
        """Send a turn, perhaps again; a repeat must get the very same replies."""
        began = time.monotonic()
        replies = self._post(turn)
        if turn.replies is None:
            turn.began, turn.ended, turn.replies = began, time.monotonic(), replies
        assert replies == turn.replies, "a repeat of a message got other replies"
        return replies

    @contextmanager
    def sent_to_hang_up(self, turn: Turn) -> Iterator[None]:
        """The turn is sent; at the end the person hangs up without having heard a word."""
        connection = self._request(turn)
        try:
            yield
        finally:
            connection.close()

    def logged_replies(self, turn: Turn) -> list[str]:
        """The texts that the log holds as replies to a turn."""
        logged = self.in_log()
        ids = [row.id for row in logged if row.message_id == turn.message_id and row.direction == "in"]
        return [row.text for row in logged if row.in_reply_to in ids]

    def key(self, name: str) -> str:
        """A person's conversation."""
        return f"{self.id}-{name}"

    def is_answered_properly(self, name: str) -> bool:
        """Whether a question now gets the answer of a topic."""
        return (self.say(name).replies or [{}])[0].get("answer_id") == "what_is_withdrawal"

    def close(self) -> None:
        """Nobody speaks any more."""
        self._pool.shutdown()

    def in_log(self) -> list[Row]:
        """What the log holds of this talk, in its order."""
        return [Row(*row) for row in rows(self.bot.log, IN_LOG, f"{self.id}-%")]

    def wait_for_the_log(self) -> None:
        """Fail unless the log soon holds each message and each reply exactly once, in order, and nothing else."""
        until(lambda: not self.wrong_in_log(), LOG_SECONDS, lambda: "\n".join(self.wrong_in_log()))

    def wrong_in_log(self) -> list[str]:
        """What the log lacks, or holds too often, in the wrong order, or for no reason."""
        logged = self.in_log()
        inbound = {row.message_id: row for row in logged if row.direction == "in"}
        wrong = [problem for turn in self.turns for problem in _wrong(turn, inbound.get(turn.message_id), logged)]
        wrong += [f"{row.key}'s words are not in the log" for row in inbound.values() if self.word not in row.text]
        expected = sum(1 + len(_replies_in_log(turn, inbound, logged)) for turn in self.turns)
        if len(logged) != expected:
            wrong.append(f"the log holds {len(logged)} rows instead of {expected}")
        return wrong + self._wrong_order(inbound)

    def leaks(self, blob: bytes) -> list[str]:
        """The identifiers of this talk's people that stand in some bytes."""
        end = rf"555\D{{0,3}}01{self.line}"
        patterns = (
            f"@{self.id}",
            self.name,
            self.birth,
            end.replace(r"\D{0,3}", "-"),
            rf"{self.area}\D{{0,5}}{end}",
        )  # one by one: far faster
        found = {match for pattern in patterns for match in re.findall(pattern.encode(), blob)}
        return sorted(match.decode(errors="replace") for match in found)

    def _wrong_order(self, inbound: dict[str | None, Row]) -> list[str]:
        known = [turn for turn in self.turns if turn.message_id in inbound and turn.replies is not None]
        return [
            f"{later.text[:30]!r} of {later.key} is in the log before what was said earlier"
            for earlier in known
            for later in known
            if earlier.key == later.key and earlier.ended <= later.began
            if inbound[earlier.message_id].id >= inbound[later.message_id].id
        ]

    def _request(self, turn: Turn) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection("127.0.0.1", self.bot.place.gateway, timeout=15)
        body = {"sender": turn.key, "message": turn.text, "message_id": turn.message_id}
        connection.request("POST", "/webhooks/rest/webhook", json.dumps(body), {"Content-Type": "application/json"})
        return connection

    def _post(self, turn: Turn) -> list[Reply]:
        with closing(self._request(turn)) as connection:
            response = connection.getresponse()
            content = response.read()
        assert response.status == 200, f"{turn.key}: {response.status} {content[:300]!r}"
        return list(json.loads(content))


def assert_is_emergency(turn: Turn) -> None:
    """The guidance came first, within a second."""
    assert turn.replies and turn.replies[0]["level"] == "emergency", turn.replies
    assert turn.replies[0]["text"].startswith("Call 911 now"), turn.replies
    assert turn.took < EMERGENCY_SECONDS, f"the guidance took {turn.took:.2f} s"


def assert_is_reply(turn: Turn, seconds: float = REPLY_SECONDS) -> None:
    """There is a reply with all that each reply has, in time."""
    assert turn.replies, f"{turn.key} got no reply"
    for reply in turn.replies:
        assert reply["text"].strip() and reply["level"] and reply["answer_id"], reply
    assert turn.took < seconds, f"the reply to {turn.key} took {turn.took:.2f} s"


def _wrong(turn: Turn, inbound: Row | None, logged: list[Row]) -> list[str]:
    if inbound is None:
        return [f"{turn.text[:30]!r} of {turn.key} is not in the log"]
    if turn.replies is None:
        return []
    heard = [(reply["text"], reply["level"], reply["answer_id"]) for reply in turn.replies]
    kept = [(row.text, row.level, row.answer_id) for row in logged if row.in_reply_to == inbound.id]
    return [] if heard == kept else [f"{turn.key} heard {_ids(heard)}, the log holds {_ids(kept)}"]


def _replies_in_log(turn: Turn, inbound: dict[str | None, Row], logged: list[Row]) -> list[Any]:
    """What the log should hold as replies: those heard; where nobody heard them, those it holds."""
    if turn.replies is not None:
        return turn.replies
    row = inbound.get(turn.message_id)
    return [reply for reply in logged if row and reply.in_reply_to == row.id]


def _ids(replies: list[tuple[str, str, str]]) -> list[str]:
    return [answer_id for _, _, answer_id in replies]

"""The soak's people: a steady rate of messages, whatever the bot does, from many people, to each gateway in turn."""

import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import aiohttp

from benchmarks.soak.words import Kind, Words, Writer

CONVERSATIONS, MOST_MESSAGES = 60, 12  # open at a time; of one person
PATIENCE_SECONDS = 30
Reply = dict[str, Any]


@dataclass
class Turn:
    """One message and what came of it; times since the soak began, `replies` None where there was no 200."""

    words: Words
    conversation: str
    at: float
    message_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    took: float = 0.0
    replies: list[Reply] | None = None


@dataclass
class Person:
    """Who writes; nobody writes twice at once."""

    id: str = field(default_factory=lambda: f"soak-{uuid.uuid4().hex}")
    left: int = field(default_factory=lambda: random.randint(3, MOST_MESSAGES))
    replies: list[Reply] = field(default_factory=list)


class Traffic(Thread):
    """Says `rate` messages a second for some time; `turns` is what came of them."""

    def __init__(self, urls: Sequence[str], rate: float, seconds: float) -> None:
        """Prepare it; `urls` are the gateways."""
        super().__init__(name="traffic", daemon=True)
        self.turns: list[Turn] = []
        self.begun = 0.0
        self._urls, self._rate, self._seconds = urls, rate, seconds
        self._writer = Writer()
        self._free = [Person() for _ in range(CONVERSATIONS)]

    @property
    def now(self) -> float:
        """Seconds since it began."""
        return time.monotonic() - self.begun if self.begun else 0.0

    def run(self) -> None:
        """Until the time is over and the last reply is there."""
        self.begun = time.monotonic()
        asyncio.run(self._run())

    async def _run(self) -> None:
        patience = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)  # shorter than uvicorn's own
        async with aiohttp.ClientSession(connector=connector, timeout=patience) as session:
            talking = []
            for number in range(int(self._rate * self._seconds)):
                await asyncio.sleep(max(0.0, number / self._rate - self.now))
                talking.append(asyncio.create_task(self._talk(session, self._urls[number % len(self._urls)])))
            await asyncio.gather(*talking)

    async def _talk(self, session: aiohttp.ClientSession, url: str) -> None:
        person = self._free.pop(random.randrange(len(self._free))) if self._free else Person()
        turn = Turn(self._writer.next(person.replies), person.id, self.now)
        self.turns.append(turn)
        body = {"sender": person.id, "message": turn.words.text, "message_id": turn.message_id}
        try:
            async with session.post(f"{url}/webhooks/rest/webhook", json=body) as response:
                turn.replies = await response.json() if response.status == 200 else None
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            turn.replies = None
        turn.took = self.now - turn.at
        person.replies, person.left = turn.replies or [], person.left - 1
        self._free.append(person if person.left else Person())


def is_emergency(turn: Turn) -> bool:
    """Whether its words are one."""
    return turn.words.kind is Kind.EMERGENCY

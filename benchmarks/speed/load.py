"""Visitors who write one message after the other, each in conversations of their own, and how long replies took."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

import aiohttp

MESSAGES_A_TALK = 10
PATIENCE_SECONDS = 60
IsAnswered = Callable[[list[dict[str, Any]]], bool]


@dataclass(frozen=True)
class Candidate:
    """What is measured: a server with Rasa's REST channel.

    `is_answered` says whether a reply is one; `pids` are the processes that work for a reply, by name.
    """

    name: str
    url: str
    is_answered: IsAnswered = bool
    pids: Mapping[str, int] = field(default_factory=dict)

    @property
    def webhook(self) -> str:
        """Where messages are sent."""
        return f"{self.url}/webhooks/rest/webhook"


@dataclass
class Block:
    """What came of a stretch of load; `seconds` until the last reply, `unanswered` within the messages."""

    milliseconds: list[float] = field(default_factory=list)
    unanswered: int = 0
    seconds: float = 0.0

    @property
    def p50(self) -> float:
        """Half of the replies took no longer."""
        return median(self.milliseconds)

    @property
    def p95(self) -> float:
        """Nineteen in twenty took no longer."""
        return quantiles(self.milliseconds, n=20)[-1] if len(self.milliseconds) > 1 else self.p50

    @property
    def a_second(self) -> float:
        """Replies a second."""
        return len(self.milliseconds) / self.seconds


def together(blocks: Sequence[Block]) -> Block:
    """Several blocks as one."""
    return Block(
        [one for block in blocks for one in block.milliseconds],
        sum(block.unanswered for block in blocks),
        sum(block.seconds for block in blocks),
    )


def play(candidate: Candidate, texts: Iterator[str], visitors: int = 1, seconds: float = 0, messages: int = 0) -> Block:
    """Let so many visitors write at once, for some seconds or until so many messages were said."""
    return asyncio.run(_play(candidate, texts, visitors, seconds, messages))


def in_turns(
    candidates: Sequence[Candidate], texts: Iterator[str], messages: int, rounds: int, warm_up: int
) -> list[dict[str, float]]:
    """Let one visitor write to each of them in turns, so that a noisy machine tells nothing; p50, p95 in ms."""
    for candidate in candidates:
        play(candidate, texts, messages=warm_up)
    played = [[play(candidate, texts, messages=messages) for candidate in candidates] for _ in range(rounds)]
    blocks = [together(some) for some in zip(*played)]
    return [{"p50": block.p50, "p95": block.p95, "unanswered": block.unanswered} for block in blocks]


def talk(candidate: Candidate, sender: str, texts: Iterable[str]) -> Block:
    """Say these in one conversation, one after the other."""

    async def say_all() -> Block:
        block, begun = Block(), time.perf_counter()
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS)) as session:
            for text in texts:
                await _say(session, candidate, {"sender": sender, "message": text}, block)
        block.seconds = time.perf_counter() - begun
        return block

    return asyncio.run(say_all())


async def _play(candidate: Candidate, texts: Iterator[str], visitors: int, seconds: float, messages: int) -> Block:
    block, begun = Block(), time.perf_counter()
    left = iter(range(messages)) if messages else iter(int, 1)

    def is_over() -> bool:
        return bool(seconds and time.perf_counter() - begun > seconds) or next(left, None) is None

    connections = aiohttp.TCPConnector(limit=visitors)
    patience = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
    async with aiohttp.ClientSession(connector=connections, timeout=patience) as session:
        await asyncio.gather(*(_visit(session, candidate, texts, is_over, block) for _ in range(visitors)))
    block.seconds = time.perf_counter() - begun
    return block


async def _visit(
    session: aiohttp.ClientSession,
    candidate: Candidate,
    texts: Iterator[str],
    is_over: Callable[[], bool],
    block: Block,
) -> None:
    while True:
        sender = f"bench-{uuid.uuid4()}"
        for _ in range(MESSAGES_A_TALK):
            if is_over():
                return
            await _say(session, candidate, {"sender": sender, "message": next(texts)}, block)


async def _say(session: aiohttp.ClientSession, candidate: Candidate, body: dict[str, str], block: Block) -> None:
    begun = time.perf_counter()
    try:
        async with session.post(candidate.webhook, json=body) as response:
            is_answered = response.status == 200 and candidate.is_answered(await response.json())
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
        is_answered = False
    block.milliseconds.append(1000 * (time.perf_counter() - begun))
    block.unanswered += not is_answered

"""The way to Rasa: which of its processes a message is taken to, and to which one where that does not answer."""

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

from prometheus_client import Counter

from baclofen_faq.triage import Assessment, Route
from service.gateway.rasa import NOTHING, Rasa, Said

TURNS_A_TRACKER = 40
TURN_SECONDS = 0.4  # who has no place this long before the deadline is told so, while there is time to say it

no_answer = Counter("engine_no_answer", "Messages that no Rasa process answered in time, by the last cause", ["cause"])


class Engine:
    """One event loop's way to the Rasa processes. A conversation is taken to the same one for as long as that answers.

    By rendezvous hashing (Thaler and Ravishankar 1998) every gateway finds the same order of processes for a
    conversation, and where one dies or is added only its share of the conversations moves.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        self._rasas = [Rasa(url) for url in urls]

    async def ask(
        self, conversation: str, turns_before: int, text: str, assessment: Assessment, route: Route, deadline: float
    ) -> Said:
        """What Rasa says to a message. A process that breaks off in the middle is followed by the next one.

        Args:
            conversation: our id; Rasa's is `<conversation>.<n>`, a new n after 40 turns, so that its cost stays flat.
            turns_before: how many messages came before.
            text: redacted words, or a button's payload.
            assessment: goes along in the metadata, so that Rasa does not judge redacted words again.
            route: how the person gets baclofen, as far as they said; in the metadata too.
            deadline: until when to wait for a place and the answer, by the event loop's clock.

        Returns:
            Messages in order; nothing when Rasa is down, late, silent or makes no sense (counted and logged, never
            raised).
        """
        message = {
            "sender": f"{conversation}.{turns_before // TURNS_A_TRACKER}",
            "message": text,
            "metadata": {"assessment": assessment.as_json(), "route": route.value},
        }
        said = NOTHING
        for rasa in self._in_order(conversation):
            said = await _ask(rasa, message, deadline)
            if said.replies or _left(deadline) < TURN_SECONDS:
                break
        if not said.replies:
            no_answer.labels(said.cause).inc()
        return said

    async def close(self) -> None:
        """Leave no connection open."""
        for rasa in self._rasas:
            await rasa.close()

    def _in_order(self, conversation: str) -> list[Rasa]:
        """The conversation's own process first, then those that stand in for it; who is away comes last."""
        return sorted(self._rasas, key=lambda rasa: (rasa.is_away, rank(rasa.url, conversation)))


def rank(url: str, conversation: str) -> bytes:
    """Where a process stands for a conversation; the lowest is its own."""
    return hashlib.blake2b(f"{url} {conversation}".encode(), digest_size=8).digest()


async def _ask(rasa: Rasa, message: dict[str, Any], deadline: float) -> Said:
    """What one process says; without a place in it nobody else is asked, since its own turns are in it."""
    try:
        await asyncio.wait_for(rasa.places.acquire(), _left(deadline - TURN_SECONDS))
    except asyncio.TimeoutError:
        return rasa.nothing("NoPlace")
    return await rasa.turn(message, deadline)


def _left(deadline: float) -> float:
    return max(0.0, deadline - asyncio.get_running_loop().time())

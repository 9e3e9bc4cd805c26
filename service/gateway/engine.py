"""Rasa's client: asks for what Rasa has to say, within a deadline."""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

import httpx
from django.conf import settings
from prometheus_client import Counter

from baclofen_faq.answers import Button, Marker, Reply
from baclofen_faq.triage import Assessment, Level, Route

log = logging.getLogger(__name__)
TURNS_A_TRACKER = 40
TURNS_AT_ONCE = 8
TURN_SECONDS = 0.4  # who has no place this long before the deadline is told so, while there is time to say it
KEEPALIVE_SECONDS = 3  # shorter than Rasa's own, so that no connection is used that Rasa is closing

no_answer = Counter("engine_no_answer", "Messages that Rasa did not answer in time, by cause", ["cause"])


@dataclass(frozen=True)
class Said:
    """What Rasa said, by which of its models, the intent that it understood and how sure it was (None: not told).

    Nothing where it was down, late, silent or made no sense.
    """

    replies: tuple[Reply, ...] = ()
    model: str = ""
    intent: str = ""
    confidence: float | None = None


NOTHING = Said()


class Engine:
    """One event loop's way to Rasa: its connections, and the bound of turns that are in Rasa at a time."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_keepalive_connections=TURNS_AT_ONCE, keepalive_expiry=KEEPALIVE_SECONDS)
        self._client = httpx.AsyncClient(base_url=url, timeout=settings.ENGINE_DEADLINE_SECONDS, limits=limits)
        self._places = asyncio.Semaphore(TURNS_AT_ONCE)

    async def ask(
        self, conversation: str, turns_before: int, text: str, assessment: Assessment, route: Route, deadline: float
    ) -> Said:
        """What Rasa says to a message.

        Args:
            conversation: our id; Rasa's is `<conversation>.<n>`, a new n after 40 turns, so that its cost stays flat.
            turns_before: how many messages came before.
            text: redacted words, or a button's payload.
            assessment: goes along in the metadata, so that Rasa does not judge redacted words again.
            route: how the person gets baclofen, as far as they said; in the metadata too.
            deadline: until when to wait for a place and the answer, by the event loop's clock.

        Returns:
            Messages in order; NOTHING when Rasa is down, late, silent or makes no sense (counted and logged, never
            raised).
        """
        message = {
            "sender": f"{conversation}.{turns_before // TURNS_A_TRACKER}",
            "message": text,
            "metadata": {"assessment": assessment.as_json(), "route": route.value},
        }
        try:
            await asyncio.wait_for(self._places.acquire(), _left(deadline - TURN_SECONDS))
        except asyncio.TimeoutError:
            return _nothing("NoPlace")
        turn = asyncio.create_task(self._turn(message))
        await asyncio.wait([turn], timeout=_left(deadline))
        return turn.result() if turn.done() else _nothing("Late")

    async def _turn(self, message: dict[str, Any]) -> Said:
        """A turn, which keeps its place until it is over; nobody who stops waiting ends it.

        To cancel a request would leave its connection open in httpcore's pool, where it stays.
        """
        try:
            response = await self._client.post("/webhooks/rest/webhook", json=message)
            said = [one for entry in response.raise_for_status().json() if (one := _vetted(entry))]
        except (httpx.HTTPError, ValueError, TypeError, RecursionError) as error:
            return _nothing(type(error).__name__)
        finally:
            self._places.release()
        return (
            replace(said[0], replies=tuple(reply for one in said for reply in one.replies))
            if said
            else _nothing("Empty")
        )


def _left(deadline: float) -> float:
    return max(0.0, deadline - asyncio.get_running_loop().time())


def _nothing(cause: str) -> Said:
    no_answer.labels(cause).inc()
    log.error("engine gave no answer: cause=%s", cause)
    return NOTHING


def _vetted(entry: Any) -> Said | None:
    """A message of Rasa's answer; None (logged) for one without what every vetted message carries."""
    try:
        return Said((_reply(entry),), str(entry.get("model_id", "")), str(entry.get("intent", "")), _confidence(entry))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        log.error("message of the engine left out: error=%s", type(error).__name__)
        return None


def _confidence(entry: dict[str, Any]) -> float | None:
    """How sure Rasa was; None where what it says is no share. The vetted words count without it."""
    said = entry.get("confidence")
    return float(said) if isinstance(said, int | float) and 0 <= said <= 1 else None


def _reply(entry: dict[str, Any]) -> Reply:
    texts = [entry["text"], entry["answer_id"], entry["answer_version"]]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError("a message without text, answer_id or answer_version")
    buttons = tuple(Button(str(button["title"]), str(button["payload"])) for button in entry.get("buttons", []))
    marker = Marker(entry.get("marker", ""))
    return Reply(texts[0], Level(entry["level"]).value, texts[1], texts[2], buttons, marker)

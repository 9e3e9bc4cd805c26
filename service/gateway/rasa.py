"""One Rasa process: its connections, the bound of turns that are in it at a time, whether it is away."""

import asyncio
import logging
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
from django.conf import settings
from prometheus_client import Counter, Gauge

from baclofen_faq.answers import Button, Marker, Reply
from baclofen_faq.triage import Level

log = logging.getLogger(__name__)
TURNS_AT_ONCE = 8
KEEPALIVE_SECONDS = 3  # shorter than Rasa's own, so that no connection is used that Rasa is closing
LOOK_EVERY_SECONDS = 1.0

turns = Counter("rasa_turns", "Turns that a Rasa process answered", ["rasa"])
failures = Counter("rasa_failures", "Turns that a Rasa process did not answer in time, by cause", ["cause"])
away = Gauge("rasa_away", "1 for a Rasa process that does not answer now; others stand in for it", ["rasa"])


@dataclass(frozen=True)
class Said:
    """What Rasa said, by which of its models, the intent that it understood and how sure it was (None: not told).

    Without replies where it was down, late, silent or made no sense; `cause` says which.
    """

    replies: tuple[Reply, ...] = ()
    model: str = ""
    intent: str = ""
    confidence: float | None = None
    cause: str = ""


NOTHING = Said()


class Rasa:
    """A process that is asked turn by turn. One that breaks off or is late is away, until it answers a simple look."""

    def __init__(self, url: str) -> None:
        self.url = url
        away.labels(url).set(0)
        self.places = asyncio.Semaphore(TURNS_AT_ONCE)
        # aiohttp takes a quarter of the processor time that httpx takes
        connections = aiohttp.TCPConnector(keepalive_timeout=KEEPALIVE_SECONDS)
        within = aiohttp.ClientTimeout(settings.ENGINE_DEADLINE_SECONDS)
        self._client = aiohttp.ClientSession(url, connector=connections, timeout=within, raise_for_status=True)
        self._return: asyncio.Task[None] | None = None

    @property
    def is_away(self) -> bool:
        """Whether it broke off or was late, and has not answered since."""
        return self._return is not None

    async def turn(self, message: dict[str, Any], until: float) -> Said:
        """What it says to a message, which has a place; nobody who stops waiting ends the turn.

        The turn goes on, and keeps its place, until it is over: Rasa is at it that long.

        Args:
            message: as Rasa's REST channel takes it.
            until: how long to wait, by the event loop's clock.
        """
        turn = asyncio.create_task(self._turn(message))
        await asyncio.wait([turn], timeout=max(0.0, until - asyncio.get_running_loop().time()))
        if turn.done():
            return turn.result()
        self._leave()
        return self.nothing("Late")

    def nothing(self, cause: str) -> Said:
        """No answer, which is counted."""
        failures.labels(cause).inc()
        log.error("rasa gave no answer", extra={"cause": cause, "rasa": self.url})
        return replace(NOTHING, cause=cause)

    async def _turn(self, message: dict[str, Any]) -> Said:
        try:
            async with self._client.post("/webhooks/rest/webhook", json=message) as response:
                said = [one for entry in await response.json() if (one := _vetted(entry))]
        except aiohttp.ClientConnectorError:
            self._leave()
            return self.nothing("ConnectError")
        except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, asyncio.TimeoutError) as error:
            self._leave()
            return self.nothing(type(error).__name__)
        except (aiohttp.ClientError, ValueError, TypeError, RecursionError) as error:
            return self.nothing(type(error).__name__)
        finally:
            self.places.release()
        if not said:
            return self.nothing("Empty")
        turns.labels(self.url).inc()
        return replace(said[0], replies=tuple(reply for one in said for reply in one.replies))

    def _leave(self) -> None:
        if self._return is None:
            away.labels(self.url).set(1)
            self._return = asyncio.create_task(self._wait_for_return())

    async def _wait_for_return(self) -> None:
        """Look at it until it answers; one that was only slow is back at once."""
        while not await self._answers():
            await asyncio.sleep(LOOK_EVERY_SECONDS)
        away.labels(self.url).set(0)
        self._return = None

    async def _answers(self) -> bool:
        try:
            async with self._client.get("/", timeout=aiohttp.ClientTimeout(LOOK_EVERY_SECONDS)):
                return True
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def close(self) -> None:
        """Leave no connection open."""
        await self._client.close()


def _vetted(entry: Any) -> Said | None:
    """A message of Rasa's answer; None (logged) for one without what every vetted message carries."""
    try:
        return Said((_reply(entry),), str(entry.get("model_id", "")), str(entry.get("intent", "")), _confidence(entry))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        log.error("message of the engine left out", extra={"error": type(error).__name__})
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

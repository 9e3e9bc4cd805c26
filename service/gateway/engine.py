"""Rasa's client: asks for what Rasa has to say, within a deadline."""

import asyncio
import logging
from typing import Any

import httpx
from django.conf import settings

from baclofen_faq.answers import Button, Reply
from baclofen_faq.triage import Assessment, Level, Route

log = logging.getLogger(__name__)
TURNS_A_TRACKER = 40


async def ask(conversation: str, turns_before: int, text: str, assessment: Assessment, route: Route) -> list[Reply]:
    """What Rasa says to a message.

    Args:
        conversation: our id; Rasa's is `<conversation>.<n>` with a new n after 40 turns, so that its cost stays flat.
        turns_before: how many messages came before.
        text: redacted words, or a button's payload.
        assessment: goes along in the metadata, so that Rasa does not judge redacted words again.
        route: how the person gets baclofen, as far as they said; in the metadata too.

    Returns:
        Messages in order; [] when Rasa is down, late, silent or makes no sense (logged, never raised).
    """
    message = {
        "sender": f"{conversation}.{turns_before // TURNS_A_TRACKER}",
        "message": text,
        "metadata": {"assessment": assessment.as_json(), "route": route.value},
    }
    try:
        return await asyncio.wait_for(_post(message), settings.ENGINE_DEADLINE_SECONDS)
    except (httpx.HTTPError, asyncio.TimeoutError, ValueError, TypeError) as error:
        log.error("engine gave no answer: error=%s", type(error).__name__)
        return []


async def _post(message: dict[str, Any]) -> list[Reply]:
    async with httpx.AsyncClient(base_url=settings.RASA_URL, timeout=settings.ENGINE_DEADLINE_SECONDS) as client:
        response = await client.post("/webhooks/rest/webhook", json=message)
    return [reply for entry in response.raise_for_status().json() if (reply := _vetted(entry))]


def _vetted(entry: Any) -> Reply | None:
    """One message of Rasa's answer; None (logged) for one that does not carry what every vetted message carries."""
    try:
        return _reply(entry)
    except (KeyError, ValueError, TypeError) as error:
        log.error("message of the engine left out: error=%s %s", type(error).__name__, error)
        return None


def _reply(entry: dict[str, Any]) -> Reply:
    if not isinstance(entry["text"], str) or not entry["text"].strip():
        raise ValueError("a message without text")
    buttons = tuple(Button(button["title"], button["payload"]) for button in entry.get("buttons", []))
    return Reply(entry["text"], Level(entry["level"]).value, entry["answer_id"], entry["answer_version"], buttons)

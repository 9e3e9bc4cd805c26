"""Rasa's REST channel, with what Rasa drops: the level and answer_id of each message, and whole texts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint

log = logging.getLogger(__name__)
KEPT = ("text", "buttons", "level", "answer_id", "answer_version", "marker", "model_id", "intent", "confidence")


class WholeMessages(CollectingOutputChannel):
    """Collects one message an answer; Rasa's own splits it at blank lines and drops the metadata."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        """Collect into this list, which the REST channel returns."""
        self.messages = messages

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the message whole."""
        kept = {key: message[key] for key in KEPT if message.get(key)}
        await self._persist_message({"recipient_id": recipient_id, **kept})


class FaqRestInput(RestInput):
    """Rasa's RestInput whose replies say the level, which vetted text they are, what was understood, by which model."""

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Rasa's own routes, with WholeMessages put in place of its output channel."""

        async def on_message(message: UserMessage) -> None:
            if type(message.output_channel) is CollectingOutputChannel:  # not the queue of ?stream=true
                message.output_channel = WholeMessages(message.output_channel.messages)
            try:
                await on_new_message(message)
            except (Exception, asyncio.CancelledError) as error:  # Rasa would log the person's words with it
                log.error("turn failed", extra={"error": type(error).__name__})

        return super().blueprint(on_message)

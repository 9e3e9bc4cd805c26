"""The one path of a message, from a channel to the reply and the log."""

import asyncio
import logging
from dataclasses import dataclass
from functools import cache

from asgiref.sync import sync_to_async
from django.db import DatabaseError

from baclofen_faq.answers import Replies, Reply, load_clinic, load_replies
from baclofen_faq.redaction import redact
from baclofen_faq.triage import Assessment, Level, assess
from service.conversations import record
from service.conversations.models import Message
from service.gateway import engine
from service.gateway.clean import clean

log = logging.getLogger(__name__)
PHONE_COUNTRY = {"us": "US", "uk": "GB", "ireland": "IE", "australia": "AU", "unknown": "US"}
NOTHING_FOUND = Assessment(Level.NONE, ())
_background: set[asyncio.Task[list[Reply]]] = set()


@dataclass(frozen=True)
class Inbound:
    """One message as a channel hands it over: verified, not yet cleaned."""

    conversation: str
    text: str
    channel: str
    message_id: str


@cache
def shared_replies() -> Replies:
    """The replies of vetted/ and clinic.yml, read once a process."""
    return load_replies()


@cache
def phone_country() -> str | None:
    """Whose national phone numbers are redacted."""
    return PHONE_COUNTRY.get(load_clinic().region)


async def receive(inbound: Inbound) -> list[Reply]:
    """Answer one message: never with nothing, guidance first, a repeated message_id with the earlier replies."""
    earlier = await _earlier(inbound)
    if earlier:
        return earlier
    text = clean(inbound.text, shared_replies().payloads())
    assessment = NOTHING_FOUND if text in shared_replies().payloads() else assess(text)
    words = redact(text, phone_country())
    logged = await _log_inbound(inbound, words, assessment)
    replies = merge(_guidance(assessment), await _ask_engine(inbound, logged, words, assessment))
    await _log_replies(logged, replies)
    return replies


def merge(guidance: Reply | None, said: list[Reply]) -> list[Reply]:
    """Guidance once and first, then what the engine said; the cannot-answer-now text where there is neither."""
    first = [guidance] if guidance else []
    rest = [reply for reply in said if guidance is None or reply.answer_id != guidance.answer_id]
    return first + rest or [shared_replies().cannot_answer_now()]


def _guidance(assessment: Assessment) -> Reply | None:
    if assessment.level.urgency < Level.ADVISORY.urgency:
        return None
    return shared_replies().guidance(assessment.level.value, assessment.counting)


async def _ask_engine(inbound: Inbound, logged: Message | None, words: str, assessment: Assessment) -> list[Reply]:
    """What Rasa says. In an emergency it is told in the background: the guidance waits for nobody."""
    turns = await _turns_before(logged)
    asking = engine.ask(inbound.conversation, turns, words, assessment)
    if assessment.level is not Level.EMERGENCY:
        return await asking
    task = asyncio.create_task(asking)
    _background.add(task)
    task.add_done_callback(_background.discard)
    return []


async def _earlier(inbound: Inbound) -> list[Reply] | None:
    try:
        return await sync_to_async(record.earlier_replies)(inbound.channel, inbound.conversation, inbound.message_id)
    except DatabaseError as error:
        log.error("log not readable: error=%s", type(error).__name__)
        return None


async def _turns_before(logged: Message | None) -> int:
    if logged is None:
        return 0
    try:
        return await sync_to_async(record.turns_before)(logged)
    except DatabaseError as error:
        log.error("log not readable: error=%s", type(error).__name__)
        return 0


async def _log_inbound(inbound: Inbound, words: str, assessment: Assessment) -> Message | None:
    try:
        return await sync_to_async(record.record_inbound)(
            inbound.channel, inbound.conversation, inbound.message_id, words, assessment
        )
    except DatabaseError as error:
        log.error("message not logged: error=%s", type(error).__name__)
        return None


async def _log_replies(logged: Message | None, replies: list[Reply]) -> None:
    if logged is None:
        log.error("replies not logged: count=%d", len(replies))
        return
    try:
        await sync_to_async(record.record_replies)(logged, replies)
    except DatabaseError as error:
        log.error("replies not logged: error=%s count=%d", type(error).__name__, len(replies))

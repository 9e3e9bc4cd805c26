"""The one path of a message, from a channel to the reply and the log."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from asgiref.sync import sync_to_async
from django.db import DatabaseError

from baclofen_faq.answers import Replies, Reply, load_clinic, load_replies
from baclofen_faq.redaction import redact
from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Context, Level, assess, in_context, is_over, is_thanks
from service.conversations import record
from service.conversations.models import Message
from service.gateway import engine
from service.gateway.clean import clean

log = logging.getLogger(__name__)
PHONE_COUNTRY = {"us": "US", "uk": "GB", "ireland": "IE", "australia": "AU", "unknown": "US"}
NOTHING_FOUND = Assessment(Level.NONE, ())
LOG_SECONDS = 0.2
POLL_SECONDS = 0.1
ANSWERED_WITHIN_POLLS = 40
Result = TypeVar("Result")
_background: set[asyncio.Future[Any]] = set()
_log_threads = ThreadPoolExecutor(4, thread_name_prefix="log")


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
    text = clean(inbound.text, shared_replies().payloads())
    is_payload = text in shared_replies().payloads()
    assessment = NOTHING_FOUND if is_payload else await asyncio.to_thread(assess, text)
    if not (is_payload or assessment.level is Level.EMERGENCY):
        context = await _context(inbound)
        assessment = in_context(assessment, text, context)
        aside = _aside(text, assessment, context)
        if aside:
            return await _log_at_once(inbound, text, assessment, [aside])
    if assessment.level is Level.EMERGENCY:
        return await _log_at_once(inbound, text, assessment, merge(_guidance(assessment), []))
    return await _answer(inbound, text, assessment)


def merge(guidance: Reply | None, said: list[Reply]) -> list[Reply]:
    """Guidance once and first, then what the engine said; the cannot-answer-now text where there is neither."""
    first = [guidance] if guidance else []
    rest = [reply for reply in said if guidance is None or reply.answer_id != guidance.answer_id]
    return first + rest or [shared_replies().cannot_answer_now()]


def _guidance(assessment: Assessment) -> Reply | None:
    if assessment.level.urgency < Level.ADVISORY.urgency:
        return None
    return shared_replies().guidance(assessment.level.value, assessment.counting)


def _aside(text: str, assessment: Assessment, context: Context) -> Reply | None:
    """What is said to "ok, calling" and to "they are here" while an emergency is open; None for all else."""
    if context.open_level is not Level.EMERGENCY or assessment.level is Level.EMERGENCY:
        return None
    if is_over(text, context):
        return shared_replies().closed()
    return shared_replies().reminder() if is_thanks(text) else None


async def _answer(inbound: Inbound, text: str, assessment: Assessment) -> list[Reply]:
    """Log, ask Rasa, log. A message that is being answered already waits for those replies."""
    words = redact(text, phone_country())
    logged, is_new = await _log_inbound(inbound, words, assessment)
    if logged and not is_new:
        return merge(None, await _earlier(logged))
    said = await engine.ask(inbound.conversation, await _turns_before(logged), words, assessment)
    replies = merge(_guidance(assessment), said)
    await _log_replies(logged, replies)
    return replies


async def _log_at_once(inbound: Inbound, text: str, assessment: Assessment, replies: list[Reply]) -> list[Reply]:
    """Say what cannot wait; the log gets 0.2 s for it, and Rasa hears of it in the background.

    Rasa's own guidance is the same, and is not sent again.
    """
    await asyncio.wait([_in_background(_log_and_tell(inbound, text, assessment, replies))], timeout=LOG_SECONDS)
    return replies


async def _log_and_tell(inbound: Inbound, text: str, assessment: Assessment, replies: list[Reply]) -> None:
    words = redact(text, phone_country())
    logged, is_new = await _log_inbound(inbound, words, assessment)
    if is_new:
        await _log_replies(logged, replies)
        _in_background(engine.ask(inbound.conversation, await _turns_before(logged), words, assessment))


async def _context(inbound: Inbound) -> Context:
    """What was said before; nothing where the log does not say so in 0.2 s. Then the words decide."""
    reading = _in_log(NOTHING_BEFORE, record.context_of, inbound.channel, inbound.conversation)
    task = _in_background(reading)
    await asyncio.wait([task], timeout=LOG_SECONDS)
    return task.result() if task.done() else NOTHING_BEFORE


def _in_background(work: Awaitable[Result]) -> "asyncio.Future[Result]":
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_background.discard)
    return task


async def _log_inbound(inbound: Inbound, words: str, assessment: Assessment) -> tuple[Message | None, bool]:
    """The logged message and whether it is new; (None, True) where the log cannot be written."""
    said_by = (inbound.channel, inbound.conversation, inbound.message_id)
    return await _in_log((None, True), record.record_inbound, *said_by, words, assessment)


async def _log_replies(logged: Message | None, replies: list[Reply]) -> None:
    if logged is None:
        log.error("replies not logged: count=%d", len(replies))
        return
    await _in_log(None, record.record_replies, logged, replies)


async def _turns_before(logged: Message | None) -> int:
    return await _in_log(0, record.turns_before, logged) if logged else 0


async def _earlier(logged: Message) -> list[Reply]:
    """The replies to a message that came before; they may still be on their way."""
    for _ in range(ANSWERED_WITHIN_POLLS):
        said: list[Reply] = await _in_log([], record.earlier_replies, logged)
        if said:
            return said
        await asyncio.sleep(POLL_SECONDS)
    return []


async def _in_log(otherwise: Result, work: Callable[..., Result], *arguments: object) -> Result:
    """Run work on the log in a thread of its own, since a locked database must hold nobody up.

    Returns:
        What it returns, or `otherwise` (and an error line) where the database fails.
    """
    try:
        return await sync_to_async(work, thread_sensitive=False, executor=_log_threads)(*arguments)
    except DatabaseError as error:
        log.error("log failed: error=%s", type(error).__name__)
        return otherwise

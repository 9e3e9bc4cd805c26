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

from baclofen_faq.answers import YES_OR_NO, Replies, Reply, load_clinic, load_replies
from baclofen_faq.embedding import EmbeddingModelError
from baclofen_faq.redaction import redact
from baclofen_faq.triage import (
    NOTHING_BEFORE,
    Assessment,
    Context,
    Level,
    assess,
    in_context,
    is_over,
    is_thanks,
    is_to_be_asked,
)
from service.conversations import record
from service.conversations.models import Message
from service.gateway import engine
from service.gateway.clean import clean

log = logging.getLogger(__name__)
PHONE_COUNTRY = {"us": "US", "uk": "GB", "ireland": "IE", "australia": "AU", "unknown": "US"}
NOTHING_FOUND = Assessment(Level.NONE, ())
WORDS_OF_BUTTONS = {payload: title.lower() for payload, title in YES_OR_NO.items()}
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
    payloads = shared_replies().payloads()
    text = clean(inbound.text, payloads)
    is_payload = text in payloads
    text = WORDS_OF_BUTTONS.get(text, text)
    assessment = NOTHING_FOUND if is_payload else await asyncio.to_thread(assess, text)
    if assessment.level is Level.EMERGENCY:
        return await _log_at_once(inbound, text, assessment, NOTHING_BEFORE, [_guidance(assessment, NOTHING_BEFORE)])
    context = await _context(inbound)
    assessment, aside = await asyncio.to_thread(_with_context, text, assessment, context)
    if aside:
        return await _log_at_once(inbound, text, assessment, context, [aside])
    return await _answer(inbound, text, assessment, context)


def merge(guidance: Reply | None, said: list[Reply]) -> list[Reply]:
    """Guidance once and first, then what the engine said; the cannot-answer-now text where there is neither."""
    first = [guidance] if guidance else []
    rest = [reply for reply in said if guidance is None or reply.answer_id != guidance.answer_id]
    return first + rest or [shared_replies().cannot_answer_now()]


def _guidance(assessment: Assessment, context: Context) -> Reply:
    return shared_replies().guidance(assessment.level.value, assessment.counting, context.route.value)


def _with_context(text: str, words: Assessment, context: Context) -> tuple[Assessment, Reply | None]:
    """The assessment with what was said before, and what is said without asking the engine; None where it is asked."""
    assessment = in_context(words, text, context)
    if assessment.level is Level.EMERGENCY:
        return assessment, _guidance(assessment, context)
    aside = _aside(text, assessment, context)
    return assessment, shared_replies().after_crisis(aside) if aside and context.after_crisis else aside


def _aside(text: str, assessment: Assessment, context: Context) -> Reply | None:
    """What is said to "no", "ok, calling" and "they are here" while something is open; None for all else."""
    if context.is_asked and is_over(text, context):
        return shared_replies().not_now()
    if context.open_level is not Level.EMERGENCY or assessment.level is Level.ADVISORY:
        return None
    if is_over(text, context):
        return shared_replies().closed(is_crisis=context.after_crisis)
    return shared_replies().reminder() if is_thanks(text) else None


async def _answer(inbound: Inbound, text: str, assessment: Assessment, context: Context) -> list[Reply]:
    """Log, ask Rasa, log. A message that is being answered already waits for those replies."""
    words = redact(text, phone_country())
    logged, is_new = await _log_inbound(inbound, words, assessment)
    if logged and not is_new:
        return merge(None, await _earlier(logged))
    turns = await _turns_before(logged)
    said = await engine.ask(inbound.conversation, turns, words, assessment, context.route)
    guidance = _guidance(assessment, context) if assessment.level is Level.ADVISORY else None
    replies = merge(guidance, said)
    if is_to_be_asked(assessment, context):
        replies.append(shared_replies().is_it_now())
    if context.after_crisis:
        replies[-1] = shared_replies().after_crisis(replies[-1])
    await _log_replies(logged, replies)
    return replies


async def _log_at_once(
    inbound: Inbound, text: str, assessment: Assessment, context: Context, replies: list[Reply]
) -> list[Reply]:
    """Say what cannot wait; the log gets 0.2 s for it, and Rasa hears of it in the background.

    Rasa's own guidance is the same, and is not sent again.
    """
    telling = _in_background(_log_and_tell(inbound, text, assessment, context, replies))
    await asyncio.wait([telling], timeout=LOG_SECONDS)
    return replies


async def _log_and_tell(
    inbound: Inbound, text: str, assessment: Assessment, context: Context, replies: list[Reply]
) -> None:
    words = redact(text, phone_country())
    logged, is_new = await _log_inbound(inbound, words, assessment)
    if is_new:
        await _log_replies(logged, replies)
        turns = await _turns_before(logged)
        _in_background(engine.ask(inbound.conversation, turns, words, assessment, context.route))


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
    except (DatabaseError, EmbeddingModelError, ValueError) as error:
        log.error("log failed: error=%s", type(error).__name__)
        return otherwise

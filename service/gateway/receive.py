"""The one path of a message, from a channel to the reply and the log."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from baclofen_faq.answers import YES_OR_NO, Mode, Replies, Reply, load_clinic, load_replies
from baclofen_faq.redaction import redact
from baclofen_faq.triage import (
    NOTHING_BEFORE,
    Assessment,
    Context,
    Level,
    Told,
    in_context,
    is_over,
    is_thanks,
    is_to_be_asked,
    told_by,
    triage_version,
)
from service.conversations import outbox, record
from service.conversations.models import Entry
from service.gateway.clean import clean
from service.gateway.engine import NOTHING, Engine, Said
from service.gateway.listening import Listening
from service.gateway.mode import current_mode

log = logging.getLogger(__name__)
PHONE_COUNTRY = {"us": "US", "uk": "GB", "ireland": "IE", "australia": "AU", "unknown": "US"}
NOTHING_FOUND = Assessment(Level.NONE, ())
WORDS_OF_BUTTONS = {payload: title.lower() for payload, title in YES_OR_NO.items()}
DATABASE_SECONDS = 0.2
SENDING_SECONDS = 0.2  # what is left of the deadline to write the replies down and send them
POLL_SECONDS = 0.1
HALF_SECONDS = settings.ENGINE_DEADLINE_SECONDS / 2
HAD_ITS_TIME_SECONDS = settings.ENGINE_DEADLINE_SECONDS + DATABASE_SECONDS
Result = TypeVar("Result")
Known = tuple[Context, int, list[Reply]]
NOTHING_KNOWN: Known = (NOTHING_BEFORE, 0, [])
_turns: dict[tuple[str, str, str], "asyncio.Task[list[Reply]]"] = {}
_background: set["asyncio.Future[Any]"] = set()
_judging_threads = ThreadPoolExecutor(4, thread_name_prefix="judging")
_log_threads = ThreadPoolExecutor(4, thread_name_prefix="log")
_outbox_threads = ThreadPoolExecutor(2, thread_name_prefix="outbox reader")


@dataclass(frozen=True)
class Inbound:
    """One message as a channel hands it over: verified, not yet cleaned."""

    conversation: str
    text: str
    channel: str
    message_id: str


@dataclass(frozen=True)
class Heard:
    """A message on its way: cleaned, when it came, its assessment and what was said before as far as they are known."""

    inbound: Inbound
    text: str
    at: datetime
    assessment: Assessment = NOTHING_FOUND
    context: Context = NOTHING_BEFORE
    turns_before: int = 0


@dataclass(frozen=True)
class Judged:
    """A message with its turn for the outbox, and what is said without asking Rasa; None where it is asked."""

    heard: Heard
    entry: Entry
    aside: Reply | None


@cache
def shared_replies() -> Replies:
    """The replies of vetted/ and clinic.yml, read once a process."""
    return load_replies()


@cache
def shared_listening() -> Listening:
    """The process's triage."""
    return Listening()


@cache
def shared_engine() -> Engine:
    """The process's way to Rasa."""
    return Engine(settings.RASA_URL)


@cache
def shared_outbox() -> outbox.Writer:
    """The process's outbox, which moves to the log by itself."""
    return outbox.start(settings.VAR)


@cache
def payloads() -> frozenset[str]:
    """The texts that are a button and not words."""
    return shared_replies().payloads()


@cache
def phone_country() -> str | None:
    """Whose national phone numbers are redacted."""
    return PHONE_COUNTRY.get(load_clinic().region)


async def receive(inbound: Inbound) -> list[Reply]:
    """Answer one message: never with nothing, guidance first, a repeated message_id with the earlier replies.

    A client that hangs up ends nothing: the turn goes on, and its retry gets the replies.
    """
    key = (inbound.channel, inbound.conversation, inbound.message_id)
    if key not in _turns:
        _turns[key] = asyncio.create_task(_turn(inbound))
        _turns[key].add_done_callback(lambda _: _turns.pop(key))
    try:
        return await asyncio.shield(_turns[key])
    except Exception as error:  # a fault of our own is no reason for silence
        log.critical("turn failed: error=%s", type(error).__name__)
        return [shared_replies().cannot_answer_now()]


async def _turn(inbound: Inbound) -> list[Reply]:
    """The rules first; then the semantic layer, while the databases are read; then Rasa."""
    deadline = _now() + settings.ENGINE_DEADLINE_SECONDS
    text = clean(inbound.text, payloads())
    heard = Heard(inbound, WORDS_OF_BUTTONS.get(text, text), timezone.now())
    listening = shared_listening()
    ruled = None if text in payloads() else await listening.by_rules(heard.text)
    if ruled and ruled.assessment.level is Level.EMERGENCY:
        return await _say_without_context(heard, ruled.assessment, None)
    recalling = _in_background(_recall(heard, deadline))
    words = NOTHING_FOUND if text in payloads() else await listening.by_sound(ruled, heard.text, deadline - _now())
    if words.level is Level.EMERGENCY:
        return await _say_without_context(heard, words, recalling)
    await listening.idle(deadline - _now())
    await asyncio.wait([recalling], timeout=max(DATABASE_SECONDS, deadline - _now()))
    context, turns_before, said = recalling.result() if recalling.done() else NOTHING_KNOWN
    if said:
        return said
    heard = replace(heard, assessment=words, context=context, turns_before=turns_before)
    judged = await _judged(heard, deadline)
    return await (_say_at_once(judged) if judged.aside else _answer(judged, deadline))


async def _recall(heard: Heard, deadline: float) -> Known:
    """The context, the number of turns before, the earlier replies to a message that came before.

    Without a database nothing is known, and the words decide.
    """
    await shared_listening().after_rules()
    inbound = heard.inbound
    key = (inbound.channel, inbound.conversation)
    # The outbox before the log, so that a turn that is moved meanwhile is in one of them.
    lately = await _recall_entries(*key, inbound.message_id)
    base, said = await _read(_log_threads, record.NOTHING_KNOWN, record.recall, *key, inbound.message_id)
    others = [entry for entry in lately if entry.message_id != inbound.message_id]
    context, turns = record.context_after(base, others, heard.at)
    is_repeat = len(others) < len(lately)
    return context, turns, said or (await _said_before(inbound, deadline - HALF_SECONDS) if is_repeat else [])


async def _recall_entries(channel: str, conversation: str, message_id: str) -> list[Entry]:
    """The conversation's last turns, oldest first: of the outbox, and those that could not be written to it yet."""
    newer = shared_outbox().unwritten(channel, conversation)
    nothing: list[Entry] = []
    stored = await _read(_outbox_threads, nothing, record.recall_entries, channel, conversation, message_id)
    return list({entry.message_id: entry for entry in stored + newer}.values())


async def _said_before(inbound: Inbound, until: float) -> list[Reply]:
    """The replies to a message that came before, which another process may still be at.

    [] where there are none by then: that one ended in the middle, and the message is answered now.
    """
    while True:
        entries = await _recall_entries(inbound.channel, inbound.conversation, inbound.message_id)
        same = [entry for entry in entries if entry.message_id == inbound.message_id]
        is_at_it = any((timezone.now() - entry.received_at).total_seconds() < HAD_ITS_TIME_SECONDS for entry in same)
        said = [reply for entry in same for reply in record.replies_of(entry)]
        if said or not is_at_it or _now() > until:
            return said
        await asyncio.sleep(POLL_SECONDS)


async def _say_without_context(
    heard: Heard, words: Assessment, recalling: "asyncio.Future[Known] | None"
) -> list[Reply]:
    """Guidance for a message whose words are an emergency: nothing is looked up before it."""
    heard = replace(heard, assessment=words)
    guidance = _guidance(heard)
    entry = await asyncio.get_running_loop().run_in_executor(_judging_threads, _entry, heard)
    return await _say_at_once(Judged(heard, entry, guidance), recalling)


async def _judged(heard: Heard, deadline: float) -> Judged:
    """A message judged with what was said before; where that takes too long, by its words alone."""
    loop = asyncio.get_running_loop()
    judging = loop.run_in_executor(_judging_threads, _in_context, heard)
    await asyncio.wait([judging], timeout=max(0.1, deadline - _now()))
    if judging.done():
        return judging.result()
    return Judged(heard, _entry(heard), None)


def _in_context(heard: Heard) -> Judged:
    """A message judged with what was said before."""
    heard = replace(heard, assessment=in_context(heard.assessment, heard.text, heard.context))
    if heard.assessment.level is Level.EMERGENCY:
        return Judged(heard, _entry(heard), _guidance(heard))
    aside = _aside(heard.text, heard.assessment, heard.context)
    if aside and heard.context.after_crisis:
        aside = shared_replies().after_crisis(aside)
    return Judged(heard, _entry(heard), aside)


def _aside(text: str, assessment: Assessment, context: Context) -> Reply | None:
    """What is said to "no", "ok, calling" and "they are here" while something is open; None for all else."""
    if context.is_asked and is_over(text, context):
        return shared_replies().not_now()
    if context.open_level is not Level.EMERGENCY or assessment.level is Level.ADVISORY:
        return None
    if is_over(text, context):
        return shared_replies().closed(is_crisis=context.after_crisis)
    return shared_replies().reminder() if is_thanks(text) else None


async def _say_at_once(judged: Judged, recalling: "asyncio.Future[Known] | None" = None) -> list[Reply]:
    """Say what cannot wait; Rasa hears of it in the background. Its own guidance is the same, and is not sent again."""
    entry = judged.entry
    stored = await _written(_answered(entry, [judged.aside] if judged.aside else [], NOTHING))
    if stored is entry and current_mode() is Mode.NORMAL:
        _in_background(_tell(judged, recalling))
    return record.replies_of(stored)


async def _tell(judged: Judged, recalling: "asyncio.Future[Known] | None") -> None:
    """Let Rasa know of a message that was answered without it."""
    deadline, heard = _now() + settings.ENGINE_DEADLINE_SECONDS, judged.heard
    if not heard.turns_before:
        _, turns, _ = await (recalling or _recall(heard, deadline))
        heard = replace(heard, turns_before=turns)
    await _ask(heard, judged.entry.inbound["text"], deadline)


async def _answer(judged: Judged, deadline: float) -> list[Reply]:
    """Ask Rasa while the message is written to the outbox; write what is sent, and send it."""
    heard, entry = judged.heard, judged.entry
    writing = asyncio.ensure_future(_written(entry))
    mode = current_mode()
    engine = await _ask(heard, entry.inbound["text"], deadline) if mode is Mode.NORMAL else NOTHING
    stored = await writing
    replies = record.replies_of(stored) or _replies(heard, engine.replies, mode)
    return record.replies_of(await _written(_answered(stored, replies, engine)))


async def _ask(heard: Heard, redacted: str, deadline: float) -> Said:
    """What Rasa says, once no message waits for its assessment any more."""
    if not await shared_listening().idle(deadline - _now()):
        return NOTHING
    inbound, context = heard.inbound, heard.context
    return await shared_engine().ask(
        inbound.conversation,
        heard.turns_before,
        redacted,
        heard.assessment,
        context.route,
        deadline - SENDING_SECONDS,
    )


def _replies(heard: Heard, said: Sequence[Reply], mode: Mode) -> list[Reply]:
    """Guidance first, what the engine said, the closed question of the grey band; after a crisis its line, too."""
    replies = merge(_guidance(heard) if heard.assessment.level is Level.ADVISORY else None, said, mode)
    if is_to_be_asked(heard.assessment, heard.context):
        replies.append(shared_replies().is_it_now())
    if heard.context.after_crisis:
        replies[-1] = shared_replies().after_crisis(replies[-1])
    return replies


def merge(guidance: Reply | None, said: Sequence[Reply], mode: Mode = Mode.NORMAL) -> list[Reply]:
    """Guidance once and first, then what the engine said; where there is neither, that this cannot be answered now."""
    first = [guidance] if guidance else []
    rest = [reply for reply in said if guidance is None or reply.answer_id != guidance.answer_id]
    replies = shared_replies()
    return first + rest or [replies.cannot_answer_now() if mode is Mode.NORMAL else replies.switched_off(mode)]


def _guidance(heard: Heard) -> Reply:
    return shared_replies().guidance(heard.assessment.level.value, heard.assessment.counting, heard.context.route.value)


def _entry(heard: Heard) -> Entry:
    """The turn as the outbox keeps it: redacted. No fault of this holds guidance back: the words are left out then."""
    try:
        text, findings = _redacted(heard)
        told = told_by(heard.assessment, heard.text, heard.context)
    except Exception as error:
        log.critical("words not kept: error=%s", type(error).__name__)
        text, findings = "[not kept: redaction failed]", []
        told = Told(heard.assessment.level, heard.assessment.counting, heard.assessment.is_of_words)
    level = heard.assessment.level.value
    return Entry(
        channel=heard.inbound.channel,
        conversation=heard.inbound.conversation,
        message_id=heard.inbound.message_id,
        received_at=heard.at,
        inbound={"text": text, "level": level, "findings": findings, "triage_version": triage_version()},
        told=told.as_json(),
    )


def _redacted(heard: Heard) -> tuple[str, list[dict[str, Any]]]:
    """The text without identifiers; the findings, whose start and end count its characters."""
    redacted = redact(heard.text, phone_country())
    findings = [
        {
            "symptom": finding.symptom,
            "status": finding.status.value,
            "level": finding.level.value,
            "phrase": finding.phrase,
            "start": redacted.offset(finding.start),
            "end": redacted.offset(finding.end),
        }
        for finding in heard.assessment.findings
    ]
    return redacted.text, findings


def _answered(entry: Entry, replies: list[Reply], engine: Said) -> Entry:
    entry.replies = [record.reply_as_json(reply) for reply in replies]
    entry.model_version = engine.model
    entry.answered_at = timezone.now()
    return entry


async def _written(entry: Entry) -> Entry:
    """The turn as stored, in the outbox within 0.2 s; after that it is written in the background, and raised as alarm.

    A message_id that came before gives the turn of that time.
    """
    writing = shared_outbox().write(entry)
    await asyncio.wait([writing], timeout=DATABASE_SECONDS)
    if not writing.done():
        log.critical("outbox is late: channel=%s", entry.channel)
        return entry
    return writing.result()


async def _read(
    threads: ThreadPoolExecutor, otherwise: Result, work: Callable[..., Result], *arguments: object
) -> Result:
    """Read a database in a thread; `otherwise` where it fails, or is not done in 0.2 s."""
    reading = asyncio.get_running_loop().run_in_executor(threads, _reading, work, *arguments)
    try:
        return await asyncio.wait_for(reading, DATABASE_SECONDS)
    except (DatabaseTrouble, asyncio.TimeoutError) as error:
        log.error("not read: work=%s error=%s", work.__name__, type(error).__name__)
        return otherwise


def _reading(work: Callable[..., Result], *arguments: object) -> Result:
    """Work on a database; a connection that broke meanwhile is made anew, once."""
    try:
        return work(*arguments)
    except DatabaseTrouble:
        connections.close_all()
        return work(*arguments)


def _in_background(work: Awaitable[Result]) -> "asyncio.Future[Result]":
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: "asyncio.Future[Any]") -> None:
    _background.discard(task)
    error = None if task.cancelled() else task.exception()
    if error:
        log.error("background work failed: error=%s", type(error).__name__)


def _now() -> float:
    return asyncio.get_running_loop().time()

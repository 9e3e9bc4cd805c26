"""The one path of a message, from a channel to the reply and the log."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from baclofen_faq.answers import YES_OR_NO, Marker, Mode, Replies, Reply, load_replies
from baclofen_faq.triage import (
    Assessment,
    Context,
    Level,
    Told,
    after,
    in_context,
    is_about_own_words,
    is_over,
    is_thanks,
    is_to_be_asked,
)
from service.conversations import record
from service.conversations.models import Entry
from service.gateway.clean import clean
from service.gateway.engine import NOTHING, Engine, Said
from service.gateway.listening import Listening
from service.gateway.memory import DATABASE_SECONDS, NOTHING_KNOWN, Known, recall, written
from service.gateway.message import NOTHING_FOUND, Heard, Inbound, entry_of
from service.gateway.mode import current_mode
from service.gateway.own_words import erase, session_words
from service.gateway.withdrawn import without_withdrawn

log = logging.getLogger(__name__)
WORDS_OF_BUTTONS = {payload: title.lower() for payload, title in YES_OR_NO.items()}
OPEN_EMERGENCY_SECONDS = (
    0.8  # as long, and no longer, a question waits for its answer behind guidance that is said again
)
SENDING_SECONDS = 0.2  # what is left of the deadline to write the replies down and send them
Result = TypeVar("Result")
_turns: dict[tuple[str, str, str], "asyncio.Task[list[Reply]]"] = {}
_background: set["asyncio.Future[Any]"] = set()
_judging_threads = ThreadPoolExecutor(4, thread_name_prefix="judging")


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
def payloads() -> frozenset[str]:
    """The texts that are a button and not words."""
    return shared_replies().payloads()


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


async def receive_if_urgent(inbound: Inbound) -> list[Reply]:
    """For a sender who is over a limit: guidance in an emergency, a repeat's replies, [] and no trace of all else.

    It is judged apart from everybody else's messages, and Rasa is not asked.
    """
    try:
        return await _urgent_turn(inbound)
    except Exception as error:  # the refusal names the emergency number
        log.critical("turn failed: error=%s", type(error).__name__)
        return []


async def _urgent_turn(inbound: Inbound) -> list[Reply]:
    text = clean(inbound.text, payloads())
    heard = Heard(inbound, WORDS_OF_BUTTONS.get(text, text), timezone.now())
    deadline = _now() + settings.ENGINE_DEADLINE_SECONDS
    is_words = text not in payloads()
    words = await shared_listening().apart(heard.text, settings.ENGINE_DEADLINE_SECONDS) if is_words else None
    heard = replace(heard, assessment=words or NOTHING_FOUND)
    if heard.assessment.level is Level.EMERGENCY:
        return record.replies_of(await _said(await _judged_by_words(heard)))
    context, _, said = await recall(heard, deadline)
    if said:
        return said
    judged = await _judged(replace(heard, context=context), deadline)
    if judged.heard.assessment.level is not Level.EMERGENCY:
        return []
    return record.replies_of(await _said(replace(judged, aside=_guidance(judged.heard))))


async def _turn(inbound: Inbound) -> list[Reply]:
    """The rules first; then the semantic layer, while the databases are read; then Rasa."""
    deadline = _now() + settings.ENGINE_DEADLINE_SECONDS
    text = clean(inbound.text, payloads())
    heard = Heard(inbound, WORDS_OF_BUTTONS.get(text, text), timezone.now())
    listening = shared_listening()
    with heard.watch.stage("rules"):
        ruled = None if text in payloads() else await listening.by_rules(heard.text)
    if ruled and ruled.assessment.level is Level.EMERGENCY:
        return await _say_without_context(heard, ruled.assessment, None)
    recalling = _in_background(_recall(heard, deadline))
    with heard.watch.stage("sound"):
        words = NOTHING_FOUND if text in payloads() else await listening.by_sound(ruled, heard.text, deadline - _now())
    if words.level is Level.EMERGENCY:
        return await _say_without_context(heard, words, recalling)
    with heard.watch.stage("recall"):
        await listening.idle(deadline - _now())
        await asyncio.wait([recalling], timeout=max(DATABASE_SECONDS, deadline - _now()))
    is_known = recalling.done() and recalling.exception() is None  # without it the words decide
    context, turns_before, said = recalling.result() if is_known else NOTHING_KNOWN
    if said:
        return said
    heard = replace(heard, assessment=words, context=context, turns_before=turns_before)
    judged = await _judged(heard, deadline)
    if judged.aside:
        return await _say_at_once(judged)
    if judged.heard.assessment.level is Level.EMERGENCY:
        deadline += OPEN_EMERGENCY_SECONDS - settings.ENGINE_DEADLINE_SECONDS
    return await _answer(judged, deadline)


async def _recall(heard: Heard, deadline: float) -> Known:
    """What is known of the conversation, once no message waits for the rules."""
    await shared_listening().after_rules()
    return await recall(heard, deadline)


async def _say_without_context(
    heard: Heard, words: Assessment, recalling: "asyncio.Future[Known] | None"
) -> list[Reply]:
    """Guidance for a message whose words are an emergency: nothing is looked up before it."""
    return await _say_at_once(await _judged_by_words(replace(heard, assessment=words)), recalling)


async def _judged_by_words(heard: Heard) -> Judged:
    """A message that is an emergency, with its guidance."""
    entry = await asyncio.get_running_loop().run_in_executor(_judging_threads, entry_of, heard)
    return Judged(heard, entry, _guidance(heard))


async def _judged(heard: Heard, deadline: float) -> Judged:
    """A message judged with what was said before; where that takes too long, by its words alone."""
    loop = asyncio.get_running_loop()
    judging = loop.run_in_executor(_judging_threads, _in_context, heard)
    await asyncio.wait([judging], timeout=max(0.1, deadline - _now()))
    if judging.done():
        return judging.result()
    return Judged(heard, entry_of(heard), None)


def _in_context(heard: Heard) -> Judged:
    """A message judged with what was said before."""
    heard = replace(heard, assessment=in_context(heard.assessment, heard.text, heard.context))
    if heard.assessment.level is Level.EMERGENCY and not _is_asked_for_more(heard):
        return Judged(heard, entry_of(heard), _guidance(heard))
    aside = _aside(heard.text, heard.assessment, heard.context)
    if aside and heard.context.after_crisis:
        aside = shared_replies().after_crisis(aside)
    return Judged(heard, entry_of(heard), aside)


def _is_asked_for_more(heard: Heard) -> bool:
    """Whether Rasa is waited for, for a moment, behind guidance that is only said again."""
    is_of_words = heard.assessment.is_of_words
    return heard.assessment.is_only_kept_open or (not is_of_words and is_about_own_words(heard.text))


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
    stored = await _said(judged)
    if stored is judged.entry and current_mode() is Mode.NORMAL:
        _in_background(_tell(judged, recalling))
    return record.replies_of(stored)


async def _said(judged: Judged) -> Entry:
    """The turn as stored, with what is said without asking Rasa."""
    aside = [judged.aside] if judged.aside else []
    return await written(_answered(judged.heard, judged.entry, aside, NOTHING))


async def _tell(judged: Judged, recalling: "asyncio.Future[Known] | None") -> None:
    """Let Rasa know of a message that was answered without it."""
    deadline, heard = _now() + settings.ENGINE_DEADLINE_SECONDS, judged.heard
    if not heard.turns_before:
        _, turns, _ = await (recalling or _recall(heard, deadline))
        heard = replace(heard, turns_before=turns)
    await _ask(heard, judged.entry, deadline)


async def _answer(judged: Judged, deadline: float) -> list[Reply]:
    """Ask Rasa while the message is written to the outbox; write what is sent, and send it."""
    heard, entry = judged.heard, judged.entry
    writing = asyncio.ensure_future(written(entry))
    mode = current_mode()
    with heard.watch.stage("rasa"):
        engine = await _ask(heard, entry, deadline) if mode is Mode.NORMAL else NOTHING
    stored = await writing
    said = without_withdrawn(engine.replies, shared_replies())
    replies = record.replies_of(stored) or _replies(heard, said, mode)
    marked = {reply.marker for reply in replies}
    if Marker.ERASE in marked and (receipt := await erase(heard.inbound, deadline)):
        # the turn itself is erased, too: nothing is left to write
        return _in_place_of(Marker.ERASE, replies, shared_replies().erased(receipt))
    if Marker.SHOW in marked and (words := await session_words(heard.inbound, deadline)) is not None:
        replies = _in_place_of(Marker.SHOW, replies, shared_replies().shown(words))
    return record.replies_of(await written(_answered(heard, stored, replies, engine)))


def _in_place_of(marker: Marker, replies: Sequence[Reply], done: Reply) -> list[Reply]:
    """The replies with what was done in place of the one that carries the marker."""
    return [done if reply.marker is marker else reply for reply in replies]


async def _ask(heard: Heard, entry: Entry, deadline: float) -> Said:
    """What Rasa says, once no message waits for its assessment any more."""
    if not await shared_listening().idle(deadline - _now()):
        return NOTHING
    return await shared_engine().ask(
        heard.inbound.conversation,
        heard.turns_before,
        entry.inbound["text"],
        heard.assessment,
        after(Told.from_json(entry.told), heard.context).route,
        deadline - SENDING_SECONDS,
    )


def _replies(heard: Heard, said: Sequence[Reply], mode: Mode) -> list[Reply]:
    """Guidance first, what the engine said, the closed question of the grey band; after a crisis its line, too."""
    is_urgent = heard.assessment.level.urgency >= Level.ADVISORY.urgency
    replies = merge(_guidance(heard) if is_urgent else None, said, mode)
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


def _answered(heard: Heard, entry: Entry, replies: list[Reply], engine: Said) -> Entry:
    entry.replies = [record.reply_as_json(reply) for reply in replies]
    entry.feedback = record.feedback_of(replies)
    entry.model_version = engine.model
    entry.measured = heard.watch.measured(engine.intent, engine.confidence)
    entry.answered_at = timezone.now()
    return entry


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

"""The one path of a message, from a channel to the reply and the log."""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from django.conf import settings

from baclofen_faq.answers import Marker, Mode, Reply
from baclofen_faq.triage import Assessment, Level, Told, after, is_to_be_asked
from service.conversations import record
from service.conversations.models import Entry
from service.gateway import metrics
from service.gateway.engine import Engine
from service.gateway.handing_off import handed_off
from service.gateway.judging import Judged, guidance, hear, judged, judged_by_words, shared_listening
from service.gateway.memory import DATABASE_SECONDS, NOTHING_KNOWN, Known, recall, written
from service.gateway.message import NOTHING_FOUND, Heard, Inbound
from service.gateway.mode import current_mode
from service.gateway.own_words import erase, session_words
from service.gateway.rasa import NOTHING, Said
from service.gateway.saying import said, said_aside
from service.gateway.vetted import shared_replies
from service.gateway.withdrawn import without_withdrawn

log = logging.getLogger(__name__)
OPEN_EMERGENCY_SECONDS = (
    0.8  # as long, and no longer, a question waits for its answer behind guidance that is said again
)
SENDING_SECONDS = 0.2  # what is left of the deadline to write the replies down and send them
Result = TypeVar("Result")
_turns: dict[tuple[str, str, str], "asyncio.Task[list[Reply]]"] = {}
_background: set["asyncio.Future[Any]"] = set()


@cache
def shared_engine() -> Engine:
    """The process's way to Rasa."""
    return Engine(settings.RASA_URLS)


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
        log.critical("turn failed", extra={"error": type(error).__name__})
        metrics.count_cause(inbound.channel, metrics.Cause.FAULT)
        return [shared_replies().cannot_answer_now()]


async def _turn(inbound: Inbound) -> list[Reply]:
    """The rules first; then the semantic layer, while the databases are read; then Rasa."""
    deadline = _now() + settings.ENGINE_DEADLINE_SECONDS
    heard, is_button = hear(inbound)
    listening = shared_listening()
    with heard.watch.stage("rules"):
        ruled = None if is_button else await listening.by_rules(heard.text)
    if ruled and ruled.assessment.level is Level.EMERGENCY:
        return await _say_without_context(heard, ruled.assessment, None)
    recalling = _in_background(_recall(heard, deadline))
    with heard.watch.stage("sound"):
        words = NOTHING_FOUND if is_button else await listening.by_sound(ruled, heard.text, deadline - _now())
    if words.level is Level.EMERGENCY:
        return await _say_without_context(heard, words, recalling)
    with heard.watch.stage("recall"):
        await listening.idle(deadline - _now())
        await asyncio.wait([recalling], timeout=max(DATABASE_SECONDS, deadline - _now()))
    is_known = recalling.done() and recalling.exception() is None  # without it the words decide
    context, turns_before, before = recalling.result() if is_known else NOTHING_KNOWN
    if before:
        return before
    heard = replace(heard, assessment=words, context=context, turns_before=turns_before)
    turn = await judged(heard, deadline)
    if turn.aside:
        return await _say_at_once(turn)
    if turn.heard.assessment.level is Level.EMERGENCY:
        deadline += OPEN_EMERGENCY_SECONDS - settings.ENGINE_DEADLINE_SECONDS
    return await _answer(turn, deadline)


async def _recall(heard: Heard, deadline: float) -> Known:
    """What is known of the conversation, once no message waits for the rules."""
    await shared_listening().after_rules()
    return await recall(heard, deadline)


async def _say_without_context(
    heard: Heard, words: Assessment, recalling: "asyncio.Future[Known] | None"
) -> list[Reply]:
    """Guidance for a message whose words are an emergency: nothing is looked up before it."""
    return await _say_at_once(await judged_by_words(replace(heard, assessment=words)), recalling)


async def _say_at_once(turn: Judged, recalling: "asyncio.Future[Known] | None" = None) -> list[Reply]:
    """Say what cannot wait; Rasa hears of it in the background. Its own guidance is the same, and is not sent again."""
    stored = await said_aside(turn)
    if stored is turn.entry and current_mode() is Mode.NORMAL:
        _in_background(_tell(turn, recalling))
    return record.replies_of(stored)


async def _tell(turn: Judged, recalling: "asyncio.Future[Known] | None") -> None:
    """Let Rasa know of a message that was answered without it."""
    deadline, heard = _now() + settings.ENGINE_DEADLINE_SECONDS, turn.heard
    if not heard.turns_before:
        _, turns, _ = await (recalling or _recall(heard, deadline))
        heard = replace(heard, turns_before=turns)
    await _ask(heard, turn.entry, deadline)


async def _answer(turn: Judged, deadline: float) -> list[Reply]:
    """Ask Rasa while the message is written to the outbox; write what is sent, and send it."""
    heard, entry = turn.heard, turn.entry
    writing = asyncio.ensure_future(written(entry))
    mode = current_mode()
    with heard.watch.stage("rasa"):
        engine = await _ask(heard, entry, deadline) if mode is Mode.NORMAL else NOTHING
    stored = await writing
    of_engine = without_withdrawn(engine.replies, shared_replies())
    replies = record.replies_of(stored) or _replies(heard, of_engine, mode)
    metrics.count_unanswered(heard.inbound, replies, of_engine, mode)
    marked = {reply.marker for reply in replies}
    if Marker.ERASE in marked and (receipt := await erase(heard.inbound, deadline)):
        # the turn itself is erased, too: nothing is left to write
        metrics.count_turn(heard)
        return _in_place_of(Marker.ERASE, replies, shared_replies().erased(receipt, settings.BACKUP_KEEP_DAYS))
    if Marker.SHOW in marked and (words := await session_words(heard.inbound, deadline)) is not None:
        replies = _in_place_of(Marker.SHOW, replies, shared_replies().shown(words))
    if heard.assessment.level is not Level.EMERGENCY:  # who is to call an ambulance is not to wait for staff
        replies = await handed_off(heard.inbound, replies, deadline)
    return record.replies_of(await said(heard, stored, replies, engine))


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


def _replies(heard: Heard, of_engine: Sequence[Reply], mode: Mode) -> list[Reply]:
    """Guidance first, what the engine said, the closed question of the grey band; after a crisis its line, too."""
    is_urgent = heard.assessment.level.urgency >= Level.ADVISORY.urgency
    replies = merge(guidance(heard) if is_urgent else None, of_engine, mode)
    if is_to_be_asked(heard.assessment, heard.context):
        replies.append(shared_replies().is_it_now())
    if heard.context.after_crisis:
        replies[-1] = shared_replies().after_crisis(replies[-1])
    return replies


def merge(urgent: Reply | None, of_engine: Sequence[Reply], mode: Mode = Mode.NORMAL) -> list[Reply]:
    """Guidance once and first, then what the engine said; where there is neither, that this cannot be answered now."""
    first = [urgent] if urgent else []
    rest = [reply for reply in of_engine if urgent is None or reply.answer_id != urgent.answer_id]
    replies = shared_replies()
    return first + rest or [replies.cannot_answer_now() if mode is Mode.NORMAL else replies.switched_off(mode)]


def _in_background(work: Awaitable[Result]) -> "asyncio.Future[Result]":
    task = asyncio.ensure_future(work)
    _background.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: "asyncio.Future[Any]") -> None:
    _background.discard(task)
    error = None if task.cancelled() else task.exception()
    if error:
        log.error("background work failed", extra={"error": type(error).__name__})


def _now() -> float:
    return asyncio.get_running_loop().time()

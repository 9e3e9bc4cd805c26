"""What the gateway keeps and knows of conversations: the outbox and the log, neither of which it waits for long."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.db import connections
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from baclofen_faq.answers import Button, Reply
from baclofen_faq.triage import NOTHING_BEFORE, Context
from service.conversations import outbox, record
from service.conversations.history import Turn, turns
from service.conversations.models import Entry
from service.conversations.store_errors import Store, count_error
from service.gateway.message import Heard, Inbound

log = logging.getLogger(__name__)
DATABASE_SECONDS = 0.2
HISTORY_SECONDS = 2.0
POLL_SECONDS = 0.1
HALF_SECONDS = settings.ENGINE_DEADLINE_SECONDS / 2
HAD_ITS_TIME_SECONDS = settings.ENGINE_DEADLINE_SECONDS + DATABASE_SECONDS
Result = TypeVar("Result")
Known = tuple[Context, int, list[Reply]]
NOTHING_KNOWN: Known = (NOTHING_BEFORE, 0, [])
_log_threads = ThreadPoolExecutor(4, thread_name_prefix="log")
_history_threads = ThreadPoolExecutor(2, thread_name_prefix="history")
_outbox_threads = ThreadPoolExecutor(2, thread_name_prefix="outbox reader")


@cache
def shared_outbox() -> outbox.Writer:
    """The process's outbox, which moves to the log by itself."""
    return outbox.start(settings.VAR)


async def written(entry: Entry) -> Entry:
    """The turn as stored, in the outbox within 0.2 s; after that it is written in the background, and raised as alarm.

    A message_id that came before gives the turn of that time.
    """
    writing = shared_outbox().write(entry)
    await asyncio.wait([writing], timeout=DATABASE_SECONDS)
    if not writing.done():
        count_error(Store.OUTBOX)
        log.critical("outbox is late", extra={"channel": entry.channel})
        return entry
    return writing.result()


async def recall(heard: Heard, deadline: float) -> Known:
    """The context, the number of turns before, the earlier replies to a message that came before.

    Without a database nothing is known, and the words decide.
    """
    inbound = heard.inbound
    key = (inbound.channel, inbound.conversation)
    # The outbox before the log, so that a turn that is moved meanwhile is in one of them.
    lately = await _recall_entries(*key, inbound.message_id)
    base, said = await read(_log_threads, record.NOTHING_KNOWN, record.recall, *key, inbound.message_id)
    others = [entry for entry in lately if entry.message_id != inbound.message_id]
    context, turns = record.context_after(base, others, heard.at)
    is_repeat = len(others) < len(lately)
    return context, turns, said or (await _said_before(inbound, deadline - HALF_SECONDS) if is_repeat else [])


async def history_of(channel: str, conversation: str) -> list[Turn] | None:
    """The whole conversation as it is stored; None where it cannot be read."""
    return await read(_history_threads, None, turns, channel, conversation, timezone.now(), seconds=HISTORY_SECONDS)


async def offered_last(channel: str, conversation: str) -> list[Button]:
    """The buttons of a conversation's last turn, in their order; [] where there are none, or nothing is reached."""
    newer = [entry for entry in shared_outbox().unwritten(channel, conversation) if entry.replies]
    if newer:
        return record.buttons_of(newer[-1])
    nothing: list[Button] = []
    return await read(_log_threads, nothing, record.offered_last, channel, conversation)


async def _recall_entries(channel: str, conversation: str, message_id: str) -> list[Entry]:
    """The conversation's last turns, oldest first: of the outbox, and those that could not be written to it yet."""
    newer = shared_outbox().unwritten(channel, conversation)
    nothing: list[Entry] = []
    stored = await read(_outbox_threads, nothing, record.recall_entries, channel, conversation, message_id)
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
        if said or not is_at_it or asyncio.get_running_loop().time() > until:
            return said
        await asyncio.sleep(POLL_SECONDS)


async def read(
    threads: ThreadPoolExecutor,
    otherwise: Result,
    work: Callable[..., Result],
    *arguments: object,
    seconds: float = DATABASE_SECONDS,
) -> Result:
    """Read a database in a thread; `otherwise` where it fails, or is not done in time."""
    reading = asyncio.get_running_loop().run_in_executor(threads, _reading, work, *arguments)
    try:
        return await asyncio.wait_for(reading, seconds)
    except (DatabaseTrouble, asyncio.TimeoutError) as error:
        count_error(Store.OUTBOX if threads is _outbox_threads else Store.LOG)
        log.error("not read", extra={"work": work.__name__, "error": type(error).__name__})
        return otherwise


def _reading(work: Callable[..., Result], *arguments: object) -> Result:
    """Work on a database; a connection that broke meanwhile is made anew, once."""
    try:
        return work(*arguments)
    except DatabaseTrouble:
        connections.close_all()
        return work(*arguments)

"""What is said to an update: through the one path where it has words, a fixed line where it has none."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakValueDictionary

from django.db import connections
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from baclofen_faq.answers import Reply
from service.conversations.models import OptOut
from service.gateway.engine import TURNS_AT_ONCE
from service.gateway.message import Inbound
from service.gateway.messaging.channel import Kind
from service.gateway.messaging.choices import as_chosen
from service.gateway.rate_limits import seconds_to_wait
from service.gateway.receive import receive
from service.gateway.vetted import shared_replies
from service.gateway.without_rasa import is_urgent, receive_if_urgent, receive_without_words

log = logging.getLogger(__name__)
OPT_OUT_SECONDS = 0.2


class Answering:
    """One event loop's answers: in order within a conversation, as many at once as Rasa takes; emergencies at once."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(TURNS_AT_ONCE)
        self._talks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._opt_outs = ThreadPoolExecutor(2, thread_name_prefix="opt-outs")

    async def replies(self, kind: Kind, inbound: Inbound) -> list[Reply]:
        """The replies to an update, as they are logged; [] where there are none to be sent."""
        who = f"{inbound.channel}:{inbound.conversation}"
        if seconds_to_wait(session_flood=who):
            return []
        if seconds_to_wait(session_messages=who):
            said = await receive_if_urgent(inbound)
            return said or ([] if seconds_to_wait(session_refusals=who) else [shared_replies().too_many()])
        if kind is Kind.EDITED:
            return await receive_if_urgent(inbound)
        if line := self._line(kind):
            return await receive_without_words(inbound, line)
        return await self._in_turn(inbound)

    async def is_stopped(self, kind: Kind, channel: str, conversation: str) -> bool:
        """Keep a STOP or START, and tell whether the person wants no messages; False where that is unknown."""
        loop = asyncio.get_running_loop()
        looking = loop.run_in_executor(self._opt_outs, _is_stopped, kind, channel, conversation)
        await asyncio.wait([looking], timeout=OPT_OUT_SECONDS)
        if looking.done() and looking.exception() is None:
            return looking.result()
        log.critical("opt-out not read, or not kept: kind=%s", kind.value)
        return False

    @staticmethod
    def _line(kind: Kind) -> Reply | None:
        """What is said to an update without words; None for one with words."""
        replies = shared_replies()
        if kind in (Kind.STOP, Kind.START, Kind.HELP):
            return replies.carrier(kind.value)
        lines = {Kind.UNREADABLE: replies.please_write, Kind.STARTED: replies.welcome}
        return lines[kind]() if kind in lines else None

    async def _in_turn(self, inbound: Inbound) -> list[Reply]:
        talk = self._talks.setdefault((inbound.channel, inbound.conversation), asyncio.Lock())
        if (talk.locked() or self._places.locked()) and await is_urgent(inbound):
            return await receive(inbound)
        async with talk, self._places:
            return await receive(await as_chosen(inbound))


def _is_stopped(kind: Kind, channel: str, conversation: str) -> bool:
    try:
        whose = OptOut.objects.filter(channel=channel, conversation=conversation)
        if kind is Kind.HELP:
            return False  # is answered in any case
        if kind is Kind.STOP:
            OptOut.objects.get_or_create(channel=channel, conversation=conversation, defaults={"since": timezone.now()})
            return False  # this one reply confirms it
        if kind is Kind.START:
            whose.delete()
            return False
        return whose.exists()
    except DatabaseTrouble:
        connections.close_all()
        raise

"""The courier: takes what a webhook brought, has it answered, and delivers the reply, over restarts and failures."""

import asyncio
import hashlib
import logging
import random
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from typing import Any
from weakref import WeakValueDictionary

from django.utils import timezone
from prometheus_client import Counter, Gauge

from baclofen_faq.answers import Reply
from service.conversations.models import Parcel
from service.gateway.message import Inbound
from service.gateway.messaging.answering import Answering
from service.gateway.messaging.channel import Address, CannotDeliver, Channel, Kind, Part, Receipt, TryLater, Update
from service.gateway.messaging.people import Unreadable, conversation_of, seal, unseal
from service.gateway.messaging.platforms import shared_channels
from service.gateway.messaging.queue import HELD_FOR, Queue
from service.gateway.vetted import shared_replies
from service.gateway.without_rasa import is_urgent

log = logging.getLogger(__name__)
MOST_AT_WORK = 2000
MOST_URGENT_AT_WORK = 2 * MOST_AT_WORK
REMEMBERED = 10_000
SENDINGS_AT_ONCE = 20  # a platform; as many again for emergencies
LONGEST_ID = 128
LOOK_EVERY_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LATE_AFTER = {True: timedelta(minutes=1), False: timedelta(minutes=10)}  # by whether it is urgent
GIVEN_UP_AFTER = timedelta(hours=24)
STOPPED = "stopped"  # the person wrote STOP

sent = Counter("messaging_sent", "Replies that a platform took", ["platform"])
failures = Counter("messaging_failures", "Sendings that failed, by cause", ["platform", "why"])
undelivered = Counter("messaging_undelivered", "Replies that were given up", ["platform"])
at_work = Gauge("messaging_parcels", "Updates that are being answered or delivered")


class Full(Exception):
    """There is more to do than is kept; the platform is to try again."""


@dataclass
class Job:
    """A parcel with what it holds, while it is carried."""

    parcel: Parcel
    address: Address
    kind: Kind = Kind.WORDS
    parts: list[Part] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is."""
        return self.parcel.channel, self.parcel.conversation


class Courier:
    """One event loop's parcels."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        """Deliver by these channels, by the name of their folder."""
        self._channels = channels
        self._queue, self._answering = Queue(), Answering()
        self._jobs: dict[int, Job] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lately: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self._lines: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._places: dict[tuple[str, bool], asyncio.Semaphore] = {}

    def start(self) -> None:
        """Carry on what an earlier process left, from now on."""
        self._begin(self._look_for_ever())

    async def stop(self) -> None:
        """Leave what is not delivered to the next process."""
        for task in self._tasks:
            task.cancel()
        await self._queue.let_go(self._ids())

    async def take(self, platform: str, updates: Sequence[Update | Receipt]) -> None:
        """Take what a webhook brought; each update once, however often it comes.

        Raises:
            Full: what was not taken is taken when it comes again.
        """
        for update in updates:
            if isinstance(update, Receipt):
                await self._queue.note(update.reference, update.is_delivered, update.why)
            else:
                await self._take(platform, update)

    async def _take(self, platform: str, update: Update) -> None:
        inbound = _inbound(update)
        key = (inbound.channel, inbound.conversation, inbound.message_id)
        if key in self._lately:
            return
        if len(self._jobs) >= MOST_AT_WORK and not await self._has_place_for(inbound):
            raise Full
        self._remember(key)
        content = {"address": update.address, "text": inbound.text, "kind": update.kind.value}
        parcel = _parcel(platform, *key, {**content, "is_brief": update.is_brief})
        if await self._queue.put(parcel):
            self._begin(self._carry(Job(parcel, update.address, update.kind), inbound))

    async def bring(
        self, platform: str, channel: str, conversation: str, id: str, address: Address, said: Reply
    ) -> None:
        """Deliver what answers no update: a reply of the clinic's staff; the same id once.

        Raises:
            Full: it is to be brought again.
        """
        if len(self._jobs) >= MOST_AT_WORK:
            raise Full
        parts = self._channels[platform].render([said], shared_replies())
        content = {"address": address, "kind": Kind.WORDS.value, "parts": parts}
        parcel = _parcel(platform, channel, conversation, id, content)
        parcel.is_answered = True
        if (channel, conversation, id) not in self._lately and await self._queue.put(parcel):
            self._remember((channel, conversation, id))
            self._begin(self._carry(Job(parcel, address, parts=parts), None))

    async def _has_place_for(self, inbound: Inbound) -> bool:
        """Beyond the bound: emergencies only, up to another bound."""
        return len(self._jobs) < MOST_URGENT_AT_WORK and await is_urgent(inbound)

    async def _carry(self, job: Job, inbound: Inbound | None) -> None:
        """Answer an update (None: it is answered) and deliver the reply."""
        self._jobs[id(job)] = job
        at_work.set(len(self._jobs))
        try:
            if inbound:
                await self._answer(job, inbound)
            await self._deliver(job)
        except Exception as error:  # another process, or this one after a restart, tries again
            log.critical("parcel left: platform=%s error=%s", job.parcel.platform, type(error).__name__)
        finally:
            del self._jobs[id(job)]
            at_work.set(len(self._jobs))

    async def _answer(self, job: Job, inbound: Inbound) -> None:
        """Have the replies said, and keep them in place of the words."""
        parcel = job.parcel
        is_stopped = inbound.is_brief and await self._answering.is_stopped(job.kind, *job.key)
        way = seal({"platform": parcel.platform, "address": job.address})
        replies = await self._answering.replies(job.kind, replace(inbound, address=way))
        parcel.is_urgent = bool(replies) and replies[0].level == "emergency"
        parcel.is_answered = True
        if is_stopped and not parcel.is_urgent:
            return self._end(job, Parcel.Status.UNDELIVERED, STOPPED)
        job.parts = rendered(self._channels[parcel.platform], replies) if replies else []
        if not job.parts:
            return self._end(job, Parcel.Status.NOTHING_TO_SEND)
        parcel.sealed = seal({"address": job.address, "kind": job.kind.value, "parts": job.parts})
        return self._queue.keep(parcel)

    async def _deliver(self, job: Job) -> None:
        """In order within a conversation; an emergency passes all that waits, and what is late is passed by all."""
        if not job.parcel.is_urgent:
            async with self._lines.setdefault(job.key, asyncio.Lock()):
                await self._send_while(job, (Parcel.Status.ON_ITS_WAY,))
        await self._send_while(job, (Parcel.Status.ON_ITS_WAY, Parcel.Status.LATE))

    async def _send_while(self, job: Job, statuses: Sequence[str]) -> None:
        pause = FIRST_PAUSE
        while job.parcel.status in statuses:
            try:
                await self._send_next(job)
                pause = FIRST_PAUSE
            except CannotDeliver as error:
                is_owed = job.kind is not Kind.STOP  # a carrier that confirms it itself takes nothing more of ours
                self._end(job, Parcel.Status.UNDELIVERED if is_owed else Parcel.Status.NOTHING_TO_SEND, error.why)
            except Exception as error:
                wait = self._note_failure(job, error)
                await asyncio.sleep(max(wait, pause * random.uniform(0.8, 1.2)))
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _send_next(self, job: Job) -> None:
        parcel = job.parcel
        if parcel.sent_parts < len(job.parts):
            part, reference = job.parts[parcel.sent_parts], str(parcel.pk or 0)
            async with self._place(parcel.platform, parcel.is_urgent):
                await self._channels[parcel.platform].send(job.address, part, reference)
            parcel.sent_parts += 1
            sent.labels(parcel.platform).inc()
        if parcel.sent_parts < len(job.parts):
            self._queue.keep(parcel)
        else:
            self._end(job, Parcel.Status.DELIVERED)

    def _note_failure(self, job: Job, error: Exception) -> float:
        """Keep why a part could not be sent; how many seconds the platform asks to wait."""
        parcel, age = job.parcel, timezone.now() - job.parcel.received_at
        why = error.why if isinstance(error, TryLater) else type(error).__name__
        failures.labels(parcel.platform, why[:64]).inc()
        if not isinstance(error, TryLater):
            log.critical("sending failed: platform=%s error=%s", parcel.platform, why)
        if age > GIVEN_UP_AFTER:
            self._end(job, Parcel.Status.UNDELIVERED, why)
        else:
            parcel.why = why[:64]
            parcel.status = Parcel.Status.LATE if age > LATE_AFTER[parcel.is_urgent] else parcel.status
            self._queue.keep(parcel)
        return (error.after_seconds or 0) if isinstance(error, TryLater) else 0

    def _end(self, job: Job, status: str, why: str = "") -> None:
        """Nothing more is done; what was sealed is gone."""
        parcel = job.parcel
        parcel.status, parcel.why, parcel.sealed, parcel.ended_at = status, why[:64], b"", timezone.now()
        if status == Parcel.Status.UNDELIVERED:
            undelivered.labels(parcel.platform).inc()
            log.error("undelivered: platform=%s parcel=%s why=%s", parcel.platform, parcel.pk, why)
        self._queue.keep(parcel)

    async def _look_for_ever(self) -> None:
        while True:
            try:
                for parcel in await self._queue.due(self._ids()):
                    self._carry_on(parcel)
            except Exception as error:
                log.critical("parcels not looked for: error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    def _carry_on(self, parcel: Parcel) -> None:
        """What an earlier process left."""
        try:
            content = unseal(parcel.sealed)
        except Unreadable:
            return self._end(Job(parcel, {}), Parcel.Status.UNDELIVERED, "key")
        job = Job(parcel, content["address"], Kind(content["kind"]), content.get("parts", []))
        inbound = None if parcel.is_answered else _inbound_of(parcel, content)
        return self._begin(self._carry(job, inbound))

    def _begin(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _ids(self) -> set[int]:
        return {job.parcel.pk for job in self._jobs.values() if job.parcel.pk}

    def _remember(self, key: tuple[str, str, str]) -> None:
        self._lately[key] = None
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)

    def _place(self, platform: str, is_urgent: bool) -> asyncio.Semaphore:
        return self._places.setdefault((platform, is_urgent), asyncio.Semaphore(SENDINGS_AT_ONCE))


@cache
def shared_courier() -> Courier:
    """The process's courier."""
    return Courier(shared_channels())


def _parcel(platform: str, channel: str, conversation: str, message_id: str, content: dict[str, Any]) -> Parcel:
    """A new parcel of this process, not written yet."""
    now = timezone.now()
    return Parcel(
        platform=platform,
        channel=channel,
        conversation=conversation,
        message_id=message_id,
        received_at=now,
        held_until=now + HELD_FOR,
        sealed=seal(content),
    )


def rendered(channel: Channel, replies: Sequence[Reply]) -> list[Part]:
    """The replies in the channel's form; where that fails, guidance alone, else that this cannot be answered now."""
    texts = shared_replies()
    for attempt in (replies, replies[:1], [texts.cannot_answer_now()]):
        try:
            return channel.render(attempt, texts)
        except Exception as error:
            log.critical("not rendered: error=%s", type(error).__name__)
    return []


def _inbound(update: Update) -> Inbound:
    """The update as a message of the one path; an id that is too long for the log is digested."""
    id = update.id if len(update.id) <= LONGEST_ID else hashlib.sha256(update.id.encode()).hexdigest()
    conversation = conversation_of(update.channel, update.person)
    return Inbound(conversation, update.text, update.channel, id, update.is_brief)


def _inbound_of(parcel: Parcel, content: dict[str, Any]) -> Inbound:
    return Inbound(parcel.conversation, content["text"], parcel.channel, parcel.message_id, content["is_brief"])

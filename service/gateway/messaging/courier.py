"""The courier: takes what a webhook brought, has it answered, and delivers the reply, over restarts and failures."""

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import timezone
from prometheus_client import Counter, Gauge

from baclofen_faq.answers import Reply
from service.conversations.models import Parcel
from service.gateway.message import Inbound
from service.gateway.messaging.answering import OptOuts, replies_to
from service.gateway.messaging.channel import Address, CannotDeliver, Channel, Kind, Part, Receipt, TryLater, Update
from service.gateway.messaging.job import Job, inbound_of, job_of, left_by
from service.gateway.messaging.people import seal
from service.gateway.messaging.platforms import shared_channels
from service.gateway.messaging.queue import Queue
from service.gateway.vetted import shared_replies
from service.gateway.without_rasa import may_be_urgent

log = logging.getLogger(__name__)
MOST_AT_WORK = 2000  # a platform
MOST_URGENT_AT_WORK = 2 * MOST_AT_WORK
REMEMBERED = 10_000
SENDINGS_AT_ONCE = 20  # a platform; as many again for emergencies
LOOK_EVERY_SECONDS = 1.0
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_WAIT = 1.0, 60.0, 3600.0
STOP_SECONDS, END_SECONDS = 16.0, 2.0  # as long as a sending takes at most
LATE_AFTER = {True: timedelta(minutes=1), False: timedelta(minutes=10)}  # by whether it is urgent
GIVEN_UP_AFTER = timedelta(hours=24)
STOPPED = "stopped"  # the person wrote STOP
ON_ITS_WAY, LATE, UNDELIVERED = Parcel.Status.ON_ITS_WAY, Parcel.Status.LATE, Parcel.Status.UNDELIVERED

sent = Counter("messaging_sent", "Messages that a platform took", ["platform"])
failures = Counter("messaging_failures", "Sendings that failed, by cause", ["platform", "why"])
undelivered = Counter("messaging_undelivered", "Replies that were given up", ["platform"])
at_work = Gauge("messaging_parcels", "Updates that are being answered or delivered")


class Full(Exception):
    """There is more to do than is kept; the platform is to try again."""


class Courier:
    """One event loop's parcels."""

    def __init__(self, channels: Mapping[str, Channel], queue: Queue) -> None:
        """Deliver by these channels, by the name of their folder."""
        self._channels, self._queue, self._opt_outs = channels, queue, OptOuts()
        self._jobs: dict[int, Job] = {}
        self._lines: dict[tuple[str, str], list[Job]] = {}  # the jobs of each conversation, as they came
        self._uncarried: set[int] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._sendings: set[asyncio.Future[None]] = set()
        self._lately: OrderedDict[tuple[str, str, str], None] = OrderedDict()
        self._places: dict[tuple[str, bool], asyncio.Semaphore] = {}
        self._is_stopping = False

    def start(self) -> None:
        """Carry on what processes that are gone left, from now on."""
        self._begin(self._look_for_ever())

    async def stop(self) -> None:
        """End what is being sent, for some seconds; leave all else to the next process."""
        self._is_stopping = True
        if self._sendings:
            await asyncio.wait(self._sendings, timeout=STOP_SECONDS)
            await asyncio.sleep(0)  # those who wait for them note it
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=END_SECONDS)
        await self._opt_outs.keep_owed()
        await self._queue.close()

    async def take(self, platform: str, updates: Sequence[Update | Receipt]) -> None:
        """Take what a webhook brought; each update once, however often it comes. A caller that hangs up ends nothing.

        Raises:
            Full: what was not taken is taken when it comes again.
        """
        await asyncio.shield(self._begin(self._take_all(platform, updates)))

    async def bring(
        self, platform: str, channel: str, conversation: str, id: str, address: Address, said: Reply
    ) -> None:
        """Deliver what answers no update: a reply of the clinic's staff; the same id once.

        Raises:
            Full: it is to be brought again.
        """
        if platform not in self._channels or self._count(platform) >= MOST_AT_WORK:
            raise Full
        parts = rendered(self._channels[platform], [said])
        inbound = Inbound(conversation, "", channel, id)
        job = job_of(platform, inbound, Kind.WORDS, address, parts)
        await asyncio.shield(self._begin(self._put(job, None)))

    async def _take_all(self, platform: str, updates: Sequence[Update | Receipt]) -> None:
        for one in updates:
            if isinstance(one, Receipt) and not one.is_delivered:
                await self._note_receipt(one)
        new = [one for one in updates if isinstance(one, Update)]
        if not all(await asyncio.gather(*(self._take(platform, one) for one in new))):
            raise Full

    async def _note_receipt(self, receipt: Receipt) -> None:
        """A part that the platform had taken did not arrive: of a parcel still in work that counts at its end."""
        job = next((one for one in self._jobs.values() if str(one.parcel.pk) == receipt.reference), None)
        if job:
            job.lost = receipt.why or "failed"
        else:
            await self._queue.note_failure(receipt.reference, receipt.why)

    async def _take(self, platform: str, update: Update) -> bool:
        """Take an update; False where there is no place for it: beyond the bound only for what may be urgent."""
        inbound, count = inbound_of(update), self._count(platform)
        if count >= MOST_AT_WORK and not (count < MOST_URGENT_AT_WORK and await may_be_urgent(inbound)):
            return False
        await self._put(job_of(platform, inbound, update.kind, update.address), inbound)
        return True

    async def _put(self, job: Job, inbound: Inbound | None) -> None:
        """Begin a job whose parcel did not come before."""
        if job.name in self._lately:
            return
        self._remember(job.name)
        self._line_up(job)
        if await self._queue.put(job.parcel):
            self._begin(self._carry(job, inbound))
        else:
            self._leave(job)

    async def _carry(self, job: Job, inbound: Inbound | None) -> None:
        """Answer an update (None: it is answered) and deliver the reply."""
        try:
            if inbound:
                await self._answer(job, inbound)
            await self._deliver(job)
        except Exception as error:  # a later look finds that nobody carries it
            log.critical("parcel dropped: platform=%s error=%s", job.parcel.platform, type(error).__name__)
        finally:
            self._leave(job)

    async def _answer(self, job: Job, inbound: Inbound) -> None:
        """Have the replies said, and keep them in place of the words."""
        parcel = job.parcel
        is_stopped = inbound.is_brief and await self._opt_outs.is_stopped(job.kind, *job.key)
        replies = await self._replies(job, inbound)
        parcel.is_urgent = bool(replies) and replies[0].level == "emergency"
        if is_stopped and not parcel.is_urgent:
            return self._end(job, UNDELIVERED, STOPPED)
        job.parts = rendered(self._channels[parcel.platform], replies) if replies else []
        if not job.parts:
            return self._end(job, Parcel.Status.NOTHING_TO_SEND)
        parcel.sealed, parcel.is_answered = job.sealed(), True
        return self._queue.keep(parcel)

    async def _replies(self, job: Job, inbound: Inbound) -> list[Reply]:
        way = seal({"platform": job.parcel.platform, "address": job.address}) if inbound.is_private else b""
        try:
            return await replies_to(job.kind, replace(inbound, address=way))
        except Exception as error:  # a fault of our own is no reason for silence
            log.critical("not answered: platform=%s error=%s", job.parcel.platform, type(error).__name__)
            return [shared_replies().cannot_answer_now()]

    async def _deliver(self, job: Job) -> None:
        """In the order in which a conversation's messages came; but no emergency waits, and nobody for a late reply."""
        for one in () if job.parcel.is_urgent else job.before:
            await one.passed.wait()
        pause = FIRST_PAUSE
        while job.parcel.status in (ON_ITS_WAY, LATE):
            try:
                await self._send_next(job)
                pause = FIRST_PAUSE
            except CannotDeliver as error:
                is_owed = job.kind is not Kind.STOP  # a carrier that confirms it itself takes nothing more of ours
                self._end(job, UNDELIVERED if is_owed else Parcel.Status.NOTHING_TO_SEND, error.why)
            except Exception as error:
                wait = self._note_failure(job, error)
                await asyncio.sleep(max(wait, pause * random.uniform(0.8, 1.2)))
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _send_next(self, job: Job) -> None:
        parcel = job.parcel
        if parcel.sent_parts < len(job.parts):
            async with self._place(parcel.platform, parcel.is_urgent):
                await self._send(job, job.parts[parcel.sent_parts])
            parcel.sent_parts += 1
            sent.labels(parcel.platform).inc()
        if parcel.sent_parts < len(job.parts):
            self._queue.keep(parcel)
        else:
            self._end(job, UNDELIVERED if job.lost else Parcel.Status.DELIVERED, job.lost)

    async def _send(self, job: Job, part: Part) -> None:
        """One sending, which a stop does not end."""
        if self._is_stopping:
            raise asyncio.CancelledError
        channel = self._channels[job.parcel.platform]
        reference = str(job.parcel.pk or 0)
        sending = asyncio.ensure_future(channel.send(job.address, part, reference))
        self._sendings.add(sending)
        sending.add_done_callback(self._sendings.discard)
        await asyncio.shield(sending)

    def _note_failure(self, job: Job, error: Exception) -> float:
        """Keep why a part could not be sent; how many seconds the platform asks to wait."""
        is_known = isinstance(error, TryLater)
        job.parcel.why = (error.why if isinstance(error, TryLater) else type(error).__name__)[:64]
        failures.labels(job.parcel.platform, job.parcel.why).inc()
        if not is_known:
            log.critical("sending failed: platform=%s error=%s", job.parcel.platform, job.parcel.why)
        self._queue.keep(job.parcel)
        return min(error.after_seconds or 0, LONGEST_WAIT) if isinstance(error, TryLater) else 0

    def _end(self, job: Job, status: str, why: str = "") -> None:
        """Nothing more is done; what was sealed is gone."""
        parcel = job.parcel
        if parcel.ended_at and status != Parcel.Status.DELIVERED:
            return
        parcel.status, parcel.why, parcel.sealed, parcel.ended_at = status, why[:64], b"", timezone.now()
        parcel.is_answered = True
        job.passed.set()
        if status == UNDELIVERED:
            undelivered.labels(parcel.platform).inc()
            log.error("undelivered: platform=%s parcel=%s why=%s", parcel.platform, parcel.pk, why)
        self._queue.keep(parcel)

    async def _look_for_ever(self) -> None:
        while not self._is_stopping:
            try:
                await self._look()
            except Exception as error:
                log.critical("parcels not looked for: error=%s", type(error).__name__)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _look(self) -> None:
        """What is late is shown to staff, what is too old is given up, what nobody carries is carried on."""
        for job in list(self._jobs.values()):
            self._look_at_age(job)
        await self._opt_outs.keep_owed()
        claimed, mine = await self._queue.left()
        carried = {job.name for job in self._jobs.values()}
        uncarried = {one.pk: one for one in mine if one.name not in carried}
        dropped = [one for pk, one in uncarried.items() if pk in self._uncarried]  # at two looks in turn
        self._uncarried = set(uncarried) - {one.pk for one in dropped}
        for parcel in [*claimed, *dropped]:
            job, inbound, why = left_by(parcel, self._channels)
            if why:
                self._end(job, UNDELIVERED, why)
            else:
                self._remember(job.name)
                self._line_up(job)
                self._begin(self._carry(job, inbound))

    def _look_at_age(self, job: Job) -> None:
        parcel, age = job.parcel, timezone.now() - job.parcel.received_at
        if parcel.is_answered and not parcel.ended_at and age > GIVEN_UP_AFTER:
            self._end(job, UNDELIVERED, parcel.why)
        elif parcel.status == ON_ITS_WAY and age > LATE_AFTER[parcel.is_urgent]:
            parcel.status = LATE
            job.passed.set()
            self._queue.keep(parcel)

    def _line_up(self, job: Job) -> None:
        self._jobs[id(job)] = job
        line = self._lines.setdefault(job.key, [])
        job.before = list(line)
        line.append(job)
        if job.parcel.status == LATE:
            job.passed.set()
        at_work.set(len(self._jobs))

    def _leave(self, job: Job) -> None:
        job.passed.set()
        job.before = []
        if self._jobs.pop(id(job), None):
            self._lines[job.key].remove(job)
        if not self._lines.get(job.key):
            self._lines.pop(job.key, None)
        at_work.set(len(self._jobs))

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _count(self, platform: str) -> int:
        return sum(job.parcel.platform == platform for job in self._jobs.values())

    def _remember(self, name: tuple[str, str, str]) -> None:
        self._lately[name] = None
        if len(self._lately) > REMEMBERED:
            self._lately.popitem(last=False)

    def _place(self, platform: str, is_urgent: bool) -> asyncio.Semaphore:
        return self._places.setdefault((platform, is_urgent), asyncio.Semaphore(SENDINGS_AT_ONCE))


@cache
def shared_courier() -> Courier:
    """The process's courier."""
    return Courier(shared_channels(), Queue(settings.VAR / "couriers"))


def rendered(channel: Channel, replies: Sequence[Reply]) -> list[Part]:
    """The replies in the channel's form; where that fails, guidance alone, else that this cannot be answered now."""
    texts = shared_replies()
    for attempt in (replies, replies[:1], [texts.cannot_answer_now()]):
        try:
            return channel.render(attempt, texts)
        except Exception as error:
            log.critical("not rendered: error=%s", type(error).__name__)
    return []

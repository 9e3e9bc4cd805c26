"""The courier: takes what a webhook brought, has it answered, and delivers the reply, over restarts and failures."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.conf import settings

from baclofen_faq.answers import Reply
from service.gateway.message import Inbound
from service.gateway.messaging.answering import OptOuts, replies_to
from service.gateway.messaging.at_work import AtWork
from service.gateway.messaging.channel import Address, Channel, Kind, Part, Receipt, Update
from service.gateway.messaging.job import Job, inbound_of, job_of, left_by
from service.gateway.messaging.people import seal
from service.gateway.messaging.platforms import shared_channels
from service.gateway.messaging.queue import Queue
from service.gateway.messaging.sending import NOTHING_TO_SEND, UNDELIVERED, Sending
from service.gateway.metrics import Cause, count_cause
from service.gateway.vetted import shared_replies
from service.gateway.without_rasa import may_be_urgent

log = logging.getLogger(__name__)
MOST_AT_WORK = 2000  # a platform
MOST_URGENT_AT_WORK = 2 * MOST_AT_WORK
LOOK_EVERY_SECONDS = 1.0
END_SECONDS = 2.0
STOPPED = "stopped"  # the person wrote STOP


class Full(Exception):
    """There is more to do than is kept; the platform is to try again."""


class Courier:
    """One event loop's parcels."""

    def __init__(self, channels: Mapping[str, Channel], queue: Queue) -> None:
        """Deliver by these channels, by the name of their folder."""
        self._channels, self._queue, self._sending = channels, queue, Sending(channels, queue)
        self._jobs, self._opt_outs = AtWork(), OptOuts()
        self._uncarried: set[int] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_stopping = False

    def start(self) -> None:
        """Carry on what processes that are gone left, from now on."""
        self._begin(self._look_for_ever())

    async def stop(self) -> None:
        """End what is being sent, for some seconds; leave all else to the next process."""
        self._is_stopping = True
        await self._sending.stop()
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
        if platform not in self._channels or self._jobs.count(platform) >= MOST_AT_WORK:
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
        job = next((one for one in self._jobs if str(one.parcel.pk) == receipt.reference), None)
        if job:
            job.lost = receipt.why or "failed"
        else:
            await self._queue.note_failure(receipt.reference, receipt.why)

    async def _take(self, platform: str, update: Update) -> bool:
        """Take an update; False where there is no place for it: beyond the bound only for what may be urgent."""
        inbound, count = inbound_of(update), self._jobs.count(platform)
        if count >= MOST_AT_WORK and not (count < MOST_URGENT_AT_WORK and await may_be_urgent(inbound)):
            return False
        await self._put(job_of(platform, inbound, update.kind, update.address), inbound)
        return True

    async def _put(self, job: Job, inbound: Inbound | None) -> None:
        """Begin a job whose parcel did not come before."""
        if self._jobs.came_before(job):
            return
        self._jobs.line_up(job)
        if await self._queue.put(job.parcel):
            self._begin(self._carry(job, inbound))
        else:
            self._jobs.leave(job)

    async def _carry(self, job: Job, inbound: Inbound | None) -> None:
        """Answer an update (None: it is answered) and deliver the reply."""
        try:
            if inbound:
                await self._answer(job, inbound)
            await self._sending.deliver(job)
        except Exception as error:  # a later look finds that nobody carries it
            log.critical("parcel dropped", extra={"platform": job.parcel.platform, "error": type(error).__name__})
        finally:
            self._jobs.leave(job)

    async def _answer(self, job: Job, inbound: Inbound) -> None:
        """Have the replies said, and keep them in place of the words."""
        parcel = job.parcel
        is_stopped = inbound.is_brief and await self._opt_outs.is_stopped(job.kind, *job.key)
        replies = await self._replies(job, inbound)
        parcel.is_urgent = bool(replies) and replies[0].level == "emergency"
        if is_stopped and not parcel.is_urgent:
            return self._sending.end(job, UNDELIVERED, STOPPED)
        job.parts = rendered(self._channels[parcel.platform], replies) if replies else []
        if not job.parts:
            return self._sending.end(job, NOTHING_TO_SEND)
        parcel.sealed, parcel.is_answered = job.sealed(), True
        return self._queue.keep(parcel)

    async def _replies(self, job: Job, inbound: Inbound) -> list[Reply]:
        way = seal({"platform": job.parcel.platform, "address": job.address}) if inbound.is_private else b""
        try:
            return await replies_to(job.kind, replace(inbound, address=way))
        except Exception as error:  # a fault of our own is no reason for silence
            log.critical("not answered", extra={"platform": job.parcel.platform, "error": type(error).__name__})
            count_cause(inbound.channel, Cause.FAULT)
            return [shared_replies().cannot_answer_now()]

    async def _look_for_ever(self) -> None:
        while not self._is_stopping:
            try:
                await self._look()
            except Exception as error:
                log.critical("parcels not looked for", extra={"error": type(error).__name__})
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _look(self) -> None:
        """What is late is shown to staff, what is too old is given up, what nobody carries is carried on."""
        for job in self._jobs:
            self._sending.look_at_age(job)
        await self._opt_outs.keep_owed()
        claimed, mine = await self._queue.left()
        carried = {job.name for job in self._jobs}
        uncarried = {one.pk: one for one in mine if one.name not in carried}
        dropped = [one for pk, one in uncarried.items() if pk in self._uncarried]  # at two looks in turn
        self._uncarried = set(uncarried) - {one.pk for one in dropped}
        for parcel in [*claimed, *dropped]:
            job, inbound, why = left_by(parcel, self._channels)
            if why:
                self._sending.end(job, UNDELIVERED, why)
            else:
                self._jobs.line_up(job)
                self._begin(self._carry(job, inbound))

    def _begin(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


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
            log.critical("not rendered", extra={"error": type(error).__name__})
    return []

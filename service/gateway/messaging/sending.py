"""Handing a job's parts to its platform: in order, again after failures, until they are taken or given up."""

import asyncio
import logging
import random
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone
from prometheus_client import Counter

from service.conversations.models import Parcel
from service.gateway.messaging.channel import CannotDeliver, Channel, Kind, Part, TryLater
from service.gateway.messaging.job import Job
from service.gateway.messaging.queue import Queue

log = logging.getLogger(__name__)
SENDINGS_AT_ONCE = 20  # a platform; as many again for emergencies
FIRST_PAUSE, LONGEST_PAUSE, LONGEST_WAIT = 1.0, 60.0, 3600.0
MOST_CAUSES = 50
STOP_SECONDS = 16.0  # as long as a sending takes at most
LATE_AFTER = {True: timedelta(minutes=1), False: timedelta(minutes=10)}  # by whether it is urgent
GIVEN_UP_AFTER = timedelta(hours=24)
ON_ITS_WAY, LATE, UNDELIVERED = Parcel.Status.ON_ITS_WAY, Parcel.Status.LATE, Parcel.Status.UNDELIVERED
DELIVERED, NOTHING_TO_SEND = Parcel.Status.DELIVERED, Parcel.Status.NOTHING_TO_SEND

sent = Counter("messaging_sent", "Messages that a platform took", ["platform"])
failures = Counter("messaging_failures", "Sendings that failed and are tried again, by cause", ["platform", "cause"])
undelivered = Counter("messaging_undelivered", "Replies that were given up", ["platform"])
_causes: set[str] = set()


class Sending:
    """One event loop's way to the platforms."""

    def __init__(self, channels: Mapping[str, Channel], queue: Queue) -> None:
        """Send by these channels, by the name of their folder; how far a job is goes into the queue."""
        self._channels, self._queue = channels, queue
        self._under_way: set[asyncio.Future[None]] = set()
        self._places: dict[tuple[str, bool], asyncio.Semaphore] = {}
        self._is_stopping = False
        for name in channels:
            undelivered.labels(name)  # 0, not missing, before the first

    async def deliver(self, job: Job) -> None:
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
                self.end(job, UNDELIVERED if is_owed else NOTHING_TO_SEND, error.why)
            except Exception as error:
                wait = self._note_failure(job, error)
                await asyncio.sleep(max(wait, pause * random.uniform(0.8, 1.2)))
                pause = min(2 * pause, LONGEST_PAUSE)

    def end(self, job: Job, status: str, why: str = "") -> None:
        """Nothing more is done; what was sealed is gone."""
        parcel = job.parcel
        if parcel.ended_at and status != DELIVERED:
            return
        parcel.status, parcel.why, parcel.sealed, parcel.ended_at = status, why[:64], b"", timezone.now()
        parcel.is_answered = True
        job.passed.set()
        if status == UNDELIVERED:
            undelivered.labels(parcel.platform).inc()
            log.error("undelivered", extra={"platform": parcel.platform, "parcel": parcel.pk, "why": why})
        self._queue.keep(parcel)

    def look_at_age(self, job: Job) -> None:
        """What is late is shown to staff, and holds up no other; what is too old is given up."""
        parcel, age = job.parcel, timezone.now() - job.parcel.received_at
        if parcel.is_answered and not parcel.ended_at and age > GIVEN_UP_AFTER:
            self.end(job, UNDELIVERED, parcel.why)
        elif parcel.status == ON_ITS_WAY and age > LATE_AFTER[parcel.is_urgent]:
            parcel.status = LATE
            job.passed.set()
            self._queue.keep(parcel)

    async def stop(self) -> None:
        """Begin no more, and end what is under way, for some seconds."""
        self._is_stopping = True
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
            await asyncio.sleep(0)  # those who wait for them note it

    async def _send_next(self, job: Job) -> None:
        parcel = job.parcel
        if parcel.sent_parts < len(job.parts):
            async with self._places.setdefault(
                (parcel.platform, parcel.is_urgent), asyncio.Semaphore(SENDINGS_AT_ONCE)
            ):
                await self._send(job, job.parts[parcel.sent_parts])
            parcel.sent_parts += 1
            sent.labels(parcel.platform).inc()
        if parcel.sent_parts < len(job.parts):
            self._queue.keep(parcel)
        else:
            self.end(job, UNDELIVERED if job.lost else DELIVERED, job.lost)

    async def _send(self, job: Job, part: Part) -> None:
        """One sending, which a stop does not end."""
        if self._is_stopping:
            raise asyncio.CancelledError
        channel = self._channels[job.parcel.platform]
        sending = asyncio.ensure_future(channel.send(job.address, part, str(job.parcel.pk or 0)))
        self._under_way.add(sending)
        sending.add_done_callback(self._under_way.discard)
        await asyncio.shield(sending)

    def _note_failure(self, job: Job, error: Exception) -> float:
        """Keep why a part could not be sent; how many seconds the platform asks to wait."""
        why, wait = type(error).__name__, 0.0
        if isinstance(error, TryLater):
            why, wait = error.why[:64], error.after_seconds or 0.0
        else:
            log.critical("sending failed", extra={"platform": job.parcel.platform, "error": why})
        failures.labels(job.parcel.platform, _cause(why)).inc()
        job.parcel.why = why
        self._queue.keep(job.parcel)
        return min(wait, LONGEST_WAIT)


def _cause(why: str) -> str:
    """A cause as a label: a platform may name as many as it likes, Prometheus would keep each for ever."""
    if len(_causes) < MOST_CAUSES:
        _causes.add(why)
    return why if why in _causes else "other"

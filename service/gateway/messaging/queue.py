"""The parcels of this process in the local database, so that a restart loses none. Nobody waits for it long."""

import asyncio
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

from django.db import IntegrityError, connections
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone
from prometheus_client import Counter

from service.conversations.models import Parcel

log = logging.getLogger(__name__)
WRITE_SECONDS = 0.2
HELD_FOR = timedelta(seconds=5)  # as long after a process is gone, another one carries its parcels on
PARCELS_AT_ONCE = 200
OUTBOX = "outbox"
HOW_FAR = ("sealed", "is_answered", "is_urgent", "sent_parts", "status", "why", "ended_at")
Result = TypeVar("Result")

write_failures = Counter("messaging_write_failures", "Attempts to write a parcel that failed; memory holds it")


class Queue:
    """Writes parcels in order, in a thread of its own; one that cannot be written is written at the next look."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parcels")
        self._unwritten: dict[int, Parcel] = {}

    async def put(self, parcel: Parcel) -> bool:
        """Whether the parcel is new; False for an update that came before.

        A database that fails, or takes longer than 0.2 s, holds up nobody: the parcel counts as new.
        """
        writing = self._run(self._write, parcel)
        await asyncio.wait([writing], timeout=WRITE_SECONDS)
        if writing.done():
            return writing.result()
        log.critical("parcels are late: platform=%s", parcel.platform)
        return True

    def keep(self, parcel: Parcel) -> None:
        """Write how far a parcel is, in the background."""
        self._run(self._write, parcel)

    async def due(self, at_work: Collection[int]) -> list[Parcel]:
        """Parcels that nobody holds, claimed for this process, oldest first; and those at work are held on."""
        return await self._run(self._due, set(at_work))

    async def note(self, reference: str, is_delivered: bool, why: str) -> None:
        """Take in what the platform says later of a part that it took."""
        await self._run(self._note, reference, is_delivered, why)

    async def let_go(self, at_work: Collection[int]) -> None:
        """Leave the parcels of this process to the next one."""
        await self._run(self._hold, set(at_work), timezone.now())

    def _run(self, work: Callable[..., Result], *arguments: object) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _write(self, parcel: Parcel) -> bool:
        try:
            if parcel.pk is None:
                parcel.save(force_insert=True, using=OUTBOX)
            else:  # none where it was erased meanwhile
                Parcel.objects.filter(pk=parcel.pk).update(**{name: getattr(parcel, name) for name in HOW_FAR})
        except IntegrityError:
            return False
        except DatabaseTrouble as error:
            _alarm(error)
            self._unwritten[id(parcel)] = parcel
        else:
            self._unwritten.pop(id(parcel), None)
        return True

    def _due(self, at_work: set[int]) -> list[Parcel]:
        for parcel in list(self._unwritten.values()):
            self._write(parcel)
        try:
            now = timezone.now()
            self._hold(at_work, now + HELD_FOR)
            free = Parcel.objects.filter(ended_at=None, held_until__lt=now).exclude(pk__in=at_work)
            return [parcel for parcel in free[:PARCELS_AT_ONCE] if self._claim(parcel)]
        except DatabaseTrouble as error:
            _alarm(error)
            return []

    def _claim(self, parcel: Parcel) -> bool:
        mine = Parcel.objects.filter(pk=parcel.pk, held_until=parcel.held_until, ended_at=None)
        parcel.held_until = timezone.now() + HELD_FOR
        return bool(mine.update(held_until=parcel.held_until))

    def _hold(self, ids: set[int], until: object) -> None:
        if ids:
            Parcel.objects.filter(pk__in=ids, ended_at=None).update(held_until=until)

    def _note(self, reference: str, is_delivered: bool, why: str) -> None:
        if is_delivered or not (reference.isascii() and reference.isdecimal() and len(reference) < 19):
            return
        sent = Parcel.objects.filter(pk=int(reference), status=Parcel.Status.DELIVERED)
        try:
            sent.update(status=Parcel.Status.UNDELIVERED, why=why[:64])
        except DatabaseTrouble as error:
            _alarm(error)


def _alarm(error: Exception) -> None:
    write_failures.inc()
    log.critical("parcels cannot be written: error=%s", type(error).__name__)
    connections[OUTBOX].close()

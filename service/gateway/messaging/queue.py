"""The parcels of this process in the local database, so that a restart loses none. Nobody waits for it long."""

import asyncio
import logging
import time
import uuid
from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from django.db import IntegrityError, InterfaceError, OperationalError, connections
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from service.conversations.models import Parcel
from service.conversations.store_errors import Store, count_error
from service.gateway.messaging.owners import Owner, owner_is_gone

log = logging.getLogger(__name__)
WRITE_SECONDS = 0.2
PAUSE_SECONDS = 0.5  # after a failure nothing is tried for so long: a locked database takes two seconds to say so
CLOSE_SECONDS = 20.0
OUTBOX = "outbox"
HOW_FAR = ("sealed", "is_answered", "is_urgent", "sent_parts", "status", "why", "ended_at")
COLUMNS = [field.name for field in Parcel._meta.concrete_fields if field.name not in ("id", "logged_status")]
LONGEST_REFERENCE = 18
Result = TypeVar("Result")
Values = dict[str, Any]


class Queue:
    """Writes how far parcels are, in a thread of its own; what cannot be written is written at the next look.

    The parcels of a process that is gone are carried on by another one of the same machine; those of one that is only
    slow are not (`owners`).
    """

    def __init__(self, folder: Path) -> None:
        """`folder` holds the lock files of the processes."""
        self._folder, self._owner = folder, Owner(folder, uuid.uuid4().hex)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parcels")
        self._unwritten: dict[int, tuple[Parcel, Values]] = {}
        self._unnoted: dict[str, str] = {}
        self._changing = Lock()
        self._try_again_at = 0.0
        self._missing: Tally[str] = Tally()

    async def put(self, parcel: Parcel) -> bool:
        """Whether the parcel is new; False for an update that came before.

        A database that fails, or takes longer than 0.2 s, holds up nobody: the parcel counts as new.
        """
        parcel.held_by = self._owner.name
        await asyncio.wait([self._write_soon(parcel)], timeout=WRITE_SECONDS)
        return parcel.ended_at is None

    def keep(self, parcel: Parcel) -> None:
        """Write how far a parcel is, in the background."""
        self._write_soon(parcel)

    async def left(self) -> tuple[list[Parcel], list[Parcel]]:
        """What processes that are gone left, claimed for this one; and all else that is this one's and not ended.

        Of the second the caller knows most: it carries them. Oldest first; what was not written is written.
        """
        return await self._run(self._left)

    async def note_failure(self, reference: str, why: str) -> None:
        """Take in that a part, which the platform had taken, did not arrive."""
        if reference.isascii() and reference.isdecimal() and len(reference) <= LONGEST_REFERENCE:
            self._unnoted[reference] = why[:64]
            await asyncio.wait([self._run(self._note_all)], timeout=WRITE_SECONDS)

    async def close(self) -> None:
        """Write what is not written, for some seconds, and leave the parcels to the next process."""
        try:
            await self._run(self._write_at_last)
        finally:
            self._owner.go()

    def _write_soon(self, parcel: Parcel) -> "asyncio.Future[None]":
        with self._changing:
            self._unwritten[id(parcel)] = (parcel, _values(parcel))
        return self._run(self._write_all)

    def _run(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _write_all(self) -> None:
        """Until the database fails; what is newer than what was being written stays to be written."""
        with self._changing:
            due = list(self._unwritten.items()) if time.monotonic() >= self._try_again_at else []
        for key, (parcel, values) in due:
            try:
                _write_or_alarm(parcel, values)
            except (OperationalError, InterfaceError) as error:
                self._try_again_at = time.monotonic() + PAUSE_SECONDS
                _alarm(error)
                break
            with self._changing:
                if self._unwritten.get(key, (None, None))[1] is values:
                    del self._unwritten[key]

    def _write_at_last(self) -> None:
        until = time.monotonic() + CLOSE_SECONDS
        while self._unwritten and time.monotonic() < until:
            self._write_all()
            time.sleep(0.1 if self._unwritten else 0)
        if self._unwritten:
            log.critical("parcels lost at the stop, or delivered again after it", extra={"count": len(self._unwritten)})

    def _note_all(self) -> None:
        """Once the parcels themselves are written: only one that has ended takes it in."""
        for reference, why in list(self._unnoted.items()) if not self._unwritten else ():
            try:
                ended = Parcel.objects.filter(pk=int(reference)).exclude(ended_at=None)
                ended.update(status=Parcel.Status.UNDELIVERED, why=why)
            except DatabaseTrouble as error:
                return _alarm(error)
            del self._unnoted[reference]
        return None

    def _left(self) -> tuple[list[Parcel], list[Parcel]]:
        self._owner.stay()
        self._write_all()
        self._note_all()
        try:
            others = Parcel.objects.filter(ended_at=None).exclude(held_by=self._owner.name)
            owners = set(others.values_list("held_by", flat=True))
            claimed = sorted((one for owner in owners for one in self._claim(owner)), key=lambda one: one.pk)
            with self._changing:
                changing = {parcel.pk for parcel, _ in self._unwritten.values()}
            mine = Parcel.objects.filter(ended_at=None, held_by=self._owner.name)
            new = {one.pk for one in claimed}
            return claimed, [one for one in mine if one.pk not in changing | new]
        except DatabaseTrouble as error:
            _alarm(error)
            return [], []

    def _claim(self, owner: str) -> list[Parcel]:
        """The parcels of a process that is gone; [] while it lives, or another one claims them just now."""
        with owner_is_gone(self._folder, owner, self._missing) as is_gone:
            theirs = Parcel.objects.filter(ended_at=None, held_by=owner)
            ids = list(theirs.values_list("pk", flat=True)) if is_gone else []
            if ids:
                theirs.update(held_by=self._owner.name)
        return list(Parcel.objects.filter(pk__in=ids, held_by=self._owner.name))


def _write(parcel: Parcel, values: Values) -> None:
    if parcel.pk is None:
        row = Parcel(**values)
        row.save(force_insert=True, using=OUTBOX)
        parcel.pk = row.pk
    else:  # none where it was erased meanwhile
        Parcel.objects.filter(pk=parcel.pk).update(**{name: values[name] for name in HOW_FAR})


def _write_or_alarm(parcel: Parcel, values: Values) -> None:
    """One that cannot be written holds up no other; one that came before is not carried on.

    Raises:
        OperationalError, InterfaceError: the database is not there.
    """
    try:
        _write(parcel, values)
    except IntegrityError:
        parcel.status, parcel.ended_at = Parcel.Status.NOTHING_TO_SEND, timezone.now()
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _alarm(error)


def _values(parcel: Parcel) -> Values:
    """The parcel as it is now: the thread that writes it never sees it change."""
    return {name: getattr(parcel, name) for name in COLUMNS}


def _alarm(error: Exception) -> None:
    count_error(Store.OUTBOX)
    log.critical("parcels cannot be written", extra={"error": type(error).__name__})
    connections[OUTBOX].close()

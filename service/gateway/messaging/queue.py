"""The parcels of this process in the local database, so that a restart loses none. Nobody waits for it long."""

import asyncio
import fcntl
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, TypeVar

from django.db import IntegrityError, connections
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone
from prometheus_client import Counter

from service.conversations.models import Parcel

log = logging.getLogger(__name__)
WRITE_SECONDS = 0.2
OUTBOX = "outbox"
HOW_FAR = ("sealed", "is_answered", "is_urgent", "sent_parts", "status", "why", "ended_at")
COLUMNS = [field.name for field in Parcel._meta.concrete_fields if field.name not in ("id", "logged_status")]
LONGEST_REFERENCE = 18
Result = TypeVar("Result")
Values = dict[str, Any]

write_failures = Counter("messaging_write_failures", "Attempts to write a parcel that failed; memory holds it")


class Queue:
    """Writes how far parcels are, in a thread of its own; what cannot be written is written at the next look.

    Each process holds a lock on a file of its own as long as it lives: the parcels of one that is gone are carried on
    by another one of the same machine, those of one that is only slow are not.
    """

    def __init__(self, folder: Path) -> None:
        """`folder` holds the files of the processes."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self.name = folder, uuid.uuid4().hex
        self._lock = _locked(folder / self.name)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="parcels")
        self._unwritten: dict[int, tuple[Parcel, Values]] = {}
        self._unnoted: dict[str, str] = {}

    async def put(self, parcel: Parcel) -> bool:
        """Whether the parcel is new; False for an update that came before.

        A database that fails, or takes longer than 0.2 s, holds up nobody: the parcel counts as new.
        """
        parcel.held_by = self.name
        self._unwritten[id(parcel)] = (parcel, _values(parcel))
        await asyncio.wait([self._run(self._write_all)], timeout=WRITE_SECONDS)
        return parcel.ended_at is None

    def keep(self, parcel: Parcel) -> None:
        """Write how far a parcel is, in the background."""
        self._unwritten[id(parcel)] = (parcel, _values(parcel))
        self._run(self._write_all)

    async def left(self) -> list[Parcel]:
        """What processes that are gone left, claimed for this one, oldest first; and write what was not written."""
        return await self._run(self._left)

    async def note_failure(self, reference: str, why: str) -> None:
        """Take in that a part, which the platform had taken, did not arrive."""
        if reference.isascii() and reference.isdecimal() and len(reference) <= LONGEST_REFERENCE:
            self._unnoted[reference] = why[:64]
            await asyncio.wait([self._run(self._note_all)], timeout=WRITE_SECONDS)

    async def close(self) -> None:
        """Write what is not written, and leave the parcels to the next process."""
        await self._run(self._write_all)
        self._lock.close()

    def _run(self, work: Callable[[], Result]) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _write_all(self) -> None:
        """Until the database fails; what is newer than what was being written stays to be written."""
        for key, (parcel, values) in list(self._unwritten.items()):
            try:
                _write(parcel, values)
            except IntegrityError:  # it came before
                parcel.status, parcel.ended_at = Parcel.Status.NOTHING_TO_SEND, timezone.now()
            except DatabaseTrouble as error:
                return _alarm(error)
            if self._unwritten.get(key, (None, None))[1] is values:
                del self._unwritten[key]
        return None

    def _note_all(self) -> None:
        for reference, why in list(self._unnoted.items()):
            try:
                row = Parcel.objects.filter(pk=int(reference)).exclude(status=Parcel.Status.UNDELIVERED)
                row.exclude(ended_at=None).update(status=Parcel.Status.UNDELIVERED, why=why)
            except DatabaseTrouble as error:
                return _alarm(error)
            del self._unnoted[reference]
        return None

    def _left(self) -> list[Parcel]:
        self._write_all()
        self._note_all()
        try:
            others = Parcel.objects.filter(ended_at=None).exclude(held_by=self.name).values_list("held_by", flat=True)
            return [parcel for owner in set(others) for parcel in self._claim(owner)]
        except DatabaseTrouble as error:
            _alarm(error)
            return []

    def _claim(self, owner: str) -> list[Parcel]:
        """The parcels of a process that is gone; [] while it lives, or another one claims them just now."""
        file = self._folder / owner
        lock = _lock(file)
        if lock is None and file.exists():
            return []
        theirs = Parcel.objects.filter(ended_at=None, held_by=owner)
        ids = list(theirs.values_list("pk", flat=True))
        theirs.update(held_by=self.name)
        file.unlink(missing_ok=True)
        if lock:
            lock.close()
        return list(Parcel.objects.filter(pk__in=ids, held_by=self.name))


def _write(parcel: Parcel, values: Values) -> None:
    if parcel.pk is None:
        row = Parcel(**values)
        row.save(force_insert=True, using=OUTBOX)
        parcel.pk = row.pk
    else:  # none where it was erased meanwhile
        Parcel.objects.filter(pk=parcel.pk).update(**{name: values[name] for name in HOW_FAR})


def _values(parcel: Parcel) -> Values:
    """The parcel as it is now: the thread that writes it never sees it change."""
    return {name: getattr(parcel, name) for name in COLUMNS}


def _locked(file: Path) -> IO[str]:
    lock = file.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _lock(file: Path) -> IO[str] | None:
    """The file, locked; None where it is not there, or a process that lives holds it."""
    try:
        lock = file.open("r+")
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def _alarm(error: Exception) -> None:
    write_failures.inc()
    log.critical("parcels cannot be written: error=%s", type(error).__name__)
    connections[OUTBOX].close()

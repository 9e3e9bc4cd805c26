"""The local outbox: every turn is in it before its reply leaves, and is moved from there to the log."""

import asyncio
import atexit
import fcntl
import logging
import time
from collections import deque
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path
from threading import Condition, Event, Thread

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connections, transaction
from django.db.models import F
from django.db.utils import Error as DatabaseTrouble
from django.utils import timezone

from service.conversations import record
from service.conversations.deliveries import log_deliveries
from service.conversations.models import Entry, Parcel
from service.conversations.store_errors import Store, count_error
from service.conversations.waiting import CANARY, measure, unwritten

log = logging.getLogger(__name__)
OUTBOX, LOG = "outbox", "default"
RETRY_SECONDS, MOST_RETRY_SECONDS = 0.2, 5.0
QUIET_SECONDS, LONGEST_BUSY = (
    0.1,
    10,
)  # replies leave first: the log waits for a moment without any, for a second at most
STOP_SECONDS = 3
UNANSWERED_AFTER = timedelta(seconds=10)
KEPT_AFTER_MOVE, KEPT_AFTER_END = timedelta(days=1), timedelta(days=3)
CLEAN_UP_EVERY_SECONDS = 3600
ENTRIES_AT_ONCE = 100  # in less than a second, so that an erasure meanwhile is seen


class Writer(Thread):
    """Writes turns to the outbox, in order, in batches. What cannot be written stays in memory and is tried again."""

    def __init__(self) -> None:
        super().__init__(name="outbox writer", daemon=True)
        self._due: deque[tuple[Entry, Future[Entry]]] = deque()
        self._changed = Condition()
        self._is_stopping = False
        self.answered = Event()

    def write(self, entry: Entry) -> "asyncio.Future[Entry]":
        """Have a turn written; once that is done the result is the turn as stored, which may be an earlier one's.

        Args:
            entry: new, or one given before that has its replies now.
        """
        future: Future[Entry] = Future()
        future.set_running_or_notify_cancel()  # nobody who stops waiting stops the writing
        with self._changed:
            self._due.append((entry, future))
            self._changed.notify()
        return asyncio.wrap_future(future)

    def unwritten(self, channel: str, conversation: str) -> list[Entry]:
        """The turns of a conversation that are not in the outbox yet, or not with their replies, oldest first."""
        with self._changed:
            return [entry for entry, _ in self._due if (entry.channel, entry.conversation) == (channel, conversation)]

    def run(self) -> None:
        """Until `stop` was called and nothing is due, or it cannot be written."""
        pause = RETRY_SECONDS
        while batch := self._batch():
            try:
                self._finish(batch, _written([entry for entry, _ in batch]))
                pause = RETRY_SECONDS
            except (IntegrityError, DataError) as error:  # of one turn, not of the database
                _alarm("turns cannot be written", error, Store.OUTBOX, len(batch))
                self._write_one_by_one(batch)
            except DatabaseTrouble as error:
                _alarm("outbox cannot be written", error, Store.OUTBOX, len(self._due))
                if self._is_stopping:
                    return
                time.sleep(pause)
                pause = min(2 * pause, MOST_RETRY_SECONDS)
            except Exception as error:  # a turn that no database could take must not end this thread
                _alarm("turns cannot be written", error, Store.OUTBOX, len(batch))
                self._write_one_by_one(batch)

    def _write_one_by_one(self, batch: list[tuple[Entry, Future[Entry]]]) -> None:
        """Write what can be written of a batch, leave out the rest."""
        for one in batch:
            try:
                self._finish([one], _written([one[0]]))
            except (IntegrityError, DataError) as error:
                _alarm("turn left out of the outbox", error, Store.OUTBOX)
                self._finish([one], [one[0]])
            except DatabaseTrouble:
                time.sleep(RETRY_SECONDS)
                return
            except Exception as error:
                _alarm("turn left out of the outbox", error, Store.OUTBOX)
                self._finish([one], [one[0]])

    def stop(self) -> None:
        """Write what is due, and end."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify()
        self.join(STOP_SECONDS)

    def _batch(self) -> list[tuple[Entry, Future[Entry]]]:
        with self._changed:
            self._changed.wait_for(lambda: self._due or self._is_stopping)
            unwritten.set(len(self._due))
            return list(self._due)

    def _finish(self, batch: list[tuple[Entry, Future[Entry]]], stored: list[Entry]) -> None:
        with self._changed:
            for _ in batch:
                self._due.popleft()
            unwritten.set(len(self._due))
        for (_, future), entry in zip(batch, stored):
            future.set_result(entry)
        if any(entry.answered_at for entry in stored):
            self.answered.set()


class Mover(Thread):
    """Moves turns from the outbox to the log, in order within a conversation. One process of a machine does it."""

    def __init__(self, lock_file: Path, answered: Event) -> None:
        """Move whenever `answered` is set; `lock_file` is held by the process that does it."""
        super().__init__(name="outbox mover", daemon=True)
        self._lock_file = lock_file
        self._answered = answered

    def run(self) -> None:
        """For ever; whatever goes wrong is raised as alarm and tried again."""
        pause = RETRY_SECONDS
        while True:
            try:
                with self._lock_file.open("w") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    self._move_for_ever()
            except Exception as error:
                _alarm("log is behind", error, Store.LOG)
                time.sleep(pause)
                pause = min(2 * pause, MOST_RETRY_SECONDS)

    def _move_for_ever(self) -> None:
        Entry.objects.filter(refused_at__isnull=False).update(refused_at=None)
        cleaned_at = 0.0
        while True:
            self._answered.clear()
            if time.monotonic() - cleaned_at > CLEAN_UP_EVERY_SECONDS or not cleaned_at:
                clean_up()
                cleaned_at = time.monotonic()
            moved = move_due()
            log_deliveries()
            if moved < ENTRIES_AT_ONCE:
                self._answered.wait(1)
                self._wait_for_quiet()

    def _wait_for_quiet(self) -> None:
        for _ in range(LONGEST_BUSY):
            self._answered.clear()
            if not self._answered.wait(QUIET_SECONDS):
                return


def start(folder: Path) -> Writer:
    """Start writing and moving in this process; `folder` holds the outbox."""
    writer = Writer()
    writer.start()
    Mover(folder / "outbox.lock", writer.answered).start()
    atexit.register(writer.stop)
    return writer


def move_due() -> int:
    """Move turns that are answered, or were left unanswered; a hundred at most.

    Returns:
        How many were moved.

    Raises:
        OperationalError, InterfaceError: a database is not there; what was not moved is moved by the next call.
    """
    waiting = Entry.objects.filter(moved_at=None, refused_at=None)
    measure()
    entries = list(waiting[:ENTRIES_AT_ONCE])
    erased = record.erased(entries)
    gone = [entry.pk for entry in entries if entry.pk in erased or entry.channel == CANARY]
    Entry.objects.filter(pk__in=gone).delete()
    due = _due([entry for entry in entries if entry.pk not in gone])
    try:
        _move(due)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        _alarm("turns cannot be moved to the log together", error, Store.LOG, len(due))
        _move_one_by_one(due)
    return len(due)


def _due(entries: list[Entry]) -> list[Entry]:
    """Those to be moved; one that waits for its reply holds back its conversation."""
    due, held_back = [], set()
    for entry in entries:
        conversation = (entry.channel, entry.conversation)
        is_left = timezone.now() - entry.received_at > UNANSWERED_AFTER
        if conversation not in held_back and (entry.answered_at or is_left):
            due.append(entry)
        else:
            held_back.add(conversation)
    return due


def _move(entries: list[Entry]) -> None:
    if not entries or not record.move(entries):
        return
    moved = Entry.objects.filter(pk__in=[entry.pk for entry in entries if entry.answered_at])
    moved |= Entry.objects.filter(pk__in=[entry.pk for entry in entries if not entry.answered_at], answered_at=None)
    moved.update(moved_at=timezone.now())


def _move_one_by_one(entries: list[Entry]) -> None:
    """A turn that the log will not have is set aside, and holds up nobody."""
    for entry in entries:
        try:
            _move([entry])
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            _alarm("turn refused by the log, and set aside", error, Store.LOG, entry.pk)
            Entry.objects.filter(pk=entry.pk).update(refused_at=timezone.now())


def clean_up() -> None:
    """Delete the turns that were moved a day ago, and the parcels that ended three days ago, once the log has both."""
    now = timezone.now()
    Entry.objects.filter(moved_at__lt=now - KEPT_AFTER_MOVE).delete()
    Parcel.objects.filter(ended_at__lt=now - KEPT_AFTER_END, logged_status=F("status")).delete()


def _written(entries: list[Entry]) -> list[Entry]:
    new = [entry for entry in entries if entry.pk is None]
    try:
        with transaction.atomic(using=OUTBOX):
            return [_stored(entry) for entry in entries]
    except DatabaseTrouble:
        for entry in new:  # what was inserted is rolled back
            entry.pk = None
        raise


def _stored(entry: Entry) -> Entry:
    """Insert a turn or put in its replies. The first who answers wins; an erased one is not written again."""
    key = {name: getattr(entry, name) for name in ("channel", "conversation", "message_id")}
    if entry.pk is None:
        try:
            with transaction.atomic(using=OUTBOX):
                entry.save(force_insert=True)
            return entry
        except IntegrityError:
            entry.pk = None
            if not Entry.objects.filter(**key).exists():  # it is none that came before
                raise
    if entry.answered_at:
        answer = {
            name: getattr(entry, name) for name in ("replies", "feedback", "measured", "model_version", "answered_at")
        }
        if Entry.objects.filter(**key, answered_at=None).update(**answer, moved_at=None):
            return entry
    return Entry.objects.filter(**key).first() or entry


def _alarm(what: str, error: Exception, store: Store, about: int | None = None) -> None:
    """Say that something must be looked at; the connections are made anew."""
    count_error(store)
    log.critical(what, extra={"error": type(error).__name__, "about": about})
    for name in (OUTBOX, LOG):
        connections[name].close()

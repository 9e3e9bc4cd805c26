"""What staff switched in the console, read in the background: no message waits for it."""

import json
import logging
import os
import time
from functools import cache
from pathlib import Path
from threading import Event, Thread

from django.conf import settings
from django.db import connections

from service.conversations import controls
from service.conversations.controls import Controls
from service.conversations.store_errors import Store, count_error

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 2.0
FIRST_LOOK_SECONDS = 5.0
COPY = "controls.json"


class Watch(Thread):
    """Looks every two seconds what is switched; while the database is not reached, the last known holds.

    A copy of it stands beside the outbox, so that it outlasts a restart, too.
    """

    def __init__(self, copy: Path) -> None:
        super().__init__(name="controls", daemon=True)
        self._copy = copy
        self._kept = self._read_copy()
        self._is_reached = True
        self._has_looked = Event()
        self.current = self._kept or Controls()

    def run(self) -> None:
        """As long as the process."""
        while True:
            self.look()
            time.sleep(LOOK_EVERY_SECONDS)

    def wait_for_first_look(self, seconds: float = FIRST_LOOK_SECONDS) -> None:
        """Until the database was asked once, whatever it said; no longer than that."""
        self._has_looked.wait(seconds)

    def look(self) -> None:
        """Read what is switched, and keep it."""
        try:
            self._take(controls.read())
            self._is_reached = True
        except Exception as error:  # whatever it is, it must not end this thread
            connections.close_all()
            count_error(Store.LOG)
            if self._is_reached:
                log.error("controls not read, the last known hold", extra={"error": type(error).__name__})
            self._is_reached = False
        self._has_looked.set()

    def _take(self, new: Controls) -> None:
        if new != self.current:
            log.warning("controls", extra={"mode": new.mode.value, "withdrawn": ",".join(sorted(new.withdrawn)) or "-"})
        self.current = new
        if new != self._kept:
            self._write_copy()

    def _write_copy(self) -> None:
        """In one step, so that nobody reads half of it; where that fails, it is tried again at the next look."""
        written = self._copy.with_suffix(f".{os.getpid()}")
        try:
            written.write_text(json.dumps(self.current.as_json()), encoding="utf-8")
            written.replace(self._copy)
            self._kept = self.current
        except OSError as error:
            log.critical("controls would not outlast a restart", extra={"error": type(error).__name__})

    def _read_copy(self) -> Controls | None:
        """What an earlier process knew."""
        try:
            return Controls.from_json(json.loads(self._copy.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.critical("the copy of the controls cannot be read", extra={"error": type(error).__name__})
            return None


@cache
def shared_watch() -> Watch:
    """The process's watch, at work."""
    watch = Watch(settings.VAR / COPY)
    watch.start()
    return watch

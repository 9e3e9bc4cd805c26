"""What the clinic has the bot do: the mode of clinic.yml, read again while the bot runs, and of the console."""

import logging
import time
from functools import cache
from pathlib import Path

from baclofen_faq.answers import CLINIC_FILE, Mode, load_clinic
from baclofen_faq.vetted_files import VettedFileError
from service.conversations.controls import stricter
from service.gateway.controls import shared_watch

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 2.0


class ModeSwitch:
    """The mode of a clinic.yml; where that is broken while the bot runs, the last one that was right."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mode = load_clinic(path).mode
        self._looked_at = time.monotonic()
        self._changed_at = self._time_of_change()

    def mode(self) -> Mode:
        """The mode now; the file is looked at every two seconds, and read where it changed."""
        if time.monotonic() - self._looked_at >= LOOK_EVERY_SECONDS:
            self._looked_at = time.monotonic()
            changed_at = self._time_of_change()
            if changed_at != self._changed_at:
                self._changed_at = changed_at
                self._read()
        return self._mode

    def _read(self) -> None:
        try:
            self._mode = load_clinic(self._path).mode
        except VettedFileError as error:
            log.critical("mode stays as it was", extra={"mode": self._mode.value, "why": str(error)})

    def _time_of_change(self) -> int:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return 0


@cache
def _switch() -> ModeSwitch:
    return ModeSwitch(CLINIC_FILE)


def current_mode() -> Mode:
    """The mode of this clinic: the stricter one of its file and of its console."""
    return stricter(_switch().mode(), shared_watch().current.mode)

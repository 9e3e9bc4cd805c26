"""What stands under vetted/ now, read again where a file changed."""

import logging
from pathlib import Path
from threading import Lock

from baclofen_faq.answers import Vetted, load_vetted
from baclofen_faq.vetted_files import VETTED, VettedFileError

log = logging.getLogger(__name__)


class Shelf:
    """The files of one folder; while one of them is broken, the last that were right."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read yet."""
        self.folder = folder
        self._lock = Lock()
        self._changed_at: tuple[tuple[str, int], ...] = ()
        self._vetted: Vetted | None = None

    def current(self) -> Vetted:
        """All of them.

        Raises:
            VettedFileError: one is broken, and none was right before.
        """
        with self._lock:
            changed_at = self._times_of_change()
            if self._vetted is None or changed_at != self._changed_at:
                self._vetted, self._changed_at = self._read(), changed_at
            return self._vetted

    def _read(self) -> Vetted:
        try:
            return load_vetted(self.folder)
        except VettedFileError as error:
            if self._vetted is None:
                raise
            log.critical("vetted/ stays as it was", extra={"why": str(error)})
            return self._vetted

    def _times_of_change(self) -> tuple[tuple[str, int], ...]:
        return tuple((str(path), path.stat().st_mtime_ns) for path in sorted(self.folder.rglob("*.yml")))


SHELF = Shelf(VETTED)

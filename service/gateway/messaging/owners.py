"""Which process of this machine carries a parcel: each holds a lock on a file of its own as long as it lives."""

import contextlib
import fcntl
import logging
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)
LOOKS_WITHOUT_FILE = 5  # an owner whose file somebody deleted makes it anew meanwhile


class Owner:
    """This process, as the others see it."""

    def __init__(self, folder: Path, name: str) -> None:
        """Be there from now on; OSError where the folder takes no locks."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name, self._file = name, folder / name
        self._lock = _locked(self._file)

    def stay(self) -> None:
        """Make the file anew where it is gone."""
        with contextlib.suppress(OSError):
            if self._file.exists() and self._file.stat().st_ino == os.fstat(self._lock.fileno()).st_ino:
                return
            log.critical("lock file of the parcels was gone")
            self._lock = _locked(self._file)

    def go(self) -> None:
        """Leave the parcels to others."""
        self._lock.close()


@contextlib.contextmanager
def owner_is_gone(folder: Path, name: str, missing: "Counter[str]") -> Iterator[bool]:
    """Whether an owner is gone; nobody else is told so inside. Its file goes at the end.

    Args:
        folder: of the lock files.
        name: the owner's.
        missing: how often the file of which owner was not there; kept by the caller.
    """
    file = folder / name
    try:
        with file.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
            file.unlink(missing_ok=True)
    except FileNotFoundError:
        missing[name] += 1
        yield missing[name] >= LOOKS_WITHOUT_FILE
    except BlockingIOError:
        missing.pop(name, None)
        yield False
    except OSError as error:
        log.critical("lock file of the parcels cannot be read", extra={"error": type(error).__name__})
        yield False


def _locked(file: Path) -> IO[str]:
    lock = file.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock

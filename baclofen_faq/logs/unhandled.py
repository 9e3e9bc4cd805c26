"""Errors that nobody caught, as lines of the log instead of Python's own lines, which hold an error's message."""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

log = logging.getLogger(__name__)


def log_unhandled() -> None:
    """From now on, in this process."""
    sys.excepthook = _main
    threading.excepthook = _thread
    sys.unraisablehook = _unraisable


def _main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return sys.__excepthook__(kind, error, trace)
    log.critical("the process ends", exc_info=(kind, error, trace))
    return None


def _thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is not SystemExit and ended.exc_value is not None:
        log.critical("a thread ends", exc_info=(ended.exc_type, ended.exc_value, ended.exc_traceback))


def _unraisable(left: Any) -> None:
    if left.exc_value is not None:
        log.error("left behind", exc_info=(left.exc_type, left.exc_value, left.exc_traceback))

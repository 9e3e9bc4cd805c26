"""What a line of the log may hold.

The project's own lines are constants with fields beside them. What a library writes may hold anything: the text of a
message in an f-string, a row in a database's error. So of its line there stays where it was written, the template
without what is put into it, and of an error the type and the way it came, but not its message. This is done when the
line is made, so that it holds for whatever prints it.
"""

import logging
import re
import sys
from pathlib import Path
from types import TracebackType

OWN = ("actions", "audit head", "baclofen_faq", "service")
SPEAK_PLAINLY = ("uvicorn.error",)  # what it writes are constants, ports and ids of processes
LEFT_OUT = "left out: it may hold a person's words"
SENTENCES = {  # errors of the project's own, and Django's for settings: each is a sentence that names the next step
    "EmbeddingModelError",
    "ImproperlyConfigured",
    "LogSettingsError",
    "NotValidatedError",
    "StackError",
    "VettedFileError",
}
MOST_FRAMES, MOST_CAUSES = 20, 5  # the last ones; the nearest
STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
_ROOT = f"{Path(__file__).resolve().parent.parent.parent}/"


class Known(str):
    """A text that is known to be a constant of a library's, such as the name of an event."""


def guarded(*arguments: object, **more: object) -> logging.LogRecord:
    """A line of the log as `logging` makes it, without what it may not hold."""
    record = logging.LogRecord(*arguments, **more)  # type: ignore[arg-type]
    told: dict[str, object] = {}
    if not is_own(record.name):
        told["where"] = f"{_short(record.pathname)}:{record.lineno}"
        record.msg, record.args = _constant(record), ()
    kind, error, trace = record.exc_info or (None, None, None)
    if kind is None and not is_own(record.name):
        kind, error, trace = sys.exc_info()  # its text said which, perhaps: in an except clause
    if kind is not None:
        told |= {"error": kind.__name__, "frames": frames(trace)}
        if causes := _causes(error):
            told["caused_by"] = causes
        if kind.__name__ in SENTENCES:
            told["why"] = str(error)
    record.exc_info = record.stack_info = None
    record._told = told
    return record


class Guard(logging.Filter):
    """Lets through the project's own lines, and warnings and errors of libraries without what these add to them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is printed."""
        if not is_own(record.name):
            for name in set(record.__dict__) - STANDARD - {"_told"}:
                if name != "status_code":  # of Django's lines about a request
                    delattr(record, name)
        record.__dict__.update(getattr(record, "_told", {}))
        return is_own(record.name) or record.levelno >= logging.WARNING


def is_own(name: str) -> bool:
    """Whether a logger is the project's.

    >>> is_own("service.gateway.receive"), is_own("rasa.core.processor")
    (True, False)
    """
    return name.partition(".")[0] in OWN


def frames(trace: TracebackType | None) -> list[str]:
    """Where an error came through, as file:line, the place that raised it last."""
    found = []
    while trace:
        found.append(f"{_short(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-MOST_FRAMES:]


def _constant(record: logging.LogRecord) -> str:
    """What of a library's line is no more than its own words."""
    if record.name in SPEAK_PLAINLY:
        return record.getMessage().strip()
    is_template = record.args and re.search(r"[a-z]", re.sub(r"%[a-z]", "", str(record.msg)))
    return str(record.msg) if is_template or isinstance(record.msg, Known) else LEFT_OUT


def _causes(error: BaseException | None) -> list[str]:
    """The types of the errors that it came from, the nearest first."""
    found: list[str] = []
    while error and (error := error.__cause__ or error.__context__) and len(found) < MOST_CAUSES:
        found.append(type(error).__name__)
    return found


def _short(path: str) -> str:
    """A file as its library or the project names it."""
    return path.rpartition("site-packages/")[2] if "site-packages/" in path else path.removeprefix(_ROOT)

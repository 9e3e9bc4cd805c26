"""How a process is told what to print, by LOG_FORMAT and LOG_LEVEL."""

import logging
import logging.config
import os
from collections.abc import Mapping
from typing import Any

from baclofen_faq.logs.guard import guarded
from baclofen_faq.production import is_production

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
FORMS = {"json": "baclofen_faq.logs.form.json_lines", "text": "baclofen_faq.logs.form.TextLines"}
ALWAYS = "audit head"  # a line a day, which LOG_LEVEL does not turn off
NEVER = "py.warnings"  # for who writes code, and the words of a message may stand in them
PASS_ON = ("gunicorn.access", "gunicorn.error", "uvicorn", "uvicorn.access", "uvicorn.error")
KEEP = ("sanic.access", "sanic.error", "sanic.root")  # Rasa ends what they pass on; so they print themselves


class LogSettingsError(ValueError):
    """LOG_FORMAT or LOG_LEVEL is none; the message is one sentence that says what it may be."""


def configure() -> None:
    """Have this process print lines as LOG_FORMAT (json; text outside production) and LOG_LEVEL (WARNING) say.

    LOG_LEVEL is that of the project's own lines; of libraries warnings and errors are printed. To be called after
    whatever else sets up logging.

    Raises:
        LogSettingsError: one of the two is wrong.
    """
    logging.config.dictConfig(as_dict())
    logging.captureWarnings(True)


def as_dict(environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """The same for a server that takes such a dict; from now on no line of this process holds what it may not.

    Raises:
        LogSettingsError: LOG_FORMAT or LOG_LEVEL is wrong.
    """
    form = _chosen(environment, "LOG_FORMAT", "json" if is_production(environment) else "text", tuple(FORMS), str.lower)
    level = _chosen(environment, "LOG_LEVEL", "WARNING", LEVELS, str.upper)
    logging.setLogRecordFactory(guarded)
    passing = {name: {"handlers": [], "propagate": True} for name in PASS_ON}
    keeping = {name: {"handlers": ["out"], "propagate": False} for name in KEEP}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMS[form]}},
        "filters": {"guard": {"()": "baclofen_faq.logs.guard.Guard"}},
        "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["guard"]}},
        "loggers": {**passing, **keeping, ALWAYS: {"level": "INFO"}, NEVER: {"level": "CRITICAL"}},
        "root": {"handlers": ["out"], "level": level},
    }


def _chosen(environment: Mapping[str, str], name: str, usual: str, known: tuple[str, ...], plain: Any) -> str:
    value = plain(environment.get(name) or usual)
    if value not in known:
        raise LogSettingsError(f"{name} is {value!r}: it must be one of {', '.join(known)}.")
    return str(value)

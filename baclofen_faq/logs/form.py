"""The two forms of a line: JSON for machines, text for a terminal."""

import logging
import time

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

NAMES = {"asctime": "time", "levelname": "level", "name": "logger", "message": "event"}


def json_lines() -> logging.Formatter:
    """One JSON object a line: time (UTC, ISO 8601), level, logger, event, then the fields."""
    form = JsonFormatter(list(NAMES), rename_fields=NAMES)
    form.converter = time.gmtime
    form.default_time_format, form.default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"
    return form


class TextLines(logging.Formatter):
    """The same for people: `2026-11-24 10:00:00,000 ERROR service.gateway.rasa rasa gave no answer: cause=Late`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, with its fields behind it."""
        fields = {name: one for name, one in record.__dict__.items() if name not in RESERVED_ATTRS and name[0] != "_"}
        said = super().format(record)
        return said + ": " + " ".join(f"{name}={value}" for name, value in fields.items()) if fields else said

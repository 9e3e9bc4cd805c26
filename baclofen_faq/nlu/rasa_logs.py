"""Rasa prints as all processes do: its own set-up of logging is put aside, and structlog's events go the same way."""

import logging
from collections.abc import MutableMapping
from typing import Any

import rasa.__main__ as main
import rasa.shared.utils.cli
import rasa.utils.io
import structlog

from baclofen_faq import logs


def take_over() -> None:
    """Have Rasa print so, at any LOG_LEVEL. To be called before Rasa's own main, which would set up its own lines."""
    rasa.utils.io.configure_colored_logging = _leave_it  # it would put a handler of its own in place of ours
    rasa.shared.utils.cli.print_color = _log_place  # with which Rasa ends where a conversation cannot be read
    main.configure_structlog = _leave_it  # from DEBUG on it would print what people type
    structlog.configure(
        processors=[_name_alone],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logs.configure()
    logs.log_unhandled()


def _leave_it(*_: Any, **__: Any) -> None:
    """In place of what Rasa would set up."""


def _log_place(*_: Any, **__: Any) -> None:
    """In place of what Rasa would print past the log: where in Rasa that is."""
    logging.getLogger("rasa").warning(logs.Known("Rasa would print here"), stacklevel=3)


def _name_alone(_: Any, __: str, event: MutableMapping[str, Any]) -> tuple[tuple[logs.Known], dict[str, Any]]:
    """What `logging` gets of an event: its name, a constant in Rasa's sources, and the error if there is one.

    >>> _name_alone(None, "error", {"event": "processor.message.parse", "user_text": "help", "exc_info": True})
    (('processor.message.parse',), {'exc_info': True})
    """
    return (logs.Known(event["event"]),), {name: event[name] for name in ("exc_info",) if name in event}

"""What staff switched in the console: the bot's mode, and answers that are not to be sent."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baclofen_faq.answers import Mode
from service.conversations.models import Control

log = logging.getLogger(__name__)
MODE, WITHDRAWN = "mode", "withdrawn"
MOST_ROWS = 1000


@dataclass(frozen=True)
class Controls:
    """The console's mode, and the ids of withdrawn answers."""

    mode: Mode = Mode.NORMAL
    withdrawn: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return {"mode": self.mode.value, "withdrawn": sorted(self.withdrawn)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Controls":
        """From what `as_json` gave.

        >>> switched = Controls(Mode.OFF, frozenset({"timeline"}))
        >>> Controls.from_json(switched.as_json()) == switched
        True
        """
        return cls(Mode(content["mode"]), frozenset(map(str, content["withdrawn"])))


def withdrawn_name(answer_id: str) -> str:
    """The name of the Control that withdraws an answer."""
    return f"{WITHDRAWN}:{answer_id}"


def read() -> Controls:
    """What is switched now, by the log's database.

    Raises:
        DatabaseError: it cannot be read.
    """
    rows = dict(Control.objects.values_list("name", "value")[:MOST_ROWS])
    prefix = withdrawn_name("")
    withdrawn = {
        name.removeprefix(prefix) for name, value in rows.items() if name.startswith(prefix) and value == WITHDRAWN
    }
    return Controls(_mode(rows.get(MODE, Mode.NORMAL.value)), frozenset(withdrawn))


def stricter(*modes: Mode) -> Mode:
    """The most restrictive of them.

    >>> stricter(Mode.NORMAL, Mode.OFF, Mode.EMERGENCY_ONLY).value
    'off'
    """
    return max(modes, key=list(Mode).index)


def _mode(value: str) -> Mode:
    """A mode; guidance and contact only where nobody knows what is meant."""
    try:
        return Mode(value)
    except ValueError:
        log.critical("the console's mode is unknown", extra={"mode": Mode.EMERGENCY_ONLY.value})
        return Mode.EMERGENCY_ONLY

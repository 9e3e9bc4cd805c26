"""What `make evaluate` measured last on this machine: shares only, never a sentence of the blind messages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from service.console.live_estimate import Share
from service.evaluation.measures import KINDS, Measure, wilson
from service.evaluation.report import REPORTS
from service.evaluation.safety import MEASURES, Turn

REPORT = REPORTS / "evaluation.json"
RECALL, OVER_ESCALATION = (
    next(measure for measure in MEASURES if measure.name == name)
    for name in ("emergency recall", "calm called emergency")
)


@dataclass(frozen=True)
class Measured:
    """When it was measured, and for each kind of message: recall and over-escalation, None where nothing tells."""

    at: datetime
    rows: Sequence[tuple[str, Share | None, Share | None]]


def measured(path: Path = REPORT) -> Measured | None:
    """What the last evaluation says; None where none was made here, or it cannot be read."""
    try:
        turns = [Turn(**row) for row in json.loads(path.read_text(encoding="utf-8"))["safety"]]
        at = datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.utc)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    of_kind = {kind: [turn for turn in turns if turn.kind == kind] for kind in KINDS}
    return Measured(at, [(kind, _share(RECALL, rows), _share(OVER_ESCALATION, rows)) for kind, rows in of_kind.items()])


def _share(measure: Measure, turns: Sequence[Any]) -> Share | None:
    counted = [turn for turn in turns if measure.rows(turn)]
    hits = sum(map(measure.is_hit, counted))
    return Share(hits / len(counted), *wilson(hits, len(counted))) if counted else None

"""What must outlive the database, kept beside the backups: erasures, who wrote STOP, what staff switched off.

A backup is older than what was erased, said or withdrawn since. With this a restore does it again.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Count, Max

from service.conversations import controls
from service.conversations.controls import Controls
from service.conversations.models import Erasure, OptOut

ERASURES, CONTROLS, OPT_OUTS = "erasures.jsonl", "controls.json", "opt_outs.json"
LATE = timedelta(hours=1)  # an erasure is written down when it is done, which is later than its own time
FIELDS = ("receipt", "conversation_hash", "erased_at", "messages")


class Journal:
    """The three files of one folder. No words, and no names: an erasure is a salted hash, a person a keyed one."""

    def __init__(self, folder: Path) -> None:
        """Of that folder, which must be there."""
        self._erasures, self._controls, self._opt_outs = folder / ERASURES, folder / CONTROLS, folder / OPT_OUTS
        self._known = {one.conversation_hash: one for one in _read(self._erasures)}
        self._switched: Controls | None = None
        self._stopped: dict[str, int] = {}

    def keep(self) -> None:
        """Write down what is new; OSError where the folder cannot be written."""
        self.keep_erasures()
        self._keep_controls()
        self._keep_opt_outs()

    def keep_erasures(self) -> None:
        """Write down the erasures that are new."""
        newest = max((one.erased_at for one in self._known.values()), default=None)
        rows = Erasure.objects.filter(erased_at__gte=newest - LATE) if newest else Erasure.objects.all()
        new = [row for row in rows if row.conversation_hash not in self._known]
        if new:
            _append(self._erasures, new)
            self._known |= {row.conversation_hash: row for row in new}

    def _keep_controls(self) -> None:
        switched = controls.read()
        if switched != self._switched:
            _write(self._controls, switched.as_json())
            self._switched = switched

    def _keep_opt_outs(self) -> None:
        stopped = OptOut.objects.aggregate(number=Count("id"), last=Max("id"))
        if stopped != self._stopped:
            _write(self._opt_outs, opt_outs())
            self._stopped = stopped

    def erasures(self) -> list[Erasure]:
        """All that were written down, not saved."""
        return list(self._known.values())


@cache
def shared_journal(folder: Path) -> Journal:
    """The process's, of that folder."""
    return Journal(folder)


def switched_in(path: Path) -> Controls:
    """What a copy of the controls says; nothing switched where there is none, or none that can be read."""
    try:
        return Controls.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return Controls()


def opt_outs() -> list[list[str]]:
    """Who wants no messages now, by the database: channel, conversation, since."""
    return [[one.channel, one.conversation, one.since.isoformat()] for one in OptOut.objects.order_by("id")]


def opt_outs_in(folder: Path) -> list[list[str]] | None:
    """The same by a journal; None where it does not say."""
    try:
        return list(json.loads((folder / OPT_OUTS).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _write(path: Path, content: Any) -> None:
    """In one step, so that nobody reads half of it."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(content), encoding="utf-8")
    unfinished.replace(path)


def _read(path: Path) -> Iterator[Erasure]:
    """Each line that is whole; the last one may be cut off by a power cut, and is written again."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in lines:
        try:
            yield _erasure(json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue


def _append(path: Path, rows: Iterable[Erasure]) -> None:
    lines = [json.dumps({name: getattr(row, name) for name in FIELDS}, default=datetime.isoformat) for row in rows]
    with path.open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(lines) + "\n")  # a line that was cut off spoils no other
        file.flush()
        os.fsync(file.fileno())


def _erasure(said: Mapping[str, Any]) -> Erasure:
    known = {name: said[name] for name in FIELDS}
    return Erasure(**{**known, "erased_at": datetime.fromisoformat(said["erased_at"])})

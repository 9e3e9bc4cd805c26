"""What the bot does now, and why."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from baclofen_faq.answers import CLINIC_FILE, Mode, load_clinic
from baclofen_faq.vetted_files import VettedFileError
from service.console.models import AuditEntry
from service.console.switches import MODE_SWITCHED
from service.conversations import controls
from service.conversations.models import Control

MOST_SWITCHES = 20
LABELS = {Mode.NORMAL: "Normal", Mode.EMERGENCY_ONLY: "Emergency only", Mode.OFF: "Off"}
NOT_ANSWERED = "Questions are not answered: people are told that this chat {why} just now, and whom to call."
MEANINGS = {
    Mode.NORMAL: "Questions get their vetted answers.",
    Mode.EMERGENCY_ONLY: NOT_ANSWERED.format(why="can only help in an emergency"),
    Mode.OFF: NOT_ANSWERED.format(why="is switched off"),
}


@dataclass(frozen=True)
class Now:
    """The mode of clinic.yml (None: it cannot be read, and the bot keeps its last), of the console, and what holds."""

    of_file: Mode | None
    of_console: Mode
    switch: Control | None

    @property
    def holds(self) -> Mode:
        """The stricter one."""
        return controls.stricter(self.of_file or Mode.NORMAL, self.of_console)

    @property
    def label(self) -> str:
        """What holds, in words."""
        return LABELS[self.holds]

    @property
    def is_of_file(self) -> bool:
        """Whether the console alone cannot make it less strict."""
        return self.holds is not self.of_console


@dataclass(frozen=True)
class Switch:
    """That somebody switched it, as the audit log has it."""

    at: datetime
    who: str
    before: str
    after: str
    reason: str


def now() -> Now:
    """As the gateway will have it within ten seconds."""
    return Now(_of_file(), controls.read().mode, Control.objects.filter(name=controls.MODE).first())


def restriction() -> Now | None:
    """Why the bot answers no questions; None while it does. Every page asks: by one query, and a file kept in mind."""
    changed_at = CLINIC_FILE.stat().st_mtime_ns if CLINIC_FILE.exists() else 0
    held = Now(_of_file_at(changed_at), controls.read().mode, None)
    return None if held.holds is Mode.NORMAL else now()


@lru_cache(maxsize=1)
def _of_file_at(changed_at: int) -> Mode | None:
    """The mode of clinic.yml as it was then."""
    return _of_file()


def _of_file() -> Mode | None:
    try:
        return load_clinic().mode
    except VettedFileError:
        return None


def switches() -> list[Switch]:
    """The last ones, newest first."""
    entries = AuditEntry.objects.filter(action=MODE_SWITCHED).order_by("-at")[:MOST_SWITCHES]
    return [
        Switch(one.at, one.who, _label(one.detail["before"]), _label(one.detail["mode"]), one.detail["reason"])
        for one in entries
    ]


def _label(mode: str) -> str:
    return next((label for one, label in LABELS.items() if one.value == mode), mode)

"""One backup: a zip file with a dump of each database, the turns that the log did not have yet, and what it holds."""

import json
import os
import re
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from shutil import copyfileobj

from service.console.backup.error import BackupError
from service.console.backup.stores import Rows

NAME = re.compile(r"baclofen-faq-(\d{8}T\d{6})Z\.zip")
FORM = "%Y%m%dT%H%M%S"
ABOUT = "about.json"
TURNS = "outbox.jsonl"


@dataclass(frozen=True)
class About:
    """What a backup says of itself.

    Attributes:
        taken_at: when; ISO 8601, UTC. What was said before that is in it.
        kinds: sqlite or postgresql, of each database in it.
        rows: how many rows each table of each database had.
        migrations: what the log was migrated to: ["console.0001_initial", ...].
        turns: of this machine's outbox, that the log did not have yet.
    """

    taken_at: str
    kinds: dict[str, str]
    rows: dict[str, Rows]
    migrations: list[str]
    turns: int

    @property
    def time(self) -> datetime:
        """When it was taken."""
        return datetime.fromisoformat(self.taken_at)

    def count(self, table: str) -> int:
        """How many rows a table of the log had."""
        return self.rows["default"].get(table, 0)


def dump_name(database: str, kind: str) -> str:
    """The dump of a database in the zip file: "log.postgresql", "rasa.sqlite"."""
    return f"{'log' if database == 'default' else database}.{kind}"


def write(folder: Path, parts: Path, about: About) -> Path:
    """Make a backup of the files in `parts`: whole under its name, or not there; only its owner reads it.

    Raises:
        OSError: no room, or not allowed.
    """
    final = folder / f"baclofen-faq-{about.time.strftime(FORM)}Z.zip"
    unfinished = parts / final.name
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(ABOUT, json.dumps(asdict(about), indent=1))
        for part in sorted(one for one in parts.iterdir() if one != unfinished):
            packed = zipfile.ZIP_STORED if part.suffix == ".postgresql" else zipfile.ZIP_DEFLATED  # packed already
            archive.write(part, part.name, packed)
    with unfinished.open("rb+") as file:
        os.fsync(file.fileno())
    unfinished.chmod(0o600)
    unfinished.rename(final)
    return final


def opened(path: Path) -> tuple[About, zipfile.ZipFile]:
    """A backup, looked through for damage; the file is to be closed.

    Raises:
        BackupError: it is none, or spoiled.
    """
    try:
        archive = zipfile.ZipFile(path)
        about, spoiled = About(**json.loads(archive.read(ABOUT))), archive.testzip()
    except OSError as error:
        raise BackupError(f"{path} cannot be read ({error.strerror}): name a file that `backup` made.") from None
    except (zipfile.BadZipFile, zlib.error, KeyError, TypeError, ValueError):
        raise BackupError(f"{path} is no backup, or not all of one: name a file that `backup` made.") from None
    if spoiled:
        raise BackupError(f"{path} is spoiled ({spoiled} in it is not what was written): take another backup.")
    return about, archive


def take_out(archive: zipfile.ZipFile, name: str, folder: Path) -> Path:
    """One file of a backup, in a folder that only its owner reads."""
    target = folder / name
    with archive.open(name) as packed, target.open("wb") as file:
        copyfileobj(packed, file, 1024 * 1024)
    return target


def delete_old(folder: Path, keep_days: int, now: datetime) -> list[str]:
    """Delete the backups of a folder that are older, by the time in their names; the names of those."""
    old = [path for path in sorted(folder.iterdir()) if _taken_at(path) < now - timedelta(days=keep_days)]
    for path in old:
        path.unlink()
    return [path.name for path in old]


def _taken_at(path: Path) -> datetime:
    """By its name; what is no backup counts as new."""
    named = NAME.fullmatch(path.name)
    taken = datetime.strptime(named[1], FORM) if named else datetime.max
    return taken.replace(tzinfo=timezone.utc)

"""What a backup or a restore does not do, and says in one sentence; and how backups age."""

import json
import zipfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.operations.house import House, backups

MIGRATE = ("migrate", "--settings", "service.settings.console", "--database", "default", "--verbosity", "0")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One with made-up conversations, and a backup of them."""
    one = House.new(tmp_path_factory.mktemp("clinic") / "house", None)
    one.does(*MIGRATE)
    one.does("demo_data", "--conversations", "5")
    one.does("backup", str(safe(one)))
    return one


def safe(house: House) -> Path:
    return house.place.var.parent / "backups"


def refused(house: House, *words: str, **more: str) -> str:
    """The one sentence with which a command ends."""
    done = house.manage(*words, **more)
    lines = done.stderr.strip().splitlines()
    assert (done.returncode, len(lines)) == (1, 1), done.stdout + done.stderr
    return lines[0]


def changed(house: House, to: Path, **about: Any) -> str:
    """The backup, but for what it says of itself."""
    with zipfile.ZipFile(backups(safe(house))[0]) as source, zipfile.ZipFile(to, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "about.json":
                content = json.dumps({**json.loads(content), **about}).encode()
            target.writestr(name, content)
    return str(to)


def test_a_folder_that_cannot_be_written_is_named(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written (Not a directory)" in refused(house, "backup", str(tmp_path / "file" / "backups"))


def test_without_a_folder_it_is_asked_for(house: House) -> None:
    assert "manage.py backup FOLDER, or set BACKUP_FOLDER" in refused(house, "backup", BACKUP_FOLDER="")


def test_without_a_log_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    empty = House.new(tmp_path / "empty", None)
    assert "There is no log yet" in refused(empty, "backup", str(tmp_path / "backups"))
    assert not (tmp_path / "backups").exists()


def test_what_is_no_backup_or_half_of_one_is_not_restored(house: House, tmp_path: Path) -> None:
    whole = backups(safe(house))[0].read_bytes()
    spoiled = bytearray(whole)
    spoiled[len(whole) // 2] ^= 0xFF
    for name, content in (("text.zip", b"no zip"), ("half.zip", whole[: len(whole) // 2]), ("bit.zip", bytes(spoiled))):
        (tmp_path / name).write_bytes(content)
        said = refused(house, "restore", str(tmp_path / name), "--replace")
        assert "is no backup" in said or "is spoiled" in said, (name, said)
    assert "No such file" in refused(house, "restore", str(tmp_path / "none.zip"), "--replace")


def test_a_backup_of_a_newer_version_or_another_kind_of_database_is_not_restored(house: House, tmp_path: Path) -> None:
    newer = changed(house, tmp_path / "newer.zip", migrations=["conversations.0999_later"])
    assert "newer version of the bot (conversations.0999_later)" in refused(house, "restore", newer, "--replace")
    other = changed(house, tmp_path / "other.zip", kinds={"default": "postgresql"})
    assert "is postgresql, here it is sqlite" in refused(house, "restore", other, "--replace")


def test_a_backup_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    old, new = House.new(tmp_path / "old", None), House.new(tmp_path / "new", None)
    old.does(*MIGRATE, "console")
    old.does(*MIGRATE, "conversations", "0012")
    old.does(*MIGRATE, "sessions")
    old.does("backup", str(tmp_path / "backups"))
    new.does("restore", str(backups(tmp_path / "backups")[0]))
    new.does(*MIGRATE, "--check")


def test_old_backups_go_when_a_new_one_is_there(house: House, tmp_path: Path) -> None:
    folder, now = tmp_path / "backups", datetime.now(timezone.utc)
    folder.mkdir()
    for days in (2, 4):
        (folder / f"baclofen-faq-{now - timedelta(days=days):%Y%m%dT%H%M%S}Z.zip").touch()
    (folder / "holiday.zip").touch()
    printed = house.does("backup", str(folder), BACKUP_KEEP_DAYS="3")
    assert "Deleted, older than 3 days: baclofen-faq-" in printed
    assert len(backups(folder)) == 2 and (folder / "holiday.zip").exists()
    assert not list(folder.glob(".*"))
    assert [path.stat().st_mode & 0o777 for path in backups(folder)][1] == 0o600

"""What a backup cannot know is written down beside it, within a round of housekeeping."""

import stat
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from baclofen_faq.vetted_files import ROOT
from service.console import housekeeping
from service.console.backup.journal import CONTROLS, ERASURES, Journal, opt_outs_in, switched_in
from service.console.switches import send_again, withdraw
from service.conversations.models import Erasure, OptOut
from tests.conftest import free_port
from tests.console.own_database import OwnDatabase, own_database  # noqa: F401  (a fixture)
from tests.faults.processes import until

pytestmark = pytest.mark.django_db


def erasure(receipt: str, days_ago: float = 0) -> Erasure:
    at = timezone.now() - timedelta(days=days_ago)
    return Erasure.objects.create(receipt=receipt, conversation_hash=receipt * 8, erased_at=at, messages=3)


def receipts(folder: Path) -> list[str]:
    return sorted(one.receipt for one in Journal(folder).erasures())


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.BACKUP_FOLDER = tmp_path / "backups"
    return tmp_path / "backups"


def test_the_process_housekeeping_keeps_it(own_database: OwnDatabase, tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "backups"
    settings = {"BACKUP_FOLDER": str(folder), "METRICS_PORT": str(free_port())}
    command = own_database.command("housekeeping")
    process = subprocess.Popen(command, cwd=ROOT, env={**own_database.environment, **settings})
    try:
        until(lambda: opt_outs_in(folder) == [] and (folder / CONTROLS).exists(), 60)
    finally:
        process.terminate()
        process.wait(20)


def test_what_was_erased_stopped_or_switched_is_written_down(folder: Path) -> None:
    erasure("A", days_ago=100)
    OptOut.objects.create(channel="sms", conversation="k", since=timezone.now())
    withdraw("timeline", ["1"], "wrong", "ada")
    housekeeping.keep_journal()
    erasure("B")
    housekeeping.keep_journal()
    assert receipts(folder) == ["A", "B"]
    assert [one[:2] for one in opt_outs_in(folder) or []] == [["sms", "k"]]
    assert switched_in(folder / CONTROLS).withdrawn == {"timeline"}
    assert [path.name for path in folder.iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


def test_what_is_taken_back_is_taken_back_there_too(folder: Path) -> None:
    withdraw("timeline", ["1"], "wrong", "ada")
    stopped = OptOut.objects.create(channel="sms", conversation="k", since=timezone.now())
    housekeeping.keep_journal()
    send_again("timeline", ["1"], "right", "ada")
    stopped.delete()
    housekeeping.keep_journal()
    assert not switched_in(folder / CONTROLS).withdrawn and opt_outs_in(folder) == []


def test_a_line_that_a_power_cut_spoilt_hides_no_other(folder: Path) -> None:
    erasure("A")
    housekeeping.keep_journal()
    with (folder / ERASURES).open("a") as file:
        file.write('{"receipt": "C", "conver')
    erasure("B")
    Journal(folder).keep()
    assert receipts(folder) == ["A", "B"]


def test_without_a_folder_nothing_is_written(settings: Any) -> None:
    settings.BACKUP_FOLDER = None
    housekeeping.keep_journal()

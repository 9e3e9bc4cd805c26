"""What waits for staff, as Prometheus gets it from the log's database through the real server."""

import math
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from baclofen_faq.vetted_files import ROOT
from service.console import audit, metrics
from service.console.backup.taking import TAKEN
from service.console.erasure import NOT_ALL_ERASED
from service.console.housekeeping import DAILY
from service.console.metrics import figures
from service.conversations.models import Alert, Conversation, Risk, State
from tests.conftest import free_port
from tests.console.conftest import talk, turn
from tests.faults.processes import Process, until

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"], transaction=True)  # another thread reads


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where this process serves them."""
    number = free_port()
    metrics.serve("127.0.0.1", number)
    yield number


def scraped(port: int) -> dict[str, float]:
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    return {one.name: one.value for family in text_string_to_metric_families(text) for one in family.samples}


def emergency(minutes_ago: float, **more: Any) -> Conversation:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return talk(turn("he is having a seizure", level="emergency", symptoms=["seizure"], at=at), **more)


def test_an_emergency_waits_from_its_message_until_staff_open_it(port: int) -> None:
    none = scraped(port)
    assert none["housekeeping_log_up"] == 1
    assert (none["inbox_unreviewed_emergencies"], none["inbox_oldest_unreviewed_emergency_seconds"]) == (0, 0)
    old, _ = emergency(40), emergency(5)
    talk(turn("why taper?"))
    Conversation.objects.filter(pk=emergency(90).pk).update(is_demo=True)
    two = scraped(port)
    assert two["inbox_unreviewed_emergencies"] == 2
    assert 2400 <= two["inbox_oldest_unreviewed_emergency_seconds"] < 2460
    Conversation.objects.filter(pk=old.pk).update(state=State.IN_REVIEW, first_review_at=timezone.now())
    one = scraped(port)
    assert one["inbox_unreviewed_emergencies"] == 1
    assert 300 <= one["inbox_oldest_unreviewed_emergency_seconds"] < 360


def test_guidance_that_did_not_arrive_is_shown_until_staff_are_done(port: int) -> None:
    conversation = emergency(1)
    Conversation.objects.filter(pk=conversation.pk).update(risk=Risk.UNDELIVERED_EMERGENCY, state=State.IN_REVIEW)
    assert scraped(port)["inbox_undelivered_emergencies"] == 1
    Conversation.objects.filter(pk=conversation.pk).update(state=State.DONE)
    assert scraped(port)["inbox_undelivered_emergencies"] == 0


def test_an_alert_waits_until_it_is_sent(port: int) -> None:
    Alert.objects.all().delete()
    alert = Alert.of(emergency(10), Risk.EMERGENCY)
    Alert.objects.update(ended_at=timezone.now())
    alert.raised_at = timezone.now() - timedelta(seconds=100)
    alert.save()
    found = scraped(port)
    assert found["alerts_unsent"] == 1 and 100 <= found["alerts_oldest_unsent_seconds"] < 130
    Alert.objects.update(ended_at=timezone.now())
    assert scraped(port)["alerts_unsent"] == 0


@pytest.mark.django_db
def test_the_last_purge_and_what_could_not_be_erased_come_from_the_audit_log() -> None:
    """In a transaction that is rolled back: the audit log lets nobody empty it."""
    now = timezone.now()
    assert figures(now)["retention_last_purge_age_seconds"] is None and figures(now)["erasures_failed"] == 0
    audit.record("", DAILY, conversations=0)
    audit.record("j.doe", NOT_ALL_ERASED, 7, receipt="AB", error="OperationalError")
    assert 59 < (figures(now + timedelta(minutes=1))["retention_last_purge_age_seconds"] or 0) < 90
    assert figures(now)["erasures_failed"] == 1
    assert figures(now + 2 * metrics.ERASURES_OF)["erasures_failed"] == 0


@pytest.mark.django_db
def test_a_backup_that_was_never_taken_is_infinitely_old_where_one_is_wanted(settings: Any, tmp_path: Path) -> None:
    now = timezone.now()
    settings.BACKUP_FOLDER = None
    assert figures(now)["backup_last_age_seconds"] is None
    settings.BACKUP_FOLDER = tmp_path
    assert figures(now)["backup_last_age_seconds"] == math.inf
    audit.record("", TAKEN, file="x")
    assert 3599 < (figures(now + timedelta(hours=1))["backup_last_age_seconds"] or 0) < 3601


def test_a_database_that_is_down_is_a_figure_and_no_error(tmp_path: Path) -> None:
    number = free_port()
    environment = {
        **os.environ,
        "METRICS_PORT": str(number),
        "VAR_FOLDER": str(tmp_path),
        "DATABASE_URL": f"postgres://nobody@127.0.0.1:{free_port()}/none",
        "DJANGO_SETTINGS_MODULE": "service.settings.console",
        "LOG_FORMAT": "json",
    }
    command = [sys.executable, "-W", "ignore", "manage.py", "housekeeping"]
    process = Process(command, tmp_path / "housekeeping.txt", environment)
    process.start()
    try:
        until(lambda: _answers(number), 60, lambda: (tmp_path / "housekeeping.txt").read_text())
        began = time.monotonic()
        found = scraped(number)
        assert found["housekeeping_log_up"] == 0 and time.monotonic() - began < metrics.LIMIT_SECONDS + 2
        assert not any(name.startswith(("inbox", "alerts")) for name in found)
        until(lambda: scraped(number).get("housekeeping_failures_total", 0) > 0, 20)
        assert process.is_running
    finally:
        process.kill()


def test_promtool_has_nothing_against_them(port: int) -> None:
    emergency(1)
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10).text
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=10).is_success
    except httpx.ConnectError:
        return False

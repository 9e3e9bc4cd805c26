"""A new emergency reaches the staff, signed, once, without a word of the patient."""

import asyncore
import json
import smtpd
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from baclofen_faq.vetted_files import ROOT
from service.console import alerts
from service.console.housekeeping import DAILY
from service.conversations.models import Alert, Conversation
from service.conversations.webhooks import signature
from service.place import Place, environment
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"])
SEIZURE = ("my dad Zacharias is having a seizure", "emergency", ["seizure"], "emergency_report")


class Receiver(HTTPServer):
    """Somebody's webhook: keeps what it gets, answers with `status`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append(({key.lower(): value for key, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quietly."""


class Mail(smtpd.SMTPServer):
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), None)
        self.got: list[bytes] = []

    def process_message(self, peer: Any, mailfrom: str, rcpttos: list[str], data: bytes, **more: Any) -> None:
        self.got.append(data)


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    server = Receiver()
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.ALERT_WEBHOOK_URL, settings.ALERT_WEBHOOK_SECRET = server.url, "whsec_c2VjcmV0IG9mIHRlc3Rz"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail(settings: Any) -> Iterator[Mail]:
    server = Mail()
    going = threading.Thread(target=lambda: asyncore.loop(timeout=0.05), daemon=True)
    going.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # pytest-django puts another in its place
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.socket.getsockname()
    settings.ALERT_EMAIL_TO = ["nurse@clinic.example"]
    yield server
    asyncore.close_all()
    going.join(2)


def due_again() -> None:
    Alert.objects.update(next_try_at=timezone.now())


def test_a_new_emergency_is_alerted_once_by_every_way(receiver: Receiver, mail: Mail) -> None:
    conversation = talk(turn(*SEIZURE), turn("she is still shaking", "emergency", ["seizure"]))
    for _ in range(3):
        alerts.send_due()
    assert len(receiver.got) == len(mail.got) == 1
    sent = json.loads(receiver.got[0][1])
    assert sent["type"] == "emergency.reported"
    assert sent["data"]["url"].endswith(f"/conversations/{conversation.pk}")
    assert f"conversation {conversation.pk}".encode() in mail.got[0]
    assert Alert.objects.get().ended_at


def test_no_word_of_the_patient_is_in_an_alert(receiver: Receiver, mail: Mail) -> None:
    talk(turn(*SEIZURE), key="zacharias-phone")
    alerts.send_due()
    assert receiver.got and mail.got
    for body in (receiver.got[0][1], mail.got[0]):
        assert not any(word in body.lower() for word in (b"zacharias", b"dad", b"having"))


def test_the_receiver_can_check_who_sent_it(receiver: Receiver) -> None:
    talk(turn(*SEIZURE))
    alerts.send_due()
    headers, body = receiver.got[0]
    given = (headers["webhook-id"], headers["webhook-timestamp"], body)
    assert headers["webhook-signature"] == signature("whsec_c2VjcmV0IG9mIHRlc3Rz", *given)
    assert headers["webhook-signature"] != signature("another secret", *given)
    assert headers["webhook-signature"] != signature("whsec_c2VjcmV0IG9mIHRlc3Rz", *given[:2], body + b" ")


def test_the_signature_is_that_of_standard_webhooks() -> None:
    # The example of the standard's own reference library.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    signed = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_fails_is_tried_again_and_only_by_the_way_that_failed(receiver: Receiver, mail: Mail) -> None:
    receiver.status = 500
    talk(turn(*SEIZURE))
    alerts.send_due()
    alert = Alert.objects.get()
    assert alert.sent_by == ["email"] and not alert.ended_at and alert.next_try_at > timezone.now()
    assert alerts.undelivered() == 1
    receiver.status = 200
    due_again()
    alerts.send_due()
    assert len(mail.got) == 1 and len(receiver.got) == 2
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]
    assert Alert.objects.get().ended_at and alerts.undelivered() == 0


def test_the_inbox_says_that_alerts_do_not_arrive(receiver: Receiver, reviewer: Client) -> None:
    receiver.status = 500
    talk(turn(*SEIZURE))
    assert "could not be sent" not in reviewer.get("/").content.decode()
    alerts.send_due()
    assert "1 alert of the last three days could not be sent" in reviewer.get("/").content.decode()


def test_a_way_that_fails_in_an_unforeseen_way_stops_no_other(mail: Mail, receiver: Receiver, settings: Any) -> None:
    settings.ALERT_WEBHOOK_URL = "http://[::1"  # no address at all
    talk(turn(*SEIZURE))
    for _ in range(2):
        alerts.send_due()
        due_again()
    assert len(mail.got) == 1 and Alert.objects.get().tries == 2


def test_pauses_grow_and_after_a_day_it_is_given_up(receiver: Receiver) -> None:
    receiver.status = 503
    talk(turn(*SEIZURE))
    pauses = []
    for _ in range(9):
        due_again()
        alerts.send_due()
        pauses.append((Alert.objects.get().next_try_at - timezone.now()).total_seconds())
    assert all(later > 1.5 * earlier for earlier, later in zip(pauses[:5], pauses[1:6]))
    assert 2 < pauses[0] < 6 and 280 < pauses[-1] < 301
    Alert.objects.update(raised_at=timezone.now() - timedelta(hours=25))
    due_again()
    alerts.send_due()
    assert Alert.objects.get().ended_at and alerts.undelivered() == 1


def test_of_two_who_send_at_the_same_time_one_does(receiver: Receiver) -> None:
    talk(turn(*SEIZURE))
    alert = Alert.objects.get()
    now = timezone.now()
    assert [alerts._claim(alert, now), alerts._claim(alert, now)] == [True, False]


def test_who_writes_again_after_staff_were_done_is_alerted_again(receiver: Receiver) -> None:
    conversation = talk(turn(*SEIZURE))
    Conversation.objects.filter(pk=conversation.pk).update(state="done")
    talk(turn(*SEIZURE), key=conversation.key)
    assert Alert.objects.count() == 2


def test_self_harm_after_an_emergency_is_alerted_too() -> None:
    talk(turn(*SEIZURE), turn("i want to end it", "emergency", ["self_harm"], "self_harm"))
    assert list(Alert.objects.values_list("risk", flat=True)) == [4, 5]


@pytest.mark.parametrize("calm", [("why taper?",), ("i ran out", "advisory", ["missed_doses"], "advisory_unsure")])
def test_what_is_no_emergency_is_not_alerted(calm: tuple[Any, ...]) -> None:
    talk(turn(*calm))
    assert not Alert.objects.exists()


def test_without_a_way_nothing_is_kept_waiting() -> None:
    talk(turn(*SEIZURE))
    alerts.send_due()
    assert Alert.objects.get().ended_at


def test_a_test_alert_says_what_is_missing_and_what_was_sent(receiver: Receiver, settings: Any) -> None:
    printed = StringIO()
    call_command("send_test_alert", stdout=printed)
    assert printed.getvalue() == "Sent by webhook.\n" and len(receiver.got) == 1
    receiver.status = 403
    with pytest.raises(CommandError, match="By webhook it was not sent"):
        call_command("send_test_alert")
    settings.ALERT_WEBHOOK_URL = ""
    with pytest.raises(CommandError, match="set ALERT_EMAIL_TO"):
        call_command("send_test_alert")


OLD_AND_YOUNG = """
from datetime import timedelta
from django.utils import timezone
from tests.console.conftest import talk, turn
talk(turn("why taper?", at=timezone.now() - timedelta(days=100)), key="old")
talk(turn("why taper?"), key="young")
from django.contrib.sessions.backends.db import SessionStore
for seconds in (-1, 3600):
    session = SessionStore()
    session.set_expiry(seconds)
    session.save()
"""
WHAT_IS_LEFT = """
from service.console.models import AuditEntry
from service.conversations.models import Conversation
keys = sorted(Conversation.objects.values_list("key", flat=True))
from django.contrib.sessions.models import Session
print(keys, list(AuditEntry.objects.values_list("action", flat=True)), Session.objects.count(), "session")
"""


def test_housekeeping_deletes_what_is_old_once_a_day_and_logs_the_head(tmp_path: Path) -> None:
    place = Place(var=tmp_path)
    env = {**environment(place), "DJANGO_SETTINGS_MODULE": "service.settings.console", "DATABASE_URL": ""}
    env["LOG_LEVEL"] = "ERROR"  # the head is written all the same
    python = [sys.executable, "-W", "ignore", "manage.py"]
    for database in ("default", "outbox"):
        subprocess.run([*python, "migrate", "--verbosity", "0", "--database", database], cwd=ROOT, env=env, check=True)

    def shell(code: str) -> str:
        command = [*python, "shell", "--no-imports", "-c", code]
        return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout

    shell(OLD_AND_YOUNG)
    printed = tmp_path / "printed.txt"
    with printed.open("w") as output:
        going = subprocess.Popen([*python, "housekeeping"], cwd=ROOT, env=env, stderr=output)
        try:
            until = time.monotonic() + 60
            while "audit head" not in printed.read_text() and time.monotonic() < until:
                time.sleep(0.2)
            time.sleep(3)  # two more rounds
        finally:
            going.terminate()
            going.wait()
    assert shell(WHAT_IS_LEFT).strip() == f"['young'] ['{DAILY}'] 1 session"
    assert printed.read_text().count("audit head: head=1:") == 1

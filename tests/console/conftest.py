"""Staff who sign in, and conversations as the log gets them. To be run with --ds=service.settings.console."""

import itertools
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from baclofen_faq.triage import Level, Told
from service.console.models import Staff
from service.console.roles import Role
from service.conversations import record
from service.conversations.models import Conversation, Entry

PASSWORD = "a long password of tests 7"
_numbers = itertools.count()


class QuickArgon2(Argon2PasswordHasher):
    """The console's hasher, at a price that a test can pay for each of its people."""

    time_cost, memory_cost, parallelism = 1, 64, 1


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.console.conftest.QuickArgon2"]


def turn(
    text: str,
    level: str = "information",
    symptoms: Sequence[str] = (),
    answer_id: str = "why_taper",
    intent: str = "ask_why_taper",
    confidence: float | None = 0.93,
    feedback: dict[str, str] | None = None,
    at: datetime | None = None,
    answered: bool = True,
) -> dict[str, Any]:
    """One turn of a talk: what was said and answered, and how it was judged."""
    at = at or timezone.now()
    findings = [
        {"symptom": one, "status": "current", "level": level, "phrase": one, "start": 0, "end": len(text)}
        for one in symptoms
    ]
    reply = {
        "text": f"Vetted text of {answer_id}.",
        "level": level,
        "answer_id": answer_id,
        "answer_version": "abc123def456",
        "buttons": [],
    }
    return {
        "message_id": f"m{next(_numbers)}",
        "received_at": at,
        "inbound": {"text": text, "level": level, "findings": findings, "triage_version": "t1"},
        "told": Told(Level(level), tuple(symptoms), is_of_words=bool(symptoms)).as_json(),
        "replies": [reply] if answered else None,
        "answered_at": at + timedelta(milliseconds=80) if answered else None,
        "feedback": feedback,
        "measured": {"intent": intent, "confidence": confidence, "latency_ms": 80, "stages": {"rules": 1, "rasa": 60}},
        "model_version": "model-1",
    }


def talk(*turns: dict[str, Any], key: str = "", channel: str = "web", is_drawn: bool = False) -> Conversation:
    """A conversation in the log, written by the log's own path; drawn for the inbox only where that is said."""
    key = key or f"person-{next(_numbers)}"
    with pytest.MonkeyPatch.context() as chance:
        chance.setattr("service.conversations.attention.DRAWN_SHARE", 1.0 if is_drawn else 0.0)
        assert record.move([Entry(pk=next(_numbers), channel=channel, conversation=key, **one) for one in turns])
    return Conversation.objects.get(channel=channel, key=key)


def member(role: str, name: str = "") -> Staff:
    """Somebody of the staff, with a second factor where their role needs one."""
    staff = Staff.objects.create_user(username=name or f"{role}-{next(_numbers)}", password=PASSWORD, role=role)
    if staff.must_have_second_factor:
        TOTPDevice.objects.create(user=staff, confirmed=True, name="authenticator app")
    return staff


def signed_in(staff: Staff) -> Client:
    """Their browser, after password and code."""
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    device = TOTPDevice.objects.filter(user=staff, confirmed=True).first()
    if device:
        session = client.session
        session["otp_device_id"] = device.persistent_id
        session.save()
    return client


def code_of(staff: Staff, later: int = 0) -> str:
    """What the authenticator app shows that they set up last, or shows so many times half a minute later."""
    return code_of_key(TOTPDevice.objects.filter(user=staff).latest("pk"), later)


def code_of_key(device: TOTPDevice, later: int = 0) -> str:
    """What an app shows that has this device's key."""
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + later * device.step
    return f"{totp.token():06}"


@pytest.fixture
def browser_of(db: None) -> Callable[[str], Client]:
    """A signed-in browser of somebody with that role."""
    return lambda role: signed_in(member(role))


@pytest.fixture
def viewer(db: None) -> Client:
    return signed_in(member(Role.VIEWER))


@pytest.fixture
def reviewer(db: None) -> Client:
    return signed_in(member(Role.REVIEWER))


@pytest.fixture
def clinician(db: None) -> Client:
    return signed_in(member(Role.CLINICIAN))


@pytest.fixture
def admin(db: None) -> Client:
    return signed_in(member(Role.ADMIN))

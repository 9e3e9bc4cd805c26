"""The bot's mode: seen by all staff, switched by few, with a reason that stays."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from baclofen_faq.answers import Mode
from baclofen_faq.vetted_files import ROOT
from service.console import bot_mode
from service.console.models import AuditEntry
from service.console.roles import Role
from service.conversations import controls
from service.conversations.models import Control

pytestmark = pytest.mark.django_db


def shown(browser: Client) -> str:
    response = browser.get(reverse("bot"))
    assert response.status_code == 200
    return response.content.decode()


def switch(browser: Client, mode: str, reason: str = "a test of the phones", **more: str) -> str:
    response = browser.post(reverse("switch_mode"), {"mode": mode, "reason": reason, **more}, follow=True)
    return response.content.decode()


@pytest.fixture
def clinic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets the mode of the clinic.yml that the console reads."""
    path = tmp_path / "clinic.yml"
    whole = (ROOT / "clinic.yml").read_text()

    def set_mode(mode: str) -> None:
        path.write_text(whole.replace("mode: normal", f"mode: {mode}"))

    set_mode("normal")
    load = bot_mode.load_clinic
    monkeypatch.setattr(bot_mode, "load_clinic", lambda: load(path))
    return set_mode


def test_before_anybody_switched_it_the_bot_answers(viewer: Client) -> None:
    page = shown(viewer)
    assert '<p class="figure">Normal</p>' in page and "Never." in page
    assert page.count("guidance with the emergency number, first and at once") == len(Mode)


def test_a_switch_shows_by_whom_why_and_what_was_before(clinician: Client, viewer: Client) -> None:
    assert "Switched to emergency only. The bot follows within ten seconds." in switch(clinician, "emergency_only")
    assert controls.read().mode is Mode.EMERGENCY_ONLY
    switch(clinician, "normal", "the phones work")
    page, who = shown(viewer), Control.objects.get(name="mode").by
    assert '<p class="figure">Normal</p>' in page
    assert "a test of the phones" in page and "the phones work" in page and who in page
    said = [(one.who, one.detail) for one in AuditEntry.objects.filter(action="mode switched")]
    assert said == [
        (who, {"before": "normal", "mode": "emergency_only", "reason": "a test of the phones"}),
        (who, {"before": "emergency_only", "mode": "normal", "reason": "the phones work"}),
    ]


def test_off_must_be_meant(clinician: Client) -> None:
    assert "Tick this to switch the bot off" in switch(clinician, "off")
    assert controls.read().mode is Mode.NORMAL
    assert '<p class="figure">Off</p>' in switch(clinician, "off", is_meant="on")
    assert controls.read().mode is Mode.OFF


@pytest.mark.parametrize(("mode", "reason"), [("off", ""), ("loud", "x"), ("", "x"), ("emergency_only", "  ")])
def test_nothing_is_switched_without_a_mode_and_a_reason(clinician: Client, mode: str, reason: str) -> None:
    assert "errorlist" in switch(clinician, mode, reason, is_meant="on")
    assert not Control.objects.exists() and not AuditEntry.objects.filter(action="mode switched").exists()


def test_the_stricter_of_file_and_console_holds(clinician: Client, clinic: Callable[[str], None]) -> None:
    clinic("off")
    page = shown(clinician)
    assert '<p class="figure">Off</p>' in page and "can only be made less strict there" in page
    switch(clinician, "emergency_only")
    assert '<p class="figure">Off</p>' in shown(clinician)
    clinic("normal")
    assert '<p class="figure">Emergency only</p>' in shown(clinician)
    clinic("[")
    assert "cannot be read: the bot keeps what it read last" in shown(clinician)


def test_every_page_says_that_no_question_is_answered(clinician: Client, viewer: Client) -> None:
    assert "The bot answers no questions" not in viewer.get(reverse("figures")).content.decode()
    switch(clinician, "emergency_only")
    who = Control.objects.get(name="mode").by
    for name in ("inbox", "conversations", "figures"):
        page = viewer.get(reverse(name)).content.decode()
        assert "The bot answers no questions: <a" in page and "emergency only</a>" in page and f"by {who})" in page
    assert "The bot answers no questions" not in Client().get(reverse("sign_in")).content.decode()
    switch(clinician, "normal")
    assert "The bot answers no questions" not in viewer.get(reverse("inbox")).content.decode()


def test_every_page_says_that_the_file_switched_it(viewer: Client, clinic: Callable[[str], None]) -> None:
    bot_mode._of_file_at.cache_clear()
    clinic("off")
    assert "off</a> (set in clinic.yml)" in viewer.get(reverse("inbox")).content.decode()
    bot_mode._of_file_at.cache_clear()


def test_withdrawn_answers_are_named(viewer: Client) -> None:
    Control.objects.create(name=controls.withdrawn_name("why_taper"), value="withdrawn", reason="x", by="a")
    assert "Why must baclofen be reduced slowly?" in shown(viewer)


def test_someone_who_may_not_sees_nothing(browser_of: Callable[[str], Client]) -> None:
    for name in ("bot", "switch_mode"):
        response = Client().get(reverse(name))
        assert response.status_code == 302 and reverse("sign_in") in response["Location"]
    for role in (Role.VIEWER, Role.REVIEWER):
        browser = browser_of(role)
        assert reverse("switch_mode") not in shown(browser)
        response = browser.post(reverse("switch_mode"), {"mode": "emergency_only", "reason": "x"})
        assert response.status_code == 403 and b"Normal" not in response.content
    assert not Control.objects.exists()

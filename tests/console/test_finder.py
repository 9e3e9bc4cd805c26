"""The page of missed emergencies."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from baclofen_faq.triage import triage_version
from service.console import second_looks
from service.console.models import AuditEntry
from service.conversations import second_look
from service.conversations.models import Conversation, Message, SecondLook, Verdict
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db
PAGE, LOOK = "/missed-emergencies", "/missed-emergencies/look"
SEIZURE = "my dad is having a seizure"
ADVISORY = "I ran out of baclofen yesterday"
CALM = "what is a baclofen pump?"


def said(response: Any) -> str:
    return str(response.content.decode())


def missed(text: str = SEIZURE, then: str = "information") -> Message:
    """A message that was judged otherwise than triage does it today."""
    return talk(turn(text, then)).messages.get(text=text)


def test_someone_who_may_not_sees_nothing(browser_of: Callable[[str], Client]) -> None:
    missed()
    browser_of("reviewer").post(LOOK)
    assert SecondLook.objects.exists()
    for response in (Client().get(PAGE), Client().post(LOOK)):
        assert response.status_code == 302 and response["Location"].startswith("/sign-in")
        assert "seizure" not in said(response)
    viewer = browser_of("viewer")
    refused = viewer.post(LOOK)
    assert refused.status_code == 403 and "seizure" not in said(refused)
    page = said(viewer.get(PAGE))
    assert SEIZURE in page and "Look again" not in page


def test_emergencies_of_today_come_first_then_advisories_then_what_is_lower(reviewer: Client) -> None:
    lower, advisory, emergency = missed(CALM, "emergency"), missed(ADVISORY, "none"), missed()
    assert second_look.look_again(60) == 0
    page = said(reviewer.get(PAGE))
    places = [page.index(f"#turn-{message.pk}") for message in (emergency, advisory, lower)]
    assert places == sorted(places)
    headings = [page.index(f">{title}</h2>") for title in ("An emergency today", "Advisory today", "Lower today")]
    assert headings == sorted(headings) and headings[0] < places[0] < headings[1] < places[1] < headings[2]
    link = f"/conversations/{emergency.conversation_id}?turn={emergency.pk}#turn-{emergency.pk}"
    assert link in page and ">information</span>" in page and ">emergency</span>" in page


def test_opening_it_is_recorded_as_a_read_without_words(reviewer: Client) -> None:
    message = missed()
    reviewer.get(PAGE)
    assert not AuditEntry.objects.filter(action="missed emergencies read").exists()  # there was nothing to read
    reviewer.post(LOOK)
    reviewer.get(PAGE)
    entry = AuditEntry.objects.get(action="missed emergencies read")
    assert entry.conversation == message.conversation_id
    assert not [one for one in AuditEntry.objects.all() if "seizure" in str(one.detail)]


def test_what_was_reviewed_is_marked_and_can_be_left_out(reviewer: Client) -> None:
    message = missed()
    Verdict.objects.create(message=message, code="should_have_escalated", by="anna")
    reviewer.post(LOOK)
    assert "should have escalated, by anna" in said(reviewer.get(PAGE))
    assert SEIZURE not in said(reviewer.get(PAGE, {"open": "1"}))


def test_how_many_are_left_is_said_with_the_version_of_triage(viewer: Client) -> None:
    missed()
    missed(CALM)
    page = said(viewer.get(PAGE))
    assert "2 conversations not judged yet" in page and triage_version() in page


def test_made_up_conversations_are_not_in_it(reviewer: Client) -> None:
    missed()
    Conversation.objects.update(is_demo=True)
    reviewer.post(LOOK)
    page = said(reviewer.get(PAGE))
    assert "All conversations were judged" in page and SEIZURE not in page


def test_looking_goes_on_by_itself_and_one_press_is_one_entry(
    reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.console.views.finder.SLICE_SECONDS", 0)
    missed()
    missed(ADVISORY, "none")
    first = said(reviewer.post(LOOK, headers={"HX-Request": "true"}))
    assert "1 conversation not judged yet" in first and 'hx-trigger="load' in first and '"X-Polling": "1"' in first
    last = said(reviewer.post(LOOK, headers={"HX-Request": "true", "X-Polling": "1"}))
    assert "All conversations were judged" in last and "hx-trigger" not in last
    assert SEIZURE not in first + last
    entry = AuditEntry.objects.get(action="stored conversations judged again")
    assert entry.detail == {"triage_version": triage_version()}


def test_without_javascript_one_press_is_one_slice(reviewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.console.views.finder.SLICE_SECONDS", 0)
    missed()
    missed(CALM)
    assert "1 left. Press again" in said(reviewer.post(LOOK, follow=True))
    assert "All were looked at." in said(reviewer.post(LOOK, follow=True))


def test_a_page_has_fifty_and_the_next_goes_on_behind_them(viewer: Client) -> None:
    kinds = [1] * 40 + [2] * 30
    conversation = talk(*(turn(f"number {number};") for number in range(len(kinds))))
    heard = conversation.messages.filter(direction="in").order_by("id")
    looks = [SecondLook(message=one, level="none", change=kind, triage_version="t") for one, kind in zip(heard, kinds)]
    SecondLook.objects.bulk_create(looks)
    page = viewer.get(PAGE)
    assert said(page).count("<tr data-row") == 50 and "number 39;" in said(page) and "number 60;" in said(page)
    following = said(viewer.get(PAGE, {"after": page.context["last"]}))
    assert following.count("<tr data-row") == 20 and "number 59;" in following and "number 40;" in following
    advisory = said(viewer.get(PAGE, {"after": "1-0"}))
    assert "number 69;" in advisory and "number 39;" not in advisory
    assert "by an earlier triage" in advisory


@pytest.mark.parametrize("place", ["", "x", "9-1", "1-", "1-" + "9" * 30, "-1--1"])
def test_a_place_that_is_none_is_the_first_page(place: str, viewer: Client) -> None:
    message = missed()
    SecondLook.objects.create(message=message, level="emergency", change=1, triage_version="t")
    rows, last = second_looks.rows_after(second_looks.differences(only_open=False), place)
    assert [row.message_id for row in rows] == [message.pk] and last == ""
    assert viewer.get(PAGE, {"after": place}).status_code == 200

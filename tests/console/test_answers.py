"""The answers: who signed them, how often they were sent, what was asked before, and stopping one at once."""

import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from baclofen_faq.answers import load_replies, load_vetted
from baclofen_faq.answers.signatures import State
from baclofen_faq.answers.texts import version_of
from service.console import vetted
from service.console.models import AuditEntry
from service.console.roles import Role
from service.console.sent import NEVER, Sent, of_answer, sent
from service.conversations import controls
from service.conversations.models import Control, Conversation
from tests.answers.test_store import change
from tests.console.conftest import member, signed_in, talk, turn

pytestmark = pytest.mark.django_db
NOW = load_vetted().answers["why_taper"]
IN_FULL, SHORT, OLD = version_of(NOW.text), version_of(NOW.short), "abc123def456"


def got(version: str, text: str = "why slowly?", answer_id: str = "why_taper", **more: Any) -> dict[str, Any]:
    """A turn that was answered in that version."""
    one = turn(text, answer_id=answer_id, **more)
    one["replies"][0]["answer_version"] = version
    return one


def says(what: str, answer_id: str = "why_taper") -> dict[str, Any]:
    """A turn a moment later that says whether the answer before it helped."""
    feedback, at = {"answer_id": answer_id, "said": what}, timezone.now() + timedelta(seconds=9)
    return got(version_of(load_vetted().lines["glad"]), "yes", answer_id, feedback=feedback, level="none", at=at)


def page(browser: Client, name: str, *arguments: str) -> str:
    response = browser.get(reverse(name, args=arguments))
    assert response.status_code == 200, response
    return response.content.decode()


def actions() -> list[str]:
    return list(AuditEntry.objects.exclude(action="signed in").values_list("action", flat=True))


@pytest.fixture
def listed(vetted_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of vetted/ in which one clinician is listed; the console reads it."""
    change(vetted_copy / "people.yml", people=[{"id": "j.doe", "name": "Jane Doe, MD", "role": "pump clinic"}])
    monkeypatch.setattr(vetted.SHELF, "folder", vetted_copy)
    monkeypatch.setattr(vetted.SHELF, "_vetted", None)
    return vetted_copy


def test_every_file_that_is_signed_is_listed(viewer: Client) -> None:
    shown = page(viewer, "answers")
    assert len(NOW.question) and load_vetted().signatures
    for id in load_vetted().signatures:
        assert f'href="{reverse("answer", args=[id])}"' in shown, id
    assert "0 of 42 files are signed" in shown and "review due 23 May 2027" in shown


def test_what_was_sent_is_counted_by_version_without_demo_data() -> None:
    long_ago = timezone.now() - timedelta(days=40)
    talk(got(OLD, at=long_ago))
    talk(got(IN_FULL), got(IN_FULL), says("helpful"))
    talk(got(IN_FULL), says("not_helpful"))
    talk(got(SHORT, answer_id="timeline"))
    demo = talk(got(IN_FULL))
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    counts = sent()
    assert counts["why_taper", OLD] == Sent(in_all=1)
    assert counts["why_taper", IN_FULL] == Sent(in_all=3, lately=3, helpful=1, judged=2)
    assert of_answer(counts, "why_taper", load_vetted()) == Sent(in_all=4, lately=3, helpful=1, judged=2)
    assert of_answer(counts, "how_to_taper", load_vetted()) == NEVER
    only = sent(["why_taper"])
    assert only == {wording: one for wording, one in counts.items() if wording[0] == "why_taper"}


def test_few_ratings_are_no_percentage(viewer: Client) -> None:
    talk(got(IN_FULL), says("helpful"))
    assert "1 of 1" in page(viewer, "answer", "why_taper")
    for _ in range(9):
        talk(got(IN_FULL), says("helpful"))
    assert "100 % <" in page(viewer, "answer", "why_taper")


def test_an_unsigned_answer_says_so_beside_the_date(viewer: Client) -> None:
    assert "none; </span><span" in page(viewer, "answers").replace("\n", "")


def test_guidance_of_the_same_name_is_not_the_answer() -> None:
    replies = load_replies()
    for symptoms in (["seizure"], ["overdose"], ["repeated"], ["chest_or_heart"], []):
        guidance = replies.guidance("emergency", symptoms)
        assert guidance.answer_id == "emergency_report"
        talk(got(guidance.version, answer_id="emergency_report", level="emergency"))
    talk(got(replies.answer("emergency_report").version, answer_id="emergency_report"))
    assert of_answer(sent(), "emergency_report", load_vetted()).in_all == 1


@pytest.mark.parametrize("by", ["question", "sent", "helpful", "state", "nonsense"])
def test_the_list_can_be_sorted(viewer: Client, by: str) -> None:
    talk(got(IN_FULL), got(IN_FULL))
    talk(got(SHORT, answer_id="timeline"), says("not_helpful", "timeline"))
    shown = viewer.get(reverse("answers"), {"by": by}).content.decode()
    links = re.findall(r'<th scope="row"><a href="/answers/(\w+)"', shown)
    first = {"sent": "why_taper", "helpful": "timeline"}
    assert links[0] == first.get(by, "self_harm"), links[:4]


def test_an_answer_shows_each_text_with_who_received_it(viewer: Client) -> None:
    talk(got(IN_FULL))
    talk(got(OLD))
    shown = page(viewer, "answer", "why_taper")
    for text in (NOW.question, NOW.text.split("\n\n")[0], NOW.by_route["pump"].split("\n\n")[0], NOW.short):
        assert text in shown
    assert "{emergency_number}" in shown
    link = "/conversations?topic=why_taper&amp;version="
    assert f"{link}{IN_FULL}" in shown and f"{link}{OLD}" in shown and f"{link}{SHORT}" not in shown
    for source in NOW.sources:
        assert source.title in shown and source.url.replace("&", "&amp;") in shown


def test_who_received_a_version_is_everybody_who_did(viewer: Client) -> None:
    several = [talk(got(OLD)) for _ in range(3)]
    other = talk(got(IN_FULL))
    shown = viewer.get(reverse("conversations"), {"topic": "why_taper", "version": OLD}).content.decode()
    listed = set(re.findall(r'href="/conversations/(\d+)', shown))
    assert listed == {str(one.pk) for one in several} and str(other.pk) not in listed


def test_what_was_asked_before_is_read_apart_and_recorded(viewer: Client) -> None:
    ours, others = talk(got(IN_FULL, "why so slowly mate")), talk(got(IN_FULL, "how long", "timeline"))
    talk(got(IN_FULL), says("helpful"))
    assert "why so slowly mate" not in page(viewer, "answer", "why_taper")
    assert "questions before an answer read" not in actions()
    shown = page(viewer, "answer_asked", "why_taper")
    assert "why so slowly mate" in shown and "how long" not in shown and ">yes<" not in shown
    assert f"/conversations/{ours.pk}#turn-" in shown and f"/conversations/{others.pk}" not in shown
    entries = AuditEntry.objects.filter(action="questions before an answer read")
    read = [one.conversation for one in entries]
    assert ours.pk in read and others.pk not in read and len(set(read)) == len(read)
    assert [one.detail for one in entries] == [{"answer": "why_taper"}] * len(read)


def test_only_the_last_fifty_are_shown(viewer: Client) -> None:
    for number in range(52):
        talk(got(IN_FULL, f"why number {number:02}?"))
    shown = page(viewer, "answer_asked", "why_taper")
    assert "why number 51?" in shown and "why number 02?" in shown and "why number 01?" not in shown


def test_an_answer_is_withdrawn_and_sent_again_with_a_reason(clinician: Client) -> None:
    withdraw, again = reverse("withdraw", args=["why_taper"]), reverse("send_again", args=["why_taper"])
    response = clinician.post(withdraw, {"reason": "a new boxed warning"}, follow=True)
    assert "The bot stops sending it within ten seconds" in response.content.decode()
    assert "a new boxed warning" in response.content.decode()
    assert controls.read().withdrawn == {"why_taper"}
    assert "withdrawn" in page(clinician, "answers")
    response = clinician.post(again, {"reason": "read again, it is right"}, follow=True)
    assert "The bot sends it again within ten seconds" in response.content.decode()
    assert controls.read().withdrawn == frozenset()
    entries = AuditEntry.objects.filter(action__in=["answer withdrawn", "answer sent again"])
    assert [(one.action, one.detail["answer"], one.detail["reason"]) for one in entries] == [
        ("answer withdrawn", "why_taper", "a new boxed warning"),
        ("answer sent again", "why_taper", "read again, it is right"),
    ]
    assert {IN_FULL, SHORT} <= set(entries[0].detail["versions"])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_nothing_is_withdrawn_without_a_reason(clinician: Client, reason: str) -> None:
    response = clinician.post(reverse("withdraw", args=["why_taper"]), {"reason": reason})
    assert response.status_code == 422 and "errorlist" in response.content.decode()
    assert controls.read().withdrawn == frozenset() and "answer withdrawn" not in actions()


@pytest.mark.parametrize(
    "id", ["emergency_report", "self_harm", "contact_clinic", "cannot_answer", "greeting", "guidance"]
)
def test_what_the_bot_cannot_do_without_cannot_be_withdrawn(clinician: Client, id: str) -> None:
    assert "It cannot be withdrawn" in page(clinician, "answer", id)
    response = clinician.post(reverse("withdraw", args=[id]), {"reason": "why not"}, follow=True)
    assert "This cannot be withdrawn" in response.content.decode()
    assert not Control.objects.exists() and "answer withdrawn" not in actions()


def test_a_listed_clinician_gets_the_patch_that_signs_the_words_shown(listed: Path) -> None:
    clinician = signed_in(member(Role.CLINICIAN, "j.doe"))
    shown = page(clinician, "sign", "why_taper")
    assert "I approve these exact words" in shown and "Jane Doe, MD" in shown and NOW.short in shown
    sha256 = load_vetted(listed).signatures["why_taper"].sha256
    before = (listed / "answers/why_taper.yml").read_text()
    response = clinician.post(reverse("sign", args=["why_taper"]), {"sha256": sha256})
    assert response["Content-Disposition"] == 'attachment; filename="sign-why_taper.patch"'
    assert (listed / "answers/why_taper.yml").read_text() == before
    subprocess.run(["git", "apply", "-"], cwd=listed.parent, input=response.content, check=True, timeout=60)
    signed = load_vetted(listed)
    assert signed.state("why_taper", timezone.localdate()) is State.SIGNED
    assert signed.signatures["why_taper"].by == "j.doe"
    entry = AuditEntry.objects.get(action="signature proposed")
    assert (entry.who, entry.detail) == ("j.doe", {"answer": "why_taper", "sha256": sha256})
    shown = page(clinician, "answer", "why_taper")
    assert "Jane Doe, MD" in shown and reverse("sign", args=["why_taper"]) not in shown
    assert clinician.get(reverse("sign", args=["why_taper"])).status_code == 302


def test_words_that_changed_while_they_were_read_are_not_signed(listed: Path) -> None:
    clinician = signed_in(member(Role.CLINICIAN, "j.doe"))
    sha256 = load_vetted(listed).signatures["why_taper"].sha256
    change(listed / "answers/why_taper.yml", question="Why slowly?")
    response = clinician.post(reverse("sign", args=["why_taper"]), {"sha256": sha256})
    assert "Nothing was signed" in response.content.decode() and "Why slowly?" in response.content.decode()
    assert "signature proposed" not in actions()


def test_who_is_not_listed_is_told_how_to_be(listed: Path, clinician: Client) -> None:
    shown = page(clinician, "sign", "why_taper")
    assert "You cannot sign yet" in shown and "vetted/people.yml" in shown and "I approve" not in shown
    sha256 = load_vetted(listed).signatures["why_taper"].sha256
    response = clinician.post(reverse("sign", args=["why_taper"]), {"sha256": sha256, "by": "j.doe"})
    assert b"diff" not in response.content and b"+++" not in response.content
    assert "signature proposed" not in actions()


def test_a_file_that_is_spoiled_while_the_console_runs_changes_nothing(listed: Path, viewer: Client) -> None:
    whole = page(viewer, "answer", "why_taper")
    (listed / "answers/why_taper.yml").write_text("text: [")
    assert NOW.short in whole and NOW.short in page(viewer, "answer", "why_taper")


def test_guidance_and_red_flags_have_a_page(viewer: Client) -> None:
    assert "If you have a pump, call {emergency_number} now." in page(viewer, "answer", "guidance")
    assert load_vetted().advice["seizure"].line in page(viewer, "answer", "red_flags")


@pytest.mark.parametrize("name", ["answer", "answer_asked"])
def test_an_answer_that_is_not_there_is_not_found(clinician: Client, name: str) -> None:
    assert clinician.get(reverse(name, args=["nothing"])).status_code == 404
    assert clinician.get(reverse("sign", args=["nothing"])).status_code == 404
    assert clinician.get(reverse("answer_asked", args=["guidance"])).status_code == 404


@pytest.mark.parametrize("name", ["answers", "answer", "answer_asked", "sign", "withdraw", "send_again"])
def test_someone_who_may_not_sees_nothing(name: str, browser_of: Callable[[str], Client]) -> None:
    talk(got(IN_FULL, "why so slowly mate"))
    url = reverse(name, args=[] if name == "answers" else ["why_taper"])
    may = {
        "sign": {Role.CLINICIAN},
        "withdraw": {Role.CLINICIAN, Role.ADMIN},
        "send_again": {Role.CLINICIAN, Role.ADMIN},
    }
    who = [Client(), *(browser_of(role) for role in set(Role.values) - may.get(name, set(Role.values)))]
    before = actions()
    for browser in who:
        for response in (browser.get(url), browser.post(url, {"reason": "x"})):
            assert response.status_code in (302, 403, 405)
            assert response.status_code != 302 or reverse("sign_in") in response["Location"]
            assert b"baclofen be reduced" not in response.content and b"mate" not in response.content
    assert actions() == before and not Control.objects.exists()

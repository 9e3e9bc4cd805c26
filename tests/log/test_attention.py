"""What waits for staff, why, since when; what a reviewed conversation does when more is said."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from baclofen_faq.triage import Level, Told
from service.conversations import attention, outbox
from service.conversations.models import Alert, Conversation, Entry, Message, Reason, Risk, State
from tests.log.test_outbox import REPLY, turn, write

pytestmark = pytest.mark.django_db(databases=["default", "outbox"], transaction=True)
AN_HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nobody_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "DRAWN_SHARE", 0.0)


def said(message_id: str, level: str = "none", *symptoms: str, **more: Any) -> Entry:
    """A turn at a level."""
    entry = turn(message_id)
    entry.inbound = {**entry.inbound, "level": level}
    entry.told = Told(Level(level), symptoms, is_of_words=bool(symptoms)).as_json()
    for name, value in more.items():
        setattr(entry, name, value)
    return entry


def moved(*entries: Entry) -> Conversation:
    write(*entries)
    outbox.move_due()
    return Conversation.objects.get(key=entries[0].conversation)


@pytest.mark.parametrize(
    ("entry", "reason", "risk"),
    [
        (lambda: said("1", "emergency", "self_harm"), Reason.SELF_HARM, Risk.SELF_HARM),
        (lambda: said("1", "emergency", "seizure"), Reason.EMERGENCY, Risk.EMERGENCY),
        (lambda: said("1", "advisory", "missed_doses", "repeated"), Reason.REPEATED, Risk.REPEATED),
        (lambda: said("1", "advisory", "missed_doses"), Reason.ADVISORY, Risk.ADVISORY),
        (
            lambda: said("1", feedback={"answer_id": "why_taper", "said": "not_helpful"}),
            Reason.NOT_HELPFUL,
            Risk.TO_CHECK,
        ),
        (lambda: said("1", replies=[{**REPLY, "answer_id": "cannot_answer"}]), Reason.UNANSWERED, Risk.TO_CHECK),
        (lambda: said("1", measured={"intent": "ask_x", "confidence": 0.55}), Reason.LOW_CONFIDENCE, Risk.TO_CHECK),
    ],
)
def test_each_reason_brings_a_conversation_into_its_section(entry: Any, reason: Reason, risk: Risk) -> None:
    conversation = moved(entry())
    assert conversation.reasons == [reason.value] and conversation.risk == risk
    assert conversation.due_at and conversation.state == State.NEW


def test_an_answered_question_waits_for_nobody() -> None:
    conversation = moved(said("1", "information", measured={"intent": "ask_why_taper", "confidence": 0.97}))
    assert (conversation.risk, conversation.reasons, conversation.due_at) == (Risk.NONE, [], None)
    assert (conversation.level, conversation.least_confidence) == ("information", 0.97)


def test_the_highest_level_and_the_lowest_confidence_are_kept() -> None:
    sure, unsure = ({"intent": "ask_x", "confidence": one} for one in (0.97, 0.7))
    conversation = moved(said("1", "advisory", "missed_doses", measured=unsure), said("2", measured=sure))
    assert (conversation.level, conversation.least_confidence) == ("advisory", 0.7)


def test_it_waits_since_its_most_urgent_turn() -> None:
    began = timezone.now() - 3 * AN_HOUR
    first = said("1", "advisory", "missed_doses", received_at=began)
    worse = said("2", "emergency", "seizure", received_at=began + AN_HOUR)
    conversation = moved(first, worse, said("3", "emergency", "seizure", received_at=began + 2 * AN_HOUR))
    assert conversation.due_at == began + AN_HOUR
    assert conversation.reasons == ["advisory", "emergency"]


def test_what_is_said_after_staff_were_done_makes_it_new_where_it_needs_them() -> None:
    done = {"state": State.DONE, "first_review_at": timezone.now(), "is_flagged": True, "reviewer": "anna"}
    Conversation.objects.filter(pk=moved(said("1", "emergency", "seizure")).pk).update(**done)
    calm = moved(said("2", "information"))
    assert calm.state == State.DONE
    again = moved(said("3", "advisory", "missed_doses"))
    assert (again.state, again.risk, again.reasons) == (State.NEW, Risk.ADVISORY, ["advisory"])
    assert again.first_review_at is None and again.is_flagged and again.reviewer == "anna"


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.FOLLOW_UP])
def test_another_emergency_that_staff_know_nothing_of_is_new_and_alerted(state: State) -> None:
    began = timezone.now() - timedelta(days=3)
    conversation = moved(said("1", "emergency", "seizure", received_at=began))
    opened = {"state": state, "first_review_at": began + AN_HOUR}
    Conversation.objects.filter(pk=conversation.pk).update(**opened)
    again = moved(said("2", "emergency", "high_fever"))
    assert again.state == State.NEW and again.first_review_at is None
    assert again.due_at == again.last_at and Alert.objects.count() == 2


def test_an_emergency_after_one_that_was_over_is_another() -> None:
    over = Told(Level.INFORMATION, is_over=True).as_json()
    moved(said("1", "emergency", "seizure"), said("2", "information", told=over))
    moved(said("3", "emergency", "seizure"))
    assert Alert.objects.count() == 2


def test_while_somebody_reviews_it_more_of_the_same_changes_no_state() -> None:
    conversation = moved(said("1", "emergency", "seizure"))
    Conversation.objects.filter(pk=conversation.pk).update(state=State.IN_REVIEW, assignee="bert")
    same = moved(said("2", "emergency", "seizure"))
    assert (same.state, same.assignee, Alert.objects.count()) == (State.IN_REVIEW, "bert", 1)


def test_about_one_conversation_in_fifty_is_drawn_as_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "DRAWN_SHARE", 0.02)
    begun = [Conversation.begun("rest", str(n), timezone.now()) for n in range(20_000)]
    for one in begun:
        attention.begin(one)
    assert 300 < sum(one.is_drawn for one in begun) < 500


def test_a_drawn_conversation_is_in_the_inbox_without_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "DRAWN_SHARE", 1.0)
    conversation = moved(said("1", "information"))
    assert conversation.is_drawn and conversation.risk == Risk.TO_CHECK and conversation.reasons == []
    assert conversation.due_at and not Alert.objects.exists()


@pytest.mark.parametrize("is_drawn", [True, False])
def test_what_was_only_to_be_checked_comes_back_with_any_message_drawn_or_not(
    is_drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "DRAWN_SHARE", float(is_drawn))
    unsure = {} if is_drawn else {"measured": {"intent": "ask_x", "confidence": 0.55}}
    Conversation.objects.filter(pk=moved(said("1", "information", **unsure)).pk).update(state=State.DONE)
    again = moved(said("2", "information"))
    assert (again.state, again.risk, again.reasons) == (State.NEW, Risk.TO_CHECK, [])


@pytest.mark.parametrize("is_drawn", [True, False])
def test_what_was_done_for_a_reason_stays_done_drawn_or_not(is_drawn: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "DRAWN_SHARE", float(is_drawn))
    Conversation.objects.filter(pk=moved(said("1", "advisory", "missed_doses")).pk).update(state=State.DONE)
    calm = moved(said("2", "information"))
    assert calm.state == State.DONE and calm.had_reason and calm.reasons == ["advisory"]


@pytest.mark.parametrize(
    "measured",
    [{"confidence": "high"}, {"confidence": 7}, {"latency_ms": -4}, {"unknown": 1}, {"intent": "x" * 99}, "nonsense"],
)
def test_a_figure_that_is_none_costs_no_turn(measured: Any) -> None:
    assert moved(said("1", "information", measured=measured)).turns == 1
    assert Message.objects.get(direction="in").confidence is None


def test_what_a_late_answer_tells_is_noticed() -> None:
    moved(said("1", "information", replies=None, answered_at=None, received_at=timezone.now() - timedelta(seconds=20)))
    Entry.objects.update(moved_at=None)
    helped = {"answer_id": "why_taper", "said": "not_helpful"}
    late = moved(said("1", "information", measured={"intent": "ask_x", "confidence": 0.55}, feedback=helped))
    assert set(late.reasons) == {"unanswered", "not_helpful", "low_confidence"}
    assert (late.feedback, late.least_confidence, late.turns) == ("not_helpful", 0.55, 1)


def test_a_turn_says_what_was_understood_and_how_long_it_took() -> None:
    measured = {"intent": "ask_why_taper", "confidence": 0.91, "latency_ms": 84, "stages": {"rules": 1, "rasa": 60}}
    moved(said("1", "information", measured=measured))
    message = Message.objects.get(direction="in")
    assert (message.intent, message.confidence, message.latency_ms) == ("ask_why_taper", 0.91, 84)
    assert message.stages == {"rules": 1, "rasa": 60}


def test_a_turn_that_was_logged_before_its_answer_is_completed_with_what_was_measured() -> None:
    left = said("1", "information", replies=None, answered_at=None, received_at=timezone.now() - timedelta(seconds=20))
    assert moved(left).reasons == ["unanswered"]
    Entry.objects.update(moved_at=None)
    moved(said("1", "information", measured={"intent": "ask_why_taper", "confidence": 0.9, "latency_ms": 4}))
    assert Message.objects.get(direction="in").confidence == 0.9

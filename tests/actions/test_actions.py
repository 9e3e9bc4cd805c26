"""Each action says one vetted reply with level and answer_id, and never raises."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions import (
    ActionAnswerQuestion,
    ActionCannotAnswer,
    ActionChoose,
    ActionEscalate,
    ActionExplain,
    ActionFeedback,
    ActionFollowUp,
    ActionOfferContact,
    ActionOwnWords,
)
from actions.base import Turn, VettedAction
from baclofen_faq.triage import assess

EMERGENCY = assess("she is having a seizure").as_json()
MENTIONED = assess("no seizures, just asking").as_json()


def tracker(
    intent: str,
    assessment: dict[str, Any] | None = None,
    ranking: list[Any] | None = None,
    text: str = "words",
    questions: list[str] | None = None,
    **slots: Any,
) -> Tracker:
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": ranking or [],
        "questions": questions or [],
    }
    return Tracker("someone", {"assessment": assessment, **slots}, message, [], False, None, {}, "action_listen")


def run(action: VettedAction, heard: Tracker) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The messages, and the slots that the action sets."""
    dispatcher = CollectingDispatcher()
    slots = {event["name"]: event.get("value") for event in action.run(dispatcher, heard, {})}
    return dispatcher.messages, slots


def said(action: VettedAction, heard: Tracker) -> dict[str, Any]:
    (message,), _ = run(action, heard)
    return dict(message)


def test_a_question_gets_its_answer() -> None:
    message = said(ActionAnswerQuestion(), tracker("ask_why_taper"))
    assert (message["level"], message["answer_id"]) == ("information", "why_taper")
    assert "Sources:" in message["text"] and 1 <= len(message["buttons"]) <= 3


def test_small_talk_gets_a_short_reply_at_level_none() -> None:
    message = said(ActionAnswerQuestion(), tracker("greeting"))
    assert (message["level"], message["answer_id"]) == ("none", "greeting")
    assert "Sources:" not in message["text"]


def test_a_mentioned_symptom_is_answered_with_what_to_do_if_it_is_now() -> None:
    message = said(ActionAnswerQuestion(), tracker("ask_why_taper", MENTIONED))
    assert "If this is happening now, call" in message["text"]


def test_an_emergency_gets_the_guidance() -> None:
    message = said(ActionEscalate(), tracker("nlu_fallback", EMERGENCY))
    assert (message["level"], message["answer_id"]) == ("emergency", "emergency_report")
    assert message["text"].startswith("Call 911")


def test_unsure_offers_at_most_three_topics_and_no_small_talk() -> None:
    names = ["greeting", "ask_why_taper", "ask_how_to_taper", "ask_signs_overview", "ask_what_is_pump"]
    ranking = [{"name": name, "confidence": 0.5 - n / 20} for n, name in enumerate(names)]
    message = said(ActionCannotAnswer(), tracker("nlu_fallback", ranking=ranking))
    assert [button["payload"] for button in message["buttons"]] == [f"/{name}" for name in names[1:4]]
    assert (message["level"], message["answer_id"]) == ("none", "cannot_answer")


def test_nothing_near_gets_the_contact() -> None:
    message = said(ActionCannotAnswer(), tracker("nlu_fallback"))
    assert message["buttons"] == [] and "202-555-0142" in message["text"]


@pytest.mark.parametrize("action", [getattr(actions, name) for name in actions.__all__])
def test_a_failing_action_still_gets_an_answer(action: type[VettedAction], caplog: pytest.LogCaptureFixture) -> None:
    class Failing(action):  # type: ignore[valid-type,misc]
        def name(self) -> str:
            return "failing"

        def turn(self, tracker: Tracker) -> Turn:
            raise KeyError(tracker.latest_message["text"])

    before = VettedAction.failures["failing: KeyError"]
    message = said(Failing(), tracker("ask_why_taper"))
    assert message["answer_id"] == "cannot_answer" and "I cannot answer just now" in message["text"]
    assert VettedAction.failures["failing: KeyError"] == before + 1
    (line,) = caplog.records
    assert (line.action, line.error) == ("failing", "KeyError") and "words" not in repr(line.__dict__)  # type: ignore[attr-defined]


def test_several_questions_get_three_answers_the_urgent_first() -> None:
    asked = ["ask_what_is_baclofen", "ask_driving_work", "ask_overdose", "ask_timeline"]
    messages, slots = run(ActionAnswerQuestion(), tracker("ask_what_is_baclofen", questions=asked))
    assert [message["answer_id"] for message in messages] == ["overdose", "what_is_baclofen", "driving_work"]
    assert [len(message["buttons"]) for message in messages[:2]] == [0, 0]
    assert slots["topic"] == "driving_work"


def test_one_answer_in_three_is_followed_by_the_question_whether_it_helped() -> None:
    counts = [len(run(ActionAnswerQuestion(), tracker("ask_timeline", answers=n))[0]) for n in range(6)]
    assert counts == [1, 2, 1, 1, 2, 1]
    _, slots = run(ActionAnswerQuestion(), tracker("ask_timeline", answers=1))
    assert slots["asked"] == "helpful" and slots["answers"] == 2


def test_nobody_is_asked_whether_it_helped_who_has_a_call_to_make() -> None:
    messages, _ = run(ActionAnswerQuestion(), tracker("ask_timeline", {**MENTIONED, "level": "advisory"}, answers=1))
    assert [message["answer_id"] for message in messages] == ["timeline"]
    assert "Was this helpful" not in messages[0]["text"]


def test_what_may_have_been_meant_instead_is_offered_first() -> None:
    ranking = [{"name": "ask_timeline", "confidence": 0.6}, {"name": "ask_overdose", "confidence": 0.4}]
    message = said(ActionAnswerQuestion(), tracker("ask_timeline", ranking=ranking))
    assert message["buttons"][0]["payload"] == "/ask_overdose"


def test_the_route_chooses_the_text() -> None:
    texts = {said(ActionAnswerQuestion(), tracker("ask_timeline", route=route))["text"] for route in ("pump", "oral")}
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("intent", "topic", "answer"),
    [
        ("follow_up_why", "how_to_taper", "why_taper"),
        ("follow_up_time", "treatment", "timeline"),
        ("follow_up_danger", None, "severe_complications"),
        ("follow_up_pump", "timeline", "timeline"),
        ("follow_up_oral", "self_harm", "pump_vs_oral"),
        ("follow_up_pump", None, "what_can_you_do"),
    ],
)
def test_a_follow_up_is_answered_by_the_last_answer(intent: str, topic: str | None, answer: str) -> None:
    assert said(ActionFollowUp(), tracker(intent, topic=topic))["answer_id"] == answer


def test_explaining_is_about_the_last_answer() -> None:
    assert len(said(ActionExplain(), tracker("follow_up_simpler", topic="timeline"))["text"]) < 400
    assert said(ActionExplain(), tracker("follow_up_source", topic="timeline"))["text"].startswith("Sources:")
    assert said(ActionExplain(), tracker("follow_up_more", topic="timeline"))["buttons"]
    assert said(ActionExplain(), tracker("follow_up_more"))["answer_id"] == "cannot_answer"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("the second one", "treatment"), ("2", "treatment"), ("last", "overdose"), ("1st", "timeline"), ("the 4th", None)],
)
def test_a_choice_is_answered(text: str, answer: str | None) -> None:
    offered = ["/ask_timeline", "/ask_treatment", "/ask_overdose", "/feedback_helpful"]
    message = said(ActionChoose(), tracker("follow_up_choice", text=text, offered=offered))
    assert message["answer_id"] == answer or (answer is None and "Which one" in message["text"])


def test_yes_picks_the_first_and_no_none() -> None:
    offered = ["/ask_timeline", "/ask_treatment"]
    assert said(ActionChoose(), tracker("affirm", offered=offered))["answer_id"] == "timeline"
    assert "What else" in said(ActionChoose(), tracker("deny", offered=offered))["text"]
    assert said(ActionChoose(), tracker("affirm", offered=["/delete_conversation"]))["marker"] == "erase"


@pytest.mark.parametrize(
    ("intent", "marker"),
    [("affirm", "helpful"), ("deny", "not_helpful"), ("feedback_not_answered", "not_answered")],
)
def test_feedback_is_marked_for_the_gateway(intent: str, marker: str) -> None:
    message = said(ActionFeedback(), tracker(intent, topic="timeline"))
    assert (message["marker"], message["answer_id"]) == (marker, "timeline")


def test_unsure_remembers_it_and_offers_what_was_answered_last() -> None:
    ranking = [{"name": "follow_up_time", "confidence": 0.4}, {"name": "ask_overdose", "confidence": 0.3}]
    _, slots = run(ActionCannotAnswer(), tracker("nlu_fallback", ranking=ranking, topic="treatment"))
    assert slots["offered"] == ["/ask_timeline", "/ask_treatment", "/ask_overdose"]
    assert slots["is_unsure"] and slots["asked"] == "did_you_mean"


def test_a_person_is_offered_with_both_phones() -> None:
    text = said(ActionOfferContact(), tracker("nlu_fallback"))["text"]
    assert "202-555-0142" in text and "202-555-0143" in text


def test_the_offer_of_a_person_is_marked_for_the_hand_off_and_promises_none() -> None:
    message = said(ActionOfferContact(), tracker("nlu_fallback"))
    assert message["marker"] == "hand_off"
    assert "staff" not in message["text"]


def test_own_words_are_marked_and_nothing_is_promised() -> None:
    message = said(ActionOwnWords(), tracker("delete_conversation"))
    assert message["marker"] == "erase" and "could not" in message["text"]
    assert said(ActionOwnWords(), tracker("show_conversation"))["marker"] == "show"

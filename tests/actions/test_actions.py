"""Each action says one vetted reply with level and answer_id, and never raises."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import ActionAnswerQuestion, ActionCannotAnswer, ActionEscalate
from actions.base import VettedAction
from baclofen_faq.answers import Reply
from baclofen_faq.triage import assess

EMERGENCY = assess("she is having a seizure").as_json()
MENTIONED = assess("no seizures, just asking").as_json()


def tracker(intent: str, assessment: dict[str, Any] | None = None, ranking: list[Any] | None = None) -> Tracker:
    message = {"text": "words", "intent": {"name": intent, "confidence": 0.9}, "intent_ranking": ranking or []}
    slots = {"assessment": assessment}
    return Tracker("someone", slots, message, [], False, None, {}, "action_listen")


def said(action: VettedAction, heard: Tracker) -> dict[str, Any]:
    dispatcher = CollectingDispatcher()
    assert action.run(dispatcher, heard, {}) == []
    (message,) = dispatcher.messages
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


@pytest.mark.parametrize("action", [ActionAnswerQuestion, ActionEscalate, ActionCannotAnswer])
def test_a_failing_action_still_gets_an_answer(action: type[VettedAction], caplog: pytest.LogCaptureFixture) -> None:
    class Failing(action):  # type: ignore[valid-type,misc]
        def name(self) -> str:
            return "failing"

        def reply(self, tracker: Tracker) -> Reply:
            raise KeyError(tracker.latest_message["text"])

    before = VettedAction.failures["failing: KeyError"]
    message = said(Failing(), tracker("ask_why_taper"))
    assert message["answer_id"] == "cannot_answer" and "I cannot answer just now" in message["text"]
    assert VettedAction.failures["failing: KeyError"] == before + 1
    assert "words" not in caplog.text and "KeyError" in caplog.text

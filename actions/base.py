"""What all actions share: they say vetted replies, remember what was said in slots, and never raise."""

import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from baclofen_faq.answers import BY_OWN_NAME, Replies, Reply, load_replies

log = logging.getLogger(__name__)
NOTHING_FOUND = {"level": "none", "symptoms": [], "is_severe_symptom_mentioned": False}
FALLBACK = "nlu_fallback"
UNKNOWN = "unknown"  # the route, where nothing was said of it
NEXT, DID_YOU_MEAN, HELPFUL = "next", "did_you_mean", "helpful"  # what the bot's last words ask (slot `asked`)


@cache
def shared_replies() -> Replies:
    """The replies of vetted/ and clinic.yml, read once a process."""
    return load_replies()


@dataclass(frozen=True)
class Turn:
    """What an action says, and what the next turns need of it.

    `topic`: the id that was answered, None where it stays the one before. `asked`: what the last words ask.
    `answers`: how many answers were given so far, None where it stays. `is_unsure`: the message was not understood.
    """

    replies: tuple[Reply, ...]
    topic: str | None = None
    asked: str | None = NEXT
    answers: int | None = None
    is_unsure: bool = False

    def slots(self) -> dict[str, Any]:
        """What is remembered; `offered` are the payloads of all questions that the turn offers, in their order."""
        offered = [button.payload for reply in self.replies for button in reply.buttons]
        kept = {"topic": self.topic, "answers": self.answers}
        return {
            **{name: value for name, value in kept.items() if value is not None},
            "offered": offered,
            "asked": self.asked if offered else None,
            "is_unsure": self.is_unsure,
        }


class VettedAction(Action, ABC):
    """An action that says vetted replies; where it fails, that is counted and the cannot-answer reply sent.

    It ends the turn itself (`ends_turn`): a rule whose condition is a slot that its action changes would not, and Rasa
    would fall back, ten times over.
    """

    failures: Counter[str] = Counter()
    ends_turn = True

    def __init__(self, replies: Replies | None = None) -> None:
        """Speak with these replies, by default those of vetted/ and clinic.yml."""
        self.replies = replies or shared_replies()

    @abstractmethod
    def turn(self, tracker: Tracker) -> Turn:
        """What to say in this conversation."""

    def answer(self, tracker: Tracker, id: str, first: Sequence[str] = ()) -> Reply:
        """The answer with that id, for the person's route and with what to do if a severe symptom was spoken of."""
        is_mentioned = assessment_of(tracker)["is_severe_symptom_mentioned"]
        return self.replies.answer(id, is_mentioned, tracker.get_slot("route") or UNKNOWN, first)

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say it; nothing that goes wrong reaches Rasa, whose error log would hold the person's words."""
        try:
            turn, understood = self.turn(tracker), understood_of(tracker)
        except Exception as error:
            self.failures[f"{self.name()}: {type(error).__name__}"] += 1
            log.error("action failed", extra={"action": self.name(), "error": type(error).__name__})
            turn, understood = Turn((self.replies.cannot_answer_now(),)), {}
        for reply in turn.replies:
            dispatcher.utter_message(
                text=reply.text,
                buttons=[{"title": button.title, "payload": button.payload} for button in reply.buttons],
                level=reply.level,
                answer_id=reply.answer_id,
                answer_version=reply.version,
                marker=reply.marker.value,
                **understood,
            )
        ending = [FollowupAction("action_listen")] if self.ends_turn else []
        changed = {name: value for name, value in turn.slots().items() if tracker.get_slot(name) != value}
        return [*(SlotSet(name, value) for name, value in changed.items()), *ending]


def assessment_of(tracker: Tracker) -> Mapping[str, Any]:
    """The level, symptoms and mention of the current message, as the emergency policy noted them."""
    return tracker.get_slot("assessment") or NOTHING_FOUND


def understood_of(tracker: Tracker) -> dict[str, Any]:
    """The likeliest intent of the current message and its confidence, also where that was too low to answer."""
    ranking = tracker.latest_message.get("intent_ranking") or [tracker.latest_message.get("intent") or {}]
    first = next((one for one in ranking if one.get("name") not in (None, FALLBACK)), None)
    return {"intent": str(first["name"]), "confidence": round(float(first["confidence"]), 4)} if first else {}


def intent_of(tracker: Tracker) -> str:
    """What the current message was understood as."""
    return str(tracker.latest_message["intent"]["name"])


def topic_of(intent: str) -> str:
    """The answer's id: ask_why_taper -> why_taper, greeting -> greeting."""
    return intent if intent in BY_OWN_NAME else intent.removeprefix("ask_")

"""What all actions share: they say one vetted reply, and never raise."""

import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from baclofen_faq.answers import Replies, Reply, load_replies

log = logging.getLogger(__name__)
NOTHING_FOUND = {"level": "none", "symptoms": [], "is_severe_symptom_mentioned": False}


@cache
def shared_replies() -> Replies:
    """The replies of vetted/ and clinic.yml, read once a process."""
    return load_replies()


class VettedAction(Action, ABC):
    """An action that says one vetted reply; where it fails, the failure is counted and the cannot-answer reply sent."""

    failures: Counter[str] = Counter()

    def __init__(self, replies: Replies | None = None) -> None:
        """Speak with these replies, by default those of vetted/ and clinic.yml."""
        self.replies = replies or shared_replies()

    @abstractmethod
    def reply(self, tracker: Tracker) -> Reply:
        """What to say in this conversation."""

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Say the reply; nothing that goes wrong reaches Rasa, whose error log would hold the person's words."""
        try:
            reply = self.reply(tracker)
        except Exception as error:
            self.failures[f"{self.name()}: {type(error).__name__}"] += 1
            log.error("action failed: action=%s error=%s", self.name(), type(error).__name__)
            reply = self.replies.cannot_answer_now()
        dispatcher.utter_message(
            text=reply.text,
            buttons=[{"title": button.title, "payload": button.payload} for button in reply.buttons],
            level=reply.level,
            answer_id=reply.answer_id,
            answer_version=reply.version,
        )
        return []


def assessment_of(tracker: Tracker) -> Mapping[str, Any]:
    """The level, symptoms and mention of the current message, as the emergency policy noted them."""
    return tracker.get_slot("assessment") or NOTHING_FOUND

"""Unsure is said, with a way on."""

from rasa_sdk import Tracker

from actions.base import VettedAction, assessment_of
from baclofen_faq.answers import Reply

NEAREST_TOPICS = 3
LEAST_CONFIDENCE = 0.25


class ActionCannotAnswer(VettedAction):
    """Offers the two or three nearest topics ("Did you mean ...?"), or the clinic's contact where nothing is near."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_cannot_answer"

    def reply(self, tracker: Tracker) -> Reply:
        """The nearest topics, by the intents' confidence."""
        is_mentioned = assessment_of(tracker)["is_severe_symptom_mentioned"]
        return self.replies.cannot_answer(self._nearest(tracker), is_mentioned)

    def _nearest(self, tracker: Tracker) -> list[str]:
        ranking = tracker.latest_message.get("intent_ranking") or []
        near = [entry["name"].removeprefix("ask_") for entry in ranking if entry["confidence"] >= LEAST_CONFIDENCE]
        return [id for id in near if self.replies.is_topic(id)][:NEAREST_TOPICS]

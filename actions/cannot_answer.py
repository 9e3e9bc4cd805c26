"""Unsure is said, with a way on."""

from rasa_sdk import Tracker

from actions.base import DID_YOU_MEAN, Turn, VettedAction, assessment_of
from actions.nearest import nearest


class ActionCannotAnswer(VettedAction):
    """Offers the two or three nearest topics ("Did you mean ...?"), or the clinic's contact where nothing is near."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_cannot_answer"

    def turn(self, tracker: Tracker) -> Turn:
        """The nearest topics, by the intents' confidence and by what was answered last."""
        is_mentioned = assessment_of(tracker)["is_severe_symptom_mentioned"]
        reply = self.replies.cannot_answer(nearest(tracker, self.replies), is_mentioned)
        return Turn((reply,), asked=DID_YOU_MEAN, is_unsure=True)

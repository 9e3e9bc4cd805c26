"""The vetted answer to the question that was understood."""

from rasa_sdk import Tracker

from actions.base import VettedAction, assessment_of
from baclofen_faq.answers import Reply


class ActionAnswerQuestion(VettedAction):
    """Sends the answer named by the intent, with its sources and up to three next questions."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_answer_question"

    def reply(self, tracker: Tracker) -> Reply:
        """The answer whose id the intent names: ask_why_taper -> why_taper, greeting -> greeting."""
        intent = tracker.latest_message["intent"]["name"]
        is_mentioned = assessment_of(tracker)["is_severe_symptom_mentioned"]
        return self.replies.answer(intent.removeprefix("ask_"), is_mentioned)

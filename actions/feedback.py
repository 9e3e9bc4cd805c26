"""What a person says of an answer."""

from rasa_sdk import Tracker

from actions.base import Turn, VettedAction, intent_of
from baclofen_faq.answers import Marker

SAID = {
    "affirm": Marker.HELPFUL,
    "deny": Marker.NOT_HELPFUL,
    "feedback_helpful": Marker.HELPFUL,
    "feedback_not_helpful": Marker.NOT_HELPFUL,
    "feedback_not_answered": Marker.NOT_ANSWERED,
}


class ActionFeedback(VettedAction):
    """Thanks, or offers a person; the gateway keeps what was said with the answer that it was said of."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_feedback"

    def turn(self, tracker: Tracker) -> Turn:
        """Of the last answer; before any, it is an answer to nothing."""
        topic = tracker.get_slot("topic")
        if topic is None:
            return Turn((self.replies.what_else(),))
        return Turn((self.replies.feedback(topic, SAID[intent_of(tracker)]),))

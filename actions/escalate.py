"""What to do now: emergency or advisory guidance."""

from rasa_sdk import Tracker

from actions.base import UNKNOWN, Turn, VettedAction, assessment_of


class ActionEscalate(VettedAction):
    """Sends the guidance for the message's level and symptoms, with the numbers of the clinic's region."""

    ends_turn = False  # after an advisory the question is answered, too

    def name(self) -> str:
        """As in domain.yml."""
        return "action_escalate"

    def turn(self, tracker: Tracker) -> Turn:
        """The guidance; emergency guidance where nobody said why this action runs."""
        assessment = assessment_of(tracker)
        route = tracker.get_slot("route") or UNKNOWN
        return Turn((self.replies.guidance(assessment["level"], assessment["symptoms"], route),))

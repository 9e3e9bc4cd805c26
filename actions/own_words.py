"""A person's own conversation: delete it, or show it."""

from rasa_sdk import Tracker

from actions.base import Turn, VettedAction, intent_of


class ActionOwnWords(VettedAction):
    """Marks the turn, so that the gateway deletes the conversation or shows it; an action touches no database."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_own_words"

    def turn(self, tracker: Tracker) -> Turn:
        """Said where nobody acts on the mark: that it could not be done."""
        return Turn((self.replies.own_words(f"/{intent_of(tracker)}"),))

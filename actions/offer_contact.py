"""A person instead of the bot."""

from rasa_sdk import Tracker

from actions.base import DID_YOU_MEAN, Turn, VettedAction
from actions.nearest import nearest


class ActionOfferContact(VettedAction):
    """Offers a person, with the clinic's and the out-of-hours phone: after two messages that were not understood."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_offer_contact"

    def turn(self, tracker: Tracker) -> Turn:
        """The phones, and the nearest topics once more."""
        return Turn((self.replies.contact(nearest(tracker, self.replies)),), asked=DID_YOU_MEAN)

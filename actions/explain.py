"""More about what was just answered: simpler words, its sources, what else can be asked."""

from rasa_sdk import Tracker

from actions.base import Turn, VettedAction, intent_of
from baclofen_faq.answers import Reply


class ActionExplain(VettedAction):
    """For "say that simpler" the short text, for "source?" the sources, for "anything else?" the next questions."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_explain"

    def turn(self, tracker: Tracker) -> Turn:
        """Of the last answer; where there is none, what can be asked."""
        topic = tracker.get_slot("topic")
        return Turn((self._reply(intent_of(tracker), topic, tracker) if topic else self.replies.what_else(),))

    def _reply(self, intent: str, topic: str, tracker: Tracker) -> Reply:
        if intent == "follow_up_simpler":
            return self.replies.simpler(topic)
        if intent == "follow_up_source":
            return self.replies.sources(topic)
        return self.replies.more(topic, tracker.get_slot("offered") or [])

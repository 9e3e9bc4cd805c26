"""A short question about what was just answered."""

from rasa_sdk import Tracker

from actions.base import Turn, VettedAction, intent_of

ROUTES = ("pump", "oral")
ABOUT_THE_ROUTE = ("pump_vs_oral", "what_is_pump")  # "and the pump?" after an answer with no text of its own for it


class ActionFollowUp(VettedAction):
    """For "and the pump?", "by mouth?", "how long does that last?", "is it bad?", "why?": by the last answer."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_follow_up"

    def turn(self, tracker: Tracker) -> Turn:
        """The same answer for the route that was named, or the topic that the follow-up leads to."""
        kind, topic = intent_of(tracker).removeprefix("follow_up_"), tracker.get_slot("topic")
        if kind in ROUTES:
            return self._for_route(kind, topic)
        meant = self.replies.follow_up(kind, topic or "")
        return Turn((self.answer(tracker, meant),), topic=meant)

    def _for_route(self, route: str, topic: str | None) -> Turn:
        if topic is None:
            return Turn((self.replies.route_noted(route),))
        if not self.replies.has_text_for(topic, route):
            topic = next(id for id in ABOUT_THE_ROUTE if id != topic)
        return Turn((self.replies.answer(topic, route=route),), topic=topic)

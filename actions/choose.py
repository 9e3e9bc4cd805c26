"""An answer to what the bot offered: yes, no, or one of the list."""

import re

from rasa_sdk import Tracker

from actions.base import Turn, VettedAction, intent_of
from baclofen_faq.answers import HELPFUL, OWN_WORDS

PLACES = {
    r"\blast|bottom": -1,
    r"\bfirst|\b1st|\btop\b": 0,
    r"\bsecond|\b2nd|\bmiddle": 1,
    r"\bthird|\b3rd": 2,
    r"\b[4-9]\b|fou?rth|fifth|sixth|seventh|eighth|ninth|tenth": 99,
    r"\b1\b|\bone\b(?! (?:one|two|three))": 0,
    r"\b2\b|\btwo\b": 1,
    r"\b3\b|\bthree\b": 2,
}


def place_of(text: str) -> int | None:
    """Which of a list a text names, from 0; -1 for the last; None where it names none.

    >>> place_of("the second one please"), place_of("number 3"), place_of("last")
    (1, 2, -1)
    """
    return next((place for words, place in PLACES.items() if re.search(words, text.lower())), None)


class ActionChoose(VettedAction):
    """Answers the offered question that was picked; "yes" picks the first, "no" none."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_choose"

    def turn(self, tracker: Tracker) -> Turn:
        """The answer; the list again where there is no such place; "what else?" where nothing was picked or offered."""
        offered = [one for one in tracker.get_slot("offered") or [] if one not in HELPFUL]
        intent = intent_of(tracker)
        if intent == "deny" or not offered:
            return Turn((self.replies.what_else(),))
        place = 0 if intent == "affirm" else place_of(tracker.latest_message.get("text") or "")
        if place is None or place >= len(offered):
            return Turn((self.replies.which_one(offered),))
        return self._picked(offered[place], tracker)

    def _picked(self, payload: str, tracker: Tracker) -> Turn:
        if payload in OWN_WORDS:
            return Turn((self.replies.own_words(payload),))
        topic = payload.removeprefix("/ask_")
        return Turn((self.answer(tracker, topic),), topic=topic)

"""The bot's custom actions, one a file; the action server finds them here."""

from actions.answer_question import ActionAnswerQuestion
from actions.cannot_answer import ActionCannotAnswer
from actions.choose import ActionChoose
from actions.escalate import ActionEscalate
from actions.explain import ActionExplain
from actions.feedback import ActionFeedback
from actions.follow_up import ActionFollowUp
from actions.offer_contact import ActionOfferContact
from actions.own_words import ActionOwnWords
from baclofen_faq import logs

logs.configure()  # the action server has set up its own lines by now
logs.log_unhandled()

__all__ = [
    "ActionAnswerQuestion",
    "ActionCannotAnswer",
    "ActionChoose",
    "ActionEscalate",
    "ActionExplain",
    "ActionFeedback",
    "ActionFollowUp",
    "ActionOfferContact",
    "ActionOwnWords",
]

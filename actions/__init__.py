"""The bot's custom actions, one a file; the action server finds them here."""

from actions.answer_question import ActionAnswerQuestion
from actions.cannot_answer import ActionCannotAnswer
from actions.escalate import ActionEscalate

__all__ = ["ActionAnswerQuestion", "ActionCannotAnswer", "ActionEscalate"]

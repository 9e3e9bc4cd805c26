"""The log, what staff say of it, and the outbox on the way to it."""

from service.conversations.models.log import (
    NEW_SESSION_AFTER,
    Conversation,
    Erasure,
    Message,
)
from service.conversations.models.outbox import Entry, OutboxRouter
from service.conversations.models.review import Alert, Change, Control, Note, Reason, Risk, SecondLook, State, Verdict

__all__ = [
    "NEW_SESSION_AFTER",
    "Alert",
    "Change",
    "Control",
    "Conversation",
    "Entry",
    "Erasure",
    "Message",
    "Note",
    "OutboxRouter",
    "Reason",
    "Risk",
    "SecondLook",
    "State",
    "Verdict",
]

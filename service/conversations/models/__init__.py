"""The log, what staff say of it, and the outbox on the way to it."""

from service.conversations.models.hand_off import CLOSES_AFTER, HandOff
from service.conversations.models.log import (
    NEW_SESSION_AFTER,
    Conversation,
    Erasure,
    Message,
)
from service.conversations.models.outbox import Entry, OutboxRouter
from service.conversations.models.parcel import OptOut, Parcel
from service.conversations.models.review import Alert, Change, Control, Note, Reason, Risk, SecondLook, State, Verdict

__all__ = [
    "CLOSES_AFTER",
    "NEW_SESSION_AFTER",
    "Alert",
    "Change",
    "Control",
    "Conversation",
    "Entry",
    "Erasure",
    "HandOff",
    "Message",
    "Note",
    "OptOut",
    "OutboxRouter",
    "Parcel",
    "Reason",
    "Risk",
    "SecondLook",
    "State",
    "Verdict",
]

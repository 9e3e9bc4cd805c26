"""One message to send, and what its buttons may carry."""

from dataclasses import dataclass
from enum import Enum

YES_OR_NO = {"/affirm": "Yes", "/deny": "No"}
HELPFUL = {
    "/feedback_helpful": "Yes",
    "/feedback_not_helpful": "No",
    "/feedback_not_answered": "It didn't answer my question",
}
OWN_WORDS = {"/delete_conversation": "Delete this conversation", "/show_conversation": "Show me what I wrote"}


class Marker(str, Enum):
    """What the gateway is to do with the turn, beside sending the reply."""

    NOTHING = ""
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    NOT_ANSWERED = "not_answered"
    ERASE = "erase"
    SHOW = "show"
    HAND_OFF = "hand_off"


@dataclass(frozen=True)
class Button:
    """A next question: its title, and the payload that asks it (`/ask_<id>`)."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to send: the words, what they are, which wording of it (`version`), what else is to be done."""

    text: str
    level: str
    answer_id: str
    version: str
    buttons: tuple[Button, ...] = ()
    marker: Marker = Marker.NOTHING

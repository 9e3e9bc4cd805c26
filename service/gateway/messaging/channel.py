"""What a messaging channel is: four parts, the same for every platform."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse

from baclofen_faq.answers import Replies, Reply

Address = dict[str, Any]  # where a reply goes, as `send` takes it; plain JSON
Part = dict[str, Any]  # one message in the platform's own form, without where it goes; plain JSON


class Forged(Exception):
    """The request does not come from the platform, or is an old one sent again; nothing of it is looked at."""


class Malformed(ValueError):
    """The request comes from the platform, but is not of the form that its documentation gives."""


class TryLater(Exception):
    """A part could not be sent, and may be later: the platform is down, slow or asks to wait."""

    def __init__(self, why: str, after_seconds: float | None = None) -> None:
        """`why` in a word or a code, without the person's words; `after_seconds` where the platform named a time."""
        super().__init__(why)
        self.why, self.after_seconds = why, after_seconds


class CannotDeliver(Exception):
    """A part can never be sent: the person blocked the bot, the number does not exist, the form is refused."""

    def __init__(self, why: str) -> None:
        """`why` in a word or a code, without the person's words."""
        super().__init__(why)
        self.why = why


class Kind(str, Enum):
    """What somebody did."""

    WORDS = "words"  # wrote
    BUTTON = "button"  # pressed: the text is the payload
    EDITED = "edited"  # changed what they wrote: answered only where it is an emergency now
    UNREADABLE = "unreadable"  # sent a photo, a voice note, a place: is asked to write it
    STARTED = "started"  # opened the chat: is greeted
    STOP = "stop"  # wants no more messages
    START = "start"  # wants messages again
    HELP = "help"  # SMS only: asks who this is


@dataclass(frozen=True)
class Update:
    """One thing that somebody did, as a platform tells of it.

    Attributes:
        channel: as the log names it: telegram, slack, sms, whatsapp, facebook.
        id: the platform's own for it, the same in its retries.
        person: the platform's id of who did it, with the group's where it was in one. It is hashed, never stored.
        address: where the reply goes.
        text: the words, the payload, or for what has no words what it was, in brackets: "[photo]". Never empty.
        kind: what was done.
        is_brief: short texts are sent (SMS).
        is_private: nobody but the person reads the reply; False in groups.
    """

    channel: str
    id: str
    person: str
    address: Address
    text: str
    kind: Kind = Kind.WORDS
    is_brief: bool = False
    is_private: bool = True


@dataclass(frozen=True)
class Receipt:
    """What the platform says later of a part that it took; `reference` is the one that `send` was given."""

    reference: str
    is_delivered: bool
    why: str = ""


class Channel(Protocol):
    """A package `service.gateway.channels.<name>`, whose files are verify.py, parse.py, render.py and send.py."""

    def verify(self, request: HttpRequest) -> None:
        """Pass for a request that the platform signed.

        Raises:
            Forged: it did not, or the request is older than the platform's window.
        """

    def parse(self, request: HttpRequest) -> Sequence[Update | Receipt]:
        """What a verified request tells, in order; () for what needs no reply.

        Raises:
            Malformed: with one sentence.
        """

    def acknowledge(self, request: HttpRequest) -> HttpResponse:
        """What the platform is answered at once, for a request that was verified and parsed."""

    def render(self, replies: Sequence[Reply], texts: Replies) -> list[Part]:
        """The replies of one turn as the platform's messages, each within its limits; numbers run over the turn."""

    async def send(self, address: Address, part: Part, reference: str) -> None:
        """Hand one message to the platform; `reference` comes back in its Receipt.

        Raises:
            TryLater, CannotDeliver.
        """

    async def set_webhook(self, url: str) -> str:
        """Tell the platform where the bot is; what was done, or what is left to do by hand, in words for a person.

        Raises:
            TryLater, CannotDeliver.
        """

"""Hand-offs in the log: opened for a person, written in by the clinic's staff, closed."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from baclofen_faq.answers import STAFF
from baclofen_faq.redaction import redact
from service.conversations.models import Conversation, HandOff, Message, OptOut

Change = Callable[[bytes, str], bytes]


class NotOpen(Exception):
    """No such conversation is handed off, or not any more."""


class Stopped(Exception):
    """The person wrote STOP."""


class Late(Exception):
    """It could not be opened in time, and so was not."""


@dataclass(frozen=True)
class StaffReply:
    """A reply of the staff, as it came.

    Attributes:
        id: the desk's own for it, the same when it is sent again.
        number: of the conversation, as the desk was told.
        text: their own words.
    """

    id: str
    number: int
    channel: str
    text: str

    @property
    def message_id(self) -> str:
        """As the log names it; no message of a person is named so."""
        return f"{STAFF}:{self.id}"


@dataclass(frozen=True)
class Kept:
    """A reply that the log has, with what is needed to send it; `is_owed`: nobody is known to have sent it yet."""

    conversation: str
    sealed: bytes
    is_owed: bool


def open_hand_off(channel: str, conversation: str, sealed: bytes, until: float) -> None:
    """Have the desk told of a conversation from now on; one that is open already stays so.

    Args:
        channel: as the log names it.
        conversation: its key.
        sealed: where replies of the staff go; empty for the chat box, which asks for them.
        until: by time.monotonic(); later nothing is opened, as the person was told so.

    Raises:
        Late: it took too long.
    """
    now = timezone.now()
    with transaction.atomic():
        found = HandOff.objects.select_for_update().filter(channel=channel, conversation=conversation).first()
        one = found or HandOff(channel=channel, conversation=conversation, opened_at=now)
        if not (found and found.is_open(now)):
            one.opened_at, one.is_announced, one.closed_at = now, False, None
        one.sealed = sealed or one.sealed
        one.last_at, one.tries, one.next_try_at = now, 0, now
        one.save()
        if time.monotonic() > until:
            raise Late


@transaction.atomic
def keep(reply: StaffReply, delivery: str, phone_country: str | None, sealing: Change | None = None) -> Kept:
    """Write a reply of the staff into the log, redacted; one that is there already stays as it is.

    Args:
        reply: as it came.
        delivery: how far the new message is.
        phone_country: whose national phone numbers are redacted.
        sealing: what becomes of the hand-off's sealed content with it; called with that and the message's id.

    Raises:
        NotOpen, Stopped: it is not to be sent.
    """
    hand_off, conversation = _open(reply.number, reply.channel)
    if OptOut.objects.filter(channel=conversation.channel, conversation=conversation.key).exists():
        raise Stopped
    now = timezone.now()
    message, is_new = Message.objects.get_or_create(
        conversation=conversation,
        message_id=reply.message_id,
        defaults={
            "direction": Message.Direction.OUT,
            "said_at": now,
            "text": redact(reply.text, phone_country).text,
            "level": "none",
            "answer_id": STAFF,
            "delivery": delivery,
        },
    )
    if is_new:
        hand_off.last_at = now
        hand_off.sealed = sealing(bytes(hand_off.sealed), reply.message_id) if sealing else hand_off.sealed
        hand_off.save(update_fields=["last_at", "sealed"])
    return Kept(conversation.key, bytes(hand_off.sealed), message.delivery == Message.Delivery.ON_ITS_WAY)


@transaction.atomic
def close(id: str, number: int, channel: str) -> None:
    """End a hand-off at the desk's wish; the same request again ends no later one.

    Raises:
        NotOpen: there is none.
    """
    if HandOff.objects.filter(number=number, channel=channel, closed_by=id).exists():
        return
    hand_off, _ = _open(number, channel)
    hand_off.close(timezone.now())
    hand_off.closed_by = id
    hand_off.save()


def open_with(channel: str, conversation: str) -> HandOff | None:
    """The hand-off of a conversation; None where it is not open."""
    found = HandOff.objects.filter(channel=channel, conversation=conversation).first()
    return found if found and found.is_open(timezone.now()) else None


def erase_hand_off(channel: str, conversation: str, at: datetime) -> None:
    """Forget the hand-off of a conversation that is erased up to then; a desk that knows of it is still to be told."""
    opened = HandOff.objects.filter(channel=channel, conversation=conversation, opened_at__lte=at)
    found = opened.select_for_update().first()
    if found is None:
        return
    if found.number is None:
        found.delete()
        return
    now = timezone.now()
    found.close(now)
    found.conversation, found.erased_at, found.tries, found.next_try_at = "", now, 0, now
    found.save()


def _open(number: int, channel: str) -> tuple[HandOff, Conversation]:
    """An open hand-off and its conversation, which nobody else changes until the transaction ends.

    The conversation is locked first, as an erasure does.
    """
    conversation = Conversation.objects.select_for_update().filter(pk=number, channel=channel).first()
    if conversation is None:
        raise NotOpen
    found = HandOff.objects.select_for_update().filter(channel=channel, conversation=conversation.key).first()
    if found is None or not found.is_open(timezone.now()):
        raise NotOpen
    return found, conversation

"""A conversation as it is stored in log and outbox, for the person who has it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from baclofen_faq.answers import STAFF, Reply
from service.conversations.models import Entry, Message
from service.conversations.record import replies_of, reply_of

BEING_ANSWERED = timedelta(seconds=10)  # after that a turn without replies has none: its process was killed


@dataclass(frozen=True)
class Turn:
    """A message of the person, redacted, and the replies to it as sent; or what staff wrote, with no text before it."""

    message_id: str
    text: str
    said_at: datetime
    answered_at: datetime | None
    replies: tuple[Reply, ...]


def turns(channel: str, key: str, at: datetime) -> list[Turn]:
    """The turns of a conversation at that time, oldest first, up to one that is still being answered."""
    return list(takewhile(lambda turn: turn.replies or at - turn.said_at > BEING_ANSWERED, _stored(channel, key)))


def _stored(channel: str, key: str) -> list[Turn]:
    # The outbox before the log, so that a turn that is moved meanwhile is in one of them.
    due = list(Entry.objects.filter(channel=channel, conversation=key, moved_at=None))
    said = Message.objects.filter(conversation__channel=channel, conversation__key=key)
    logged = said.filter(direction=Message.Direction.IN).prefetch_related("replies").order_by("id")
    stored = {str(message.message_id): _logged(message) for message in logged}
    turns = list((stored | {entry.message_id: _waiting(entry) for entry in due}).values())
    for message in said.filter(answer_id=STAFF).order_by("said_at", "id"):
        _put_in(turns, _of_staff(message))
    return turns


def _put_in(turns: list[Turn], one: Turn) -> None:
    """After the last turn that began before it: so it keeps its place when a turn is moved from outbox to log."""
    places = range(len(turns), 0, -1)
    turns.insert(next((place for place in places if turns[place - 1].said_at <= one.said_at), 0), one)


def _of_staff(message: Message) -> Turn:
    return Turn(str(message.message_id), "", message.said_at, message.said_at, (reply_of(message),))


def _logged(message: Message) -> Turn:
    replies = sorted(message.replies.all(), key=lambda reply: reply.position)
    answered_at = replies[0].said_at if replies else None
    return Turn(
        str(message.message_id), message.text, message.said_at, answered_at, tuple(reply_of(one) for one in replies)
    )


def _waiting(entry: Entry) -> Turn:
    text, replies = entry.inbound["text"], tuple(replies_of(entry))
    return Turn(entry.message_id, text, entry.received_at, entry.answered_at, replies)

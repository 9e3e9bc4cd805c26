"""The log: moving turns into it, once each, and reading back what the next message needs."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from baclofen_faq.answers import Button, Reply
from baclofen_faq.triage import NOTHING_BEFORE, Context, Told
from service.conversations.models import Conversation, Entry, Erasure, Message

ENTRIES_THAT_COUNT = 200
Known = tuple[Conversation | None, list[Reply]]
NOTHING_KNOWN: Known = (None, [])


@transaction.atomic
def move(entry: Entry) -> bool:
    """Write one turn of the outbox to the log; a turn that is there already changes nothing.

    Returns:
        False where the conversation was erased after the message came: nothing is written then.
    """
    if _is_erased(entry):
        return False
    begun = dict.fromkeys(("started_at", "last_at", "session_began_at"), entry.received_at)
    key = {"channel": entry.channel, "key": entry.conversation}
    Conversation.objects.get_or_create(**key, defaults=begun)
    conversation = Conversation.objects.select_for_update().get(**key)
    inbound, is_new = Message.objects.get_or_create(
        conversation=conversation,
        message_id=entry.message_id,
        defaults={"direction": Message.Direction.IN, "said_at": entry.received_at, **entry.inbound},
    )
    if is_new:
        conversation.hear(Told.from_json(entry.told), entry.received_at)
        conversation.save()
    if entry.replies and not inbound.replies.exists():
        Message.objects.bulk_create(_messages(entry, inbound))
    return True


def _messages(entry: Entry, inbound: Message) -> Iterable[Message]:
    for position, reply in enumerate(entry.replies):
        yield Message(
            conversation=inbound.conversation,
            direction=Message.Direction.OUT,
            in_reply_to=inbound,
            position=position,
            said_at=entry.answered_at,
            triage_version=inbound.triage_version,
            model_version=entry.model_version,
            **reply,
        )


def conversation_hash(channel: str, key: str) -> str:
    """What is kept of an erased conversation's name."""
    return hashlib.sha256(f"{channel}:{key}".encode()).hexdigest()


def _is_erased(entry: Entry) -> bool:
    name = conversation_hash(entry.channel, entry.conversation)
    return Erasure.objects.filter(conversation_hash=name, erased_at__gte=entry.received_at).exists()


def recall(channel: str, key: str, message_id: str) -> Known:
    """A conversation as the log has it, and what was said to that message_id before ([] where it is new)."""
    conversation = Conversation.objects.filter(channel=channel, key=key).first()
    if conversation is None:
        return NOTHING_KNOWN
    said = Message.objects.filter(in_reply_to__conversation=conversation, in_reply_to__message_id=message_id)
    return conversation, [_reply(message) for message in said]


def recall_entries(channel: str, key: str) -> list[Entry]:
    """The conversation's last turns in the outbox, oldest first."""
    entries = Entry.objects.filter(channel=channel, conversation=key).order_by("-id")
    return list(entries[:ENTRIES_THAT_COUNT])[::-1]


def context_after(base: Conversation | None, heard: Sequence[Entry], at: datetime) -> tuple[Context, int]:
    """The context, and the number of turns before, for a message of that time.

    Args:
        base: the conversation as the log has it; None where it has none, or is not reached.
        heard: turns of the outbox, oldest first; those that the log has already change nothing.
        at: when the message came.
    """
    if base is None and not heard:
        return NOTHING_BEFORE, 0
    conversation = base or Conversation.begun("", "", heard[0].received_at)
    known_until = base.last_at if base else None
    for entry in heard:
        if known_until is None or entry.received_at > known_until:
            conversation.hear(Told.from_json(entry.told), entry.received_at)
    return conversation.context(at), conversation.turns


def reply_as_json(reply: Reply) -> dict[str, Any]:
    """A reply as an entry keeps it: the columns of a Message."""
    return {
        "text": reply.text,
        "level": reply.level,
        "answer_id": reply.answer_id,
        "answer_version": reply.version,
        "buttons": [{"title": button.title, "payload": button.payload} for button in reply.buttons],
    }


def replies_of(entry: Entry) -> list[Reply]:
    """What was said to an entry's message; [] where it is not answered."""
    return [_reply(Message(**reply)) for reply in entry.replies or []]


def _reply(message: Message) -> Reply:
    buttons = tuple(Button(**button) for button in message.buttons)
    return Reply(message.text, message.level, message.answer_id, message.answer_version, buttons)

"""The log: moving turns into it, once each, and reading back what the next message needs."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from baclofen_faq.answers import STAFF, Button, Marker, Reply
from baclofen_faq.redaction import redact
from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Context, Told, triage_version
from service.conversations import attention
from service.conversations.models import NEW_SESSION_AFTER, Alert, Conversation, Entry, Erasure, Message, Risk

ENTRIES_THAT_COUNT = 40
Known = tuple[Conversation | None, list[Reply]]
NOTHING_KNOWN: Known = (None, [])
NOT_KEPT = "[not kept: redaction failed]"  # in place of the words
NOT_OF_THE_LOG = ("id", "channel", "key", "is_demo", "is_flagged", "assignee", "reviewer", "reviewed_at")


@transaction.atomic
def move(entries: Sequence[Entry]) -> bool:
    """Write turns of the outbox to the log, in their order; those that are there already change nothing.

    Returns:
        False, and nothing is written, where a conversation of them was erased meanwhile.
    """
    conversations = _conversations(entries)
    known = Message.objects.filter(
        conversation__in=[one for one in conversations.values() if one.pk],
        message_id__in={entry.message_id for entry in entries},
    )
    there = {(message.conversation_id, message.message_id): message for message in known}
    answered = set(Message.objects.filter(in_reply_to__in=known).values_list("in_reply_to", flat=True))
    new = [entry for entry in entries if (conversations[_name(entry)].pk, entry.message_id) not in there]
    late = [
        entry
        for entry in entries
        if entry.answered_at
        and (message := there.get((conversations[_name(entry)].pk, entry.message_id)))
        and message.pk not in answered
    ]
    risks = [(entry, _take_in(entry, conversations[_name(entry)])) for entry in new]
    risks += [(entry, attention.notice(conversations[_name(entry)], entry)) for entry in late]
    _save(conversations.values())
    Alert.objects.bulk_create(Alert.of(conversations[_name(entry)], risk) for entry, risk in risks if risk)
    for entry in entries:
        conversation = conversations[_name(entry)]
        message = there.get((conversation.pk, entry.message_id)) or _log_inbound(entry, conversation)
        if message.pk not in answered:
            _complete(message, entry)
            Message.objects.bulk_create(_replies(entry, message))
            _keep_feedback(entry, conversation)
    if erased(entries):
        transaction.set_rollback(True)
        return False
    return True


def _name(entry: Entry) -> tuple[str, str]:
    return entry.channel, entry.conversation


def _conversations(entries: Sequence[Entry]) -> dict[tuple[str, str], Conversation]:
    """The rows of the turns' conversations, which nobody else changes until the transaction ends; new ones unsaved."""
    rows = Conversation.objects.filter(
        channel__in={e.channel for e in entries}, key__in={e.conversation for e in entries}
    )
    known = {(row.channel, row.key): row for row in rows.select_for_update().order_by("pk")}
    begun = {_name(entry): Conversation.begun(*_name(entry), entry.received_at) for entry in reversed(entries)}
    return {name: known.get(name) or begun[name] for name in begun}


def _take_in(entry: Entry, conversation: Conversation) -> Risk | None:
    """A turn into its conversation: what its next messages need, what staff need; a risk to alert them of."""
    if conversation.pk is None and not conversation.turns:
        attention.begin(conversation)
    risk = attention.notice(conversation, entry)
    conversation.hear(Told.from_json(entry.told), entry.received_at)
    conversation.second_look_by = ""  # what is new in it was not judged again yet
    return risk


def _save(conversations: Iterable[Conversation]) -> None:
    """Insert the new ones, update the others."""
    names = [field.name for field in Conversation._meta.concrete_fields if field.name not in NOT_OF_THE_LOG]
    new = [one for one in conversations if one.pk is None]
    Conversation.objects.bulk_create(new)
    for one in conversations:
        if one not in new:  # one by one: bulk_update compiles a CASE for every column of every row
            one.save(update_fields=names)


def _log_inbound(entry: Entry, conversation: Conversation) -> Message:
    return Message.objects.create(
        conversation=conversation,
        message_id=entry.message_id,
        direction=Message.Direction.IN,
        said_at=entry.received_at,
        **entry.inbound,
        **attention.measured(entry),
    )


def _complete(message: Message, entry: Entry) -> None:
    """What was measured of a turn that the log had before it was answered."""
    measured = attention.measured(entry)
    if measured and message.latency_ms is None:
        Message.objects.filter(pk=message.pk).update(**measured)


def _replies(entry: Entry, inbound: Message) -> Iterable[Message]:
    for position, reply in enumerate(entry.replies or []):
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


def _keep_feedback(entry: Entry, conversation: Conversation) -> None:
    """Put what a turn says of an earlier answer with that answer."""
    if entry.feedback is None:
        return
    said = Message.objects.filter(
        conversation=conversation,
        direction=Message.Direction.OUT,
        answer_id=entry.feedback["answer_id"],
        said_at__lt=entry.received_at,
    )
    answer = said.order_by("-said_at", "position").first()
    if answer:
        Message.objects.filter(pk=answer.pk).update(feedback=entry.feedback["said"])


def conversation_hash(receipt: str, channel: str, key: str) -> str:
    """What is kept of an erased conversation's name, salted with its receipt."""
    return hashlib.sha256(f"{receipt}:{channel}:{key}".encode()).hexdigest()


def erased(entries: Sequence[Entry]) -> set[int]:
    """The numbers of the turns whose conversation was erased after their message came."""
    since = min((entry.received_at for entry in entries), default=None)
    erasures = list(Erasure.objects.filter(erased_at__gte=since)) if since else []
    return {
        entry.pk
        for entry in entries
        for erasure in erasures
        if entry.received_at <= erasure.erased_at
        and erasure.conversation_hash == conversation_hash(erasure.receipt, entry.channel, entry.conversation)
    }


def recall(channel: str, key: str, message_id: str) -> Known:
    """A conversation as the log has it, and what was said to that message_id before ([] where it is new)."""
    conversation = Conversation.objects.filter(channel=channel, key=key).first()
    if conversation is None:
        return NOTHING_KNOWN
    said = Message.objects.filter(in_reply_to__conversation=conversation, in_reply_to__message_id=message_id)
    return conversation, [reply_of(message) for message in said]


def offered_last(channel: str, key: str) -> list[Button]:
    """The buttons of the last answered turn, in their order; of the outbox, else of the log.

    [] where the clinic's staff wrote since: a number answers them then.
    """
    entry = Entry.objects.filter(channel=channel, conversation=key, answered_at__isnull=False).order_by("-id").first()
    said = Message.objects.filter(conversation__channel=channel, conversation__key=key, direction=Message.Direction.OUT)
    last = said.order_by("-said_at").first()
    is_of_staff = last is not None and last.answer_id == STAFF
    if last and is_of_staff and (entry is None or entry.answered_at is None or last.said_at > entry.answered_at):
        return []
    if entry:
        return buttons_of(entry)
    together = said.filter(in_reply_to=last.in_reply_to).order_by("position") if last else said.none()
    return [button for message in together for button in reply_of(message).buttons]


def buttons_of(entry: Entry) -> list[Button]:
    """All buttons of a turn, in their order."""
    return [button for reply in replies_of(entry) for button in reply.buttons]


def recall_entries(channel: str, key: str, message_id: str) -> list[Entry]:
    """The conversation's last turns in the outbox, oldest first; replies only of the one with that message_id."""
    entries = Entry.objects.filter(channel=channel, conversation=key)
    lately = reversed(entries.defer("inbound", "replies").order_by("-id")[:ENTRIES_THAT_COUNT])
    return [entry if entry.message_id != message_id else entries.get(pk=entry.pk) for entry in lately]


def context_after(base: Conversation | None, heard: Sequence[Entry], at: datetime) -> tuple[Context, int]:
    """The context, and the number of turns before, for a message of that time.

    Args:
        base: the conversation as the log has it; None where it has none, or is not reached.
        heard: turns of the outbox, oldest first; those that were moved to the log change nothing where it is reached.
        at: when the message came.
    """
    if base is None and not heard:
        return NOTHING_BEFORE, 0
    conversation = base or Conversation.begun("", "", heard[0].received_at)
    for entry in heard:
        if base is None or entry.moved_at is None:
            conversation.hear(Told.from_json(entry.told), entry.received_at)
    return conversation.context(at), conversation.turns


def message_as_json(text: str, assessment: Assessment, phone_country: str | None) -> dict[str, Any]:
    """A message as an entry keeps it: without identifiers; start and end of the findings count its characters.

    Args:
        text: as typed.
        assessment: of that text.
        phone_country: whose national phone numbers are redacted ("US"); None: numbers with a country code only.
    """
    redacted = redact(text, phone_country)
    findings = [
        {
            "symptom": finding.symptom,
            "status": finding.status.value,
            "level": finding.level.value,
            "phrase": finding.phrase,
            "start": redacted.offset(finding.start),
            "end": redacted.offset(finding.end),
        }
        for finding in assessment.findings
    ]
    level, version = assessment.level.value, triage_version()
    return {"text": redacted.text, "level": level, "findings": findings, "triage_version": version}


def reply_as_json(reply: Reply) -> dict[str, Any]:
    """A reply as an entry keeps it: the columns of a Message."""
    return {
        "text": reply.text,
        "level": reply.level,
        "answer_id": reply.answer_id,
        "answer_version": reply.version,
        "buttons": [{"title": button.title, "payload": button.payload} for button in reply.buttons],
    }


def feedback_of(replies: Sequence[Reply]) -> dict[str, str] | None:
    """What a turn says of an earlier answer, as an entry keeps it; None where it says nothing."""
    said = (Marker.HELPFUL, Marker.NOT_HELPFUL, Marker.NOT_ANSWERED)
    marked = [reply for reply in replies if reply.marker in said]
    return {"answer_id": marked[0].answer_id, "said": marked[0].marker.value} if marked else None


def session_words(channel: str, key: str) -> list[str]:
    """What the person wrote in the present session, oldest first, as it is stored in log and outbox; at most 40."""
    # The outbox before the log, so that a turn that is moved meanwhile is in one of them.
    due = list(Entry.objects.filter(channel=channel, conversation=key, moved_at=None))
    logged = Message.objects.filter(
        conversation__channel=channel, conversation__key=key, direction=Message.Direction.IN
    ).values_list("said_at", "message_id", "text")
    said = {(at, id): text for at, id, text in logged.order_by("-said_at")[:ENTRIES_THAT_COUNT]}
    said |= {(entry.received_at, entry.message_id): entry.inbound["text"] for entry in due}
    words: list[str] = []
    before = None
    for (at, _), text in sorted(said.items(), reverse=True)[:ENTRIES_THAT_COUNT]:
        if before and before - at >= NEW_SESSION_AFTER:
            break
        words.insert(0, text)
        before = at
    return words


def replies_of(entry: Entry) -> list[Reply]:
    """What was said to an entry's message; [] where it is not answered."""
    return [reply_of(Message(**reply)) for reply in entry.replies or []]


def reply_of(message: Message) -> Reply:
    """A stored message as the reply that was sent."""
    buttons = tuple(Button(**button) for button in message.buttons)
    return Reply(message.text, message.level, message.answer_id, message.answer_version, buttons)

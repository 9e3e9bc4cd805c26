"""Writing the log and reading it back for a repeated message."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from baclofen_faq.answers import Button, Reply
from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Context, Level, Route, after
from service.conversations.models import Conversation, Message

OPEN_FOR = timedelta(hours=12)
NEW_SESSION_AFTER = timedelta(minutes=30)
SESSIONS_COUNT_FOR = timedelta(hours=24)


def earlier_replies(inbound: Message) -> list[Reply]:
    """What was said to this message before; [] while it is still being answered."""
    return [_reply(message) for message in inbound.replies.all()]


def context_of(channel: str, key: str) -> Context:
    """What was said before in a conversation; nothing where it is new or was silent for 12 hours."""
    conversation = Conversation.objects.filter(channel=channel, key=key).first()
    return _context(conversation) if conversation else NOTHING_BEFORE


@transaction.atomic
def record_inbound(channel: str, key: str, message_id: str, text: str, assessment: Assessment) -> tuple[Message, bool]:
    """Log what a person said, redacted already; (message, False) for a message_id that came before."""
    conversation, _ = Conversation.objects.get_or_create(channel=channel, key=key)
    findings = [{"symptom": finding.symptom, "status": finding.status.value} for finding in assessment.findings]
    message, is_new = Message.objects.get_or_create(
        conversation=conversation,
        message_id=message_id,
        defaults={
            "direction": Message.Direction.IN,
            "text": text,
            "level": assessment.level.value,
            "findings": findings,
        },
    )
    if is_new:
        _remember(conversation, assessment, after(assessment, text, _context(conversation)))
    return message, is_new


def _context(conversation: Conversation) -> Context:
    now, route = timezone.now(), Route(conversation.route)
    begun, is_new = _session(conversation, now)
    is_recent = now - conversation.last_at <= OPEN_FOR
    return Context(
        open_level=Level(conversation.open_level) if is_recent else Level.NONE,
        symptoms=tuple(conversation.open_symptoms) if is_recent else (),
        route=route,
        is_asked=conversation.is_asked and not is_new,
        after_crisis=conversation.after_crisis and not is_new,
        earlier_advisories=len([one for one in _advisories(conversation, now) if one != begun]),
    )


def _session(conversation: Conversation, now: datetime) -> tuple[datetime, bool]:
    """When the session that a message of now belongs to began, and whether this message begins it."""
    is_new = now - conversation.last_at >= NEW_SESSION_AFTER
    return (now, True) if is_new else (conversation.session_began_at, False)


def _advisories(conversation: Conversation, now: datetime) -> list[datetime]:
    """When the sessions with an advisory of the last 24 hours began."""
    begun = map(datetime.fromisoformat, conversation.advisory_sessions)
    return [one for one in begun if now - one <= SESSIONS_COUNT_FOR]


def _remember(conversation: Conversation, assessment: Assessment, context: Context) -> None:
    now = timezone.now()
    conversation.session_began_at, _ = _session(conversation, now)
    advisories = set(_advisories(conversation, now))
    if assessment.level is Level.ADVISORY and assessment.is_of_words:
        advisories.add(conversation.session_began_at)
    conversation.advisory_sessions = [one.isoformat() for one in sorted(advisories)]
    conversation.open_level = context.open_level.value
    conversation.open_symptoms = list(context.symptoms)
    conversation.route = context.route.value
    conversation.is_asked = context.is_asked
    conversation.after_crisis = context.after_crisis
    conversation.save()


@transaction.atomic
def record_replies(inbound: Message, replies: Sequence[Reply]) -> None:
    """Log what was said to an inbound message, exactly as sent."""
    for reply in replies:
        Message.objects.create(
            conversation=inbound.conversation,
            direction=Message.Direction.OUT,
            in_reply_to=inbound,
            text=reply.text,
            level=reply.level,
            answer_id=reply.answer_id,
            answer_version=reply.version,
            buttons=[asdict(button) for button in reply.buttons],
        )


def turns_before(inbound: Message) -> int:
    """How many messages the person sent before this one."""
    earlier = inbound.conversation.messages.filter(direction=Message.Direction.IN, pk__lt=inbound.pk)
    return earlier.count()


def _reply(message: Message) -> Reply:
    buttons = tuple(Button(**button) for button in message.buttons)
    return Reply(message.text, message.level, message.answer_id, message.answer_version, buttons)

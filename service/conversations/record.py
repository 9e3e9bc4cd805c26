"""Writing the log and reading it back for a repeated message."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from baclofen_faq.answers import Button, Reply
from baclofen_faq.triage import Assessment
from service.conversations.models import Conversation, Message


def earlier_replies(channel: str, key: str, message_id: str) -> list[Reply] | None:
    """What was said to this message before; None for a message that was not seen yet."""
    seen = Message.objects.filter(conversation__channel=channel, conversation__key=key, message_id=message_id).first()
    return [_reply(message) for message in seen.replies.all()] if seen else None


def record_inbound(channel: str, key: str, message_id: str, text: str, assessment: Assessment) -> Message:
    """Log what a person said; `text` is redacted already."""
    conversation, _ = Conversation.objects.get_or_create(channel=channel, key=key)
    findings = [{"symptom": finding.symptom, "status": finding.status.value} for finding in assessment.findings]
    return Message.objects.create(
        conversation=conversation,
        direction=Message.Direction.IN,
        message_id=message_id,
        text=text,
        level=assessment.level.value,
        findings=findings,
    )


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

"""Writing the log and reading it back for a repeated message."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from baclofen_faq.answers import Button, Reply
from baclofen_faq.triage import Assessment
from service.conversations.models import Conversation, Message


def earlier_replies(inbound: Message) -> list[Reply]:
    """What was said to this message before; [] while it is still being answered."""
    return [_reply(message) for message in inbound.replies.all()]


def record_inbound(channel: str, key: str, message_id: str, text: str, assessment: Assessment) -> tuple[Message, bool]:
    """Log what a person said, redacted already; (message, False) for a message_id that came before."""
    conversation, _ = Conversation.objects.get_or_create(channel=channel, key=key)
    findings = [{"symptom": finding.symptom, "status": finding.status.value} for finding in assessment.findings]
    return Message.objects.get_or_create(
        conversation=conversation,
        message_id=message_id,
        defaults={
            "direction": Message.Direction.IN,
            "text": text,
            "level": assessment.level.value,
            "findings": findings,
        },
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

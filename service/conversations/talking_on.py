"""A conversation that was erased while its person wrote on: of what staff had of it nothing stays."""

from collections.abc import Iterable

from django.utils import timezone

from baclofen_faq.triage import Told
from service.conversations import attention
from service.conversations.models import Alert, Conversation, Entry, Message, Risk


def begin_anew(conversation: Conversation) -> None:
    """Make the row as if its messages, of which the old ones are deleted, were all that was ever said in it."""
    said = conversation.messages.filter(direction=Message.Direction.IN)
    first = conversation.messages.earliest("said_at", "id").said_at
    conversation.notes.filter(written_at__lt=first).delete()
    conversation.alerts.filter(raised_at__lt=first).delete()
    anew = Conversation.begun(conversation.channel, conversation.key, first)
    anew.is_demo = conversation.is_demo
    attention.begin(anew)
    turns = Entry.objects.filter(channel=anew.channel, conversation=anew.key)
    risk = _hear(anew, turns.filter(message_id__in=list(said.values_list("message_id", flat=True))).order_by("id"))
    anew.pk = conversation.pk
    anew.save(force_update=True)
    if risk and not anew.alerts.exists():
        now = timezone.now()
        Alert.objects.create(conversation=anew, risk=risk, raised_at=now, next_try_at=now)


def _hear(conversation: Conversation, turns: Iterable[Entry]) -> Risk | None:
    """Take in turns that the log has; the gravest risk of them that staff are to be alerted of."""
    risks = []
    for turn in turns:
        risks.append(attention.notice(conversation, turn))
        conversation.hear(Told.from_json(turn.told), turn.received_at)
    return max((risk for risk in risks if risk), default=None)

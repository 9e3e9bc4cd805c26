"""A conversation that was erased while its person wrote on: of what staff had of it nothing stays."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from baclofen_faq.triage import Told
from service.conversations import attention
from service.conversations.deliveries import NOT_DELIVERED
from service.conversations.models import Alert, Conversation, Entry, Message, Parcel, Risk


def begin_anew(conversation: Conversation) -> None:
    """Make the row as if its messages, of which the old ones are deleted, were all that was ever said in it."""
    said = conversation.messages.filter(direction=Message.Direction.IN)
    first = conversation.messages.earliest("said_at", "id").said_at
    conversation.notes.filter(written_at__lt=first).delete()
    conversation.alerts.filter(raised_at__lt=first).delete()
    anew = Conversation.begun(conversation.channel, conversation.key, first)
    anew.is_demo = conversation.is_demo
    attention.begin(anew)
    of_it = {"channel": anew.channel, "conversation": anew.key}
    of_it["message_id__in"] = list(said.values_list("message_id", flat=True))
    risks = [*_hear(anew, Entry.objects.filter(**of_it).order_by("id"))]
    risks += _miss(anew, Parcel.objects.filter(**of_it, logged_status__in=NOT_DELIVERED))
    risk = max((risk for risk in risks if risk), default=None)
    anew.pk = conversation.pk
    anew.save(force_update=True)
    if risk and not anew.alerts.exists():
        Alert.of(anew, risk).save()


def _hear(conversation: Conversation, turns: Iterable[Entry]) -> Iterator[Risk | None]:
    """Take in turns that the log has; the risks of them that staff are to be alerted of."""
    for turn in turns:
        yield attention.notice(conversation, turn)
        conversation.hear(Told.from_json(turn.told), turn.received_at)


def _miss(conversation: Conversation, parcels: Iterable[Parcel]) -> Iterator[Risk | None]:
    """Take in what did not reach its person, as far as the log has it; the same."""
    for parcel in parcels:
        yield attention.notice_undelivered(conversation, parcel.is_urgent, timezone.now())

"""From the queue of the messaging apps to the log: which replies reached their person. Staff see what did not."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from service.conversations import attention
from service.conversations.models import Alert, Conversation, Entry, Message, Parcel
from service.conversations.store_errors import Store, count_error

log = logging.getLogger(__name__)
PARCELS_AT_ONCE = 100
TURN_COMES_WITHIN = timedelta(minutes=1)  # while the outbox fails, only the memory of a process may hold a turn
NOT_DELIVERED = (Parcel.Status.LATE, Parcel.Status.UNDELIVERED)
DELIVERY: dict[Any, Any] = {
    Parcel.Status.ON_ITS_WAY: Message.Delivery.ON_ITS_WAY,
    Parcel.Status.LATE: Message.Delivery.UNDELIVERED,
    Parcel.Status.UNDELIVERED: Message.Delivery.UNDELIVERED,
    Parcel.Status.DELIVERED: Message.Delivery.SENT,
}
TOLD = ("state", "due_at", "first_review_at", "risk", "reasons", "had_reason")  # what `attention` changes
NAME = ("channel", "conversation", "message_id")  # of a turn, in the outbox
Name = tuple[str, str, str]


def log_deliveries() -> int:
    """Write into the log how far replies are, where it does not say so yet, and tell staff of what did not arrive.

    What the log does not have yet waits for a later call; what it will never have is passed over.

    Returns:
        Of how many parcels the log has the status from now on.

    Raises:
        OperationalError, InterfaceError: a database is not there; what was not written is written by the next call.
    """
    logged, last = 0, 0
    while parcels := list(_unlogged().filter(pk__gt=last)[:PARCELS_AT_ONCE]):
        logged += _log_or_alarm(parcels)
        last = parcels[-1].pk
    return logged


def _unlogged() -> QuerySet[Parcel]:
    """The parcels that the index `parcels_to_log` holds, in the order in which they came."""
    return Parcel.objects.exclude(status=F("logged_status")).defer("sealed").order_by("pk")


def _log_or_alarm(parcels: Sequence[Parcel]) -> int:
    """Log a batch; one that the log will not have holds up nobody."""
    try:
        logged = _log(parcels)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        count_error(Store.LOG)
        log.critical(
            "deliveries not logged", extra={"error": type(error).__name__, "parcels": [one.pk for one in parcels]}
        )
        return sum(_log_or_alarm([one]) for one in parcels) if len(parcels) > 1 else 0
    for status in {one.status for one in logged}:
        same = [one.pk for one in logged if one.status == status]
        Parcel.objects.filter(pk__in=same).update(logged_status=status)
    return len(logged)


def _log(parcels: Sequence[Parcel]) -> list[Parcel]:
    """Those that the log has now, and those that it will never have."""
    entries = Entry.objects.filter(**_of(parcels, *NAME)).only(*NAME, "moved_at")
    is_moved = {_name(one): one.moved_at is not None for one in entries}
    here = [one for one in parcels if is_moved.get(_name(one), True)]
    turns = _turns(here)
    written = _write([one for one in here if _name(one) in turns]) if turns else []
    return written + [one for one in here if _name(one) not in turns and _is_over(one, _name(one) in is_moved)]


def _is_over(parcel: Parcel, had_turn: bool) -> bool:
    """Of one whose turn the log does not have: whether that was erased, or there is none (STOP, HELP)."""
    ended_at = parcel.ended_at
    return ended_at is not None and (had_turn or timezone.now() - ended_at > TURN_COMES_WITHIN)


@transaction.atomic
def _write(parcels: Sequence[Parcel]) -> list[Parcel]:
    """Set the delivery of replies and tell staff of what did not arrive; those that it was done for."""
    rows = Conversation.objects.filter(**_of(parcels, "channel", "key")).select_for_update().order_by("pk")
    conversations = {row.pk: row for row in rows}
    turns = _turns(parcels, conversation__in=conversations)
    written, missed = [], []
    for parcel in parcels:
        message = turns.get(_name(parcel))
        if message is None or _waits_for_replies(parcel, message):
            continue
        written.append(parcel)
        if _mark(parcel, message):
            missed.append((parcel, conversations[message.conversation_id]))
    _tell_staff(missed)
    return written


def _waits_for_replies(parcel: Parcel, message: Message) -> bool:
    return parcel.status == Parcel.Status.ON_ITS_WAY and not _carried(message).exists()


def _carried(message: Message) -> QuerySet[Message]:
    """What a parcel of that name brings: the replies to a message of the person; what staff wrote, itself."""
    is_of_staff = message.direction == Message.Direction.OUT
    return Message.objects.filter(pk=message.pk) if is_of_staff else message.replies.all()


def _mark(parcel: Parcel, message: Message) -> bool:
    """Set the delivery of the replies to a message; whether staff do not know yet that these did not arrive."""
    delivery = DELIVERY.get(parcel.status, Message.Delivery.SENT)
    replies = _carried(message).exclude(delivery=delivery)
    if parcel.status == Parcel.Status.NOTHING_TO_SEND:
        replies = replies.filter(delivery=Message.Delivery.ON_ITS_WAY)
    changed = replies.update(delivery=delivery)
    is_missed = parcel.status in NOT_DELIVERED and parcel.logged_status not in NOT_DELIVERED
    return is_missed and (changed > 0 or not _carried(message).exists())


def _tell_staff(missed: Sequence[tuple[Parcel, Conversation]]) -> None:
    """Bring the conversations before staff, and alert them of emergencies."""
    now = timezone.now()
    risks = [(one, attention.notice_undelivered(one, parcel.is_urgent, now)) for parcel, one in missed]
    Conversation.objects.bulk_update({one.pk: one for _, one in missed}.values(), TOLD)
    Alert.objects.bulk_create(Alert.of(one, risk) for one, risk in risks if risk)


def _turns(parcels: Sequence[Parcel], **more: Any) -> dict[Name, Message]:
    """The messages that they answer, as far as the log has them."""
    named = _of(parcels, "conversation__channel", "conversation__key", "message_id")
    found = Message.objects.filter(**named, **more).select_related("conversation")
    return {(one.conversation.channel, one.conversation.key, str(one.message_id)): one for one in found}


def _name(parcel: Parcel | Entry) -> Name:
    return parcel.channel, parcel.conversation, parcel.message_id


def _of(parcels: Sequence[Parcel], *columns: str) -> dict[str, set[str]]:
    """A filter: the columns, in which the parts of a name stand in their order, hold those of these parcels."""
    names = [_name(one) for one in parcels]
    return {f"{column}__in": {name[place] for name in names} for place, column in enumerate(columns)}

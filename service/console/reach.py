"""Which replies of a conversation did not reach its person."""

import hashlib
from dataclasses import dataclass

from baclofen_faq.triage import Level
from service.conversations.models import Conversation, Message, Reason


@dataclass(frozen=True)
class Reach:
    """How far the replies are.

    Attributes:
        undelivered: how many did not arrive, as far as is known now.
        lacks_guidance: emergency guidance is among them.
        was_late: emergency guidance did not arrive at first; now nothing is known to be undelivered.
        token: changes with what did not arrive or is on its way; "" where everything is sent.
    """

    undelivered: int
    lacks_guidance: bool
    was_late: bool
    token: str


def reach_of(conversation: Conversation) -> Reach:
    """As the log has it now: by the index of the replies that are not sent."""
    not_sent = Message.objects.filter(conversation=conversation).exclude(delivery=Message.Delivery.SENT)
    rows = list(not_sent.order_by("pk").values_list("pk", "delivery", "level"))
    levels = [level for _, delivery, level in rows if delivery == Message.Delivery.UNDELIVERED]
    was_told = str(Reason.UNDELIVERED_EMERGENCY) in conversation.reasons
    return Reach(
        undelivered=len(levels),
        lacks_guidance=Level.EMERGENCY.value in levels or bool(levels and was_told),
        was_late=was_told and not levels,
        token=hashlib.sha256(repr(rows).encode()).hexdigest()[:12] if rows else "",
    )

"""What people wrote before they got an answer. Reading it is recorded."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from baclofen_faq.answers import Vetted
from service.console import audit
from service.console.sent import beside_answers
from service.console.topics import button_title
from service.conversations.models import Message

MOST_SHOWN = 50
READ = "questions before an answer read"


@dataclass(frozen=True)
class Asked:
    """One message of a person that got the answer; `button` is what they pressed instead of writing, or ""."""

    number: int
    conversation: int
    at: datetime
    text: str
    button: str
    level: str
    is_demo: bool


@transaction.atomic
def read_asked_before(vetted: Vetted, answer_id: str, who: str) -> list[Asked]:
    """The last 50 messages that got this answer, newest first; recorded before they are given."""
    sent = Message.objects.filter(answer_id=answer_id).exclude(answer_version__in=beside_answers(vetted))
    last = sent.order_by("-pk").values_list("in_reply_to", flat=True)[: 2 * MOST_SHOWN]
    numbers = list(dict.fromkeys(last))[:MOST_SHOWN]
    found = Message.objects.filter(pk__in=numbers).select_related("conversation").order_by("-pk")
    asked = [_asked(message) for message in found]
    audit.record_each(who, READ, [one.conversation for one in asked], answer=answer_id)
    return asked


def _asked(message: Message) -> Asked:
    return Asked(
        number=message.pk,
        conversation=message.conversation_id,
        at=message.said_at,
        text=message.text,
        button=button_title(message.text),
        level=message.level,
        is_demo=message.conversation.is_demo,
    )

"""What staff switch: an answer that is not to be sent, and the bot's mode. The gateway follows within ten seconds."""

from collections.abc import Sequence

from django.db import transaction

from baclofen_faq.answers import Mode
from service.console import audit
from service.conversations.controls import MODE, WITHDRAWN, withdrawn_name
from service.conversations.models import Control

MODE_SWITCHED = "mode switched"


@transaction.atomic
def withdraw(answer_id: str, versions: Sequence[str], reason: str, who: str) -> None:
    """Have an answer replaced by the contact text from now on, in all its versions."""
    audit.record(who, "answer withdrawn", answer=answer_id, versions=list(versions), reason=reason)
    _set(withdrawn_name(answer_id), WITHDRAWN, reason, who)


@transaction.atomic
def send_again(answer_id: str, versions: Sequence[str], reason: str, who: str) -> None:
    """Have an answer sent again that was withdrawn."""
    audit.record(who, "answer sent again", answer=answer_id, versions=list(versions), reason=reason)
    Control.objects.filter(name=withdrawn_name(answer_id)).delete()


@transaction.atomic
def switch_mode(mode: Mode, reason: str, who: str) -> None:
    """Set the console's mode; the stricter one of it and clinic.yml's holds."""
    before = Control.objects.filter(name=MODE).values_list("value", flat=True).first()
    audit.record(who, MODE_SWITCHED, before=before or Mode.NORMAL.value, mode=mode.value, reason=reason)
    _set(MODE, mode.value, reason, who)


def withdrawal_of(answer_id: str) -> Control | None:
    """Who withdrew it, when and why; None where it is sent."""
    return Control.objects.filter(name=withdrawn_name(answer_id), value=WITHDRAWN).first()


def _set(name: str, value: str, reason: str, who: str) -> None:
    Control.objects.update_or_create(name=name, defaults={"value": value, "reason": reason, "by": who})

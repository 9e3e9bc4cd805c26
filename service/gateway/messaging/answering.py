"""What is said to an update: through the one path where it has words, a fixed line where it has none."""

from concurrent.futures import ThreadPoolExecutor

from django.utils import timezone

from baclofen_faq.answers import Reply
from service.conversations.models import OptOut
from service.gateway.memory import read
from service.gateway.message import Inbound
from service.gateway.messaging.channel import Kind
from service.gateway.messaging.choices import as_chosen
from service.gateway.metrics import Cause, count_cause
from service.gateway.rate_limits import seconds_to_wait
from service.gateway.receive import receive
from service.gateway.vetted import shared_replies
from service.gateway.without_rasa import receive_if_urgent, receive_without_words

KEYWORDS = (Kind.STOP, Kind.START, Kind.HELP)
Key = tuple[str, str]
_threads = ThreadPoolExecutor(1, thread_name_prefix="opt-outs")  # one: a STOP and a START keep their order


async def replies_to(kind: Kind, inbound: Inbound) -> list[Reply]:
    """The replies to an update, as they are logged; [] where there are none to be sent."""
    who = f"{inbound.channel}:{inbound.conversation}"
    if seconds_to_wait(session_flood=who):
        count_cause(inbound.channel, Cause.LIMIT)
        return []
    if seconds_to_wait(session_messages=who):
        said = await receive_if_urgent(inbound)
        if not said:
            count_cause(inbound.channel, Cause.LIMIT)
        return said or ([] if seconds_to_wait(session_refusals=who) else [shared_replies().too_many()])
    if kind is Kind.EDITED:
        return await receive_if_urgent(inbound)
    if line := _line(kind):
        return await receive_without_words(inbound, line)
    return await receive(await as_chosen(inbound))


class OptOuts:
    """Who wants no more messages. What cannot be kept just now is known here, and kept as soon as it can be."""

    def __init__(self) -> None:
        self._owed: dict[Key, Kind] = {}

    async def is_stopped(self, kind: Kind, channel: str, conversation: str) -> bool:
        """Keep a STOP or START; whether nothing but guidance is to be sent. A keyword itself is always answered."""
        key = (channel, conversation)
        if kind in (Kind.STOP, Kind.START):
            self._owed[key] = kind
            await self.keep_owed()
        if kind in KEYWORDS:
            return False
        if key in self._owed:
            return self._owed[key] is Kind.STOP
        return await read(_threads, False, _has_opted_out, channel, conversation)

    async def keep_owed(self) -> None:
        """Keep what could not be kept before."""
        for key, kind in list(self._owed.items()):
            is_kept = await read(_threads, False, _keep, kind, *key)
            if is_kept and self._owed.get(key) is kind:
                del self._owed[key]


def _line(kind: Kind) -> Reply | None:
    """What is said to an update without words; None for one with words."""
    replies = shared_replies()
    if kind in KEYWORDS:
        return replies.carrier(kind.value)
    lines = {Kind.UNREADABLE: replies.please_write, Kind.STARTED: replies.welcome}
    return lines[kind]() if kind in lines else None


def _keep(kind: Kind, channel: str, conversation: str) -> bool:
    if kind is Kind.STOP:
        OptOut.objects.get_or_create(channel=channel, conversation=conversation, defaults={"since": timezone.now()})
    else:
        OptOut.objects.filter(channel=channel, conversation=conversation).delete()
    return True


def _has_opted_out(channel: str, conversation: str) -> bool:
    return OptOut.objects.filter(channel=channel, conversation=conversation).exists()

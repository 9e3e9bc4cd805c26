"""Replies as texts without any form: the same for SMS and WhatsApp, which have no buttons of ours."""

from collections.abc import Iterator, Sequence
from itertools import islice

from baclofen_faq.answers import Button, Replies, Reply
from baclofen_faq.answers.replies import SOURCES
from service.gateway.channels.twilio.plain import plain
from service.gateway.messaging.channel import Part
from service.gateway.messaging.split import split

LONGEST = 1600  # UTF-16 units of a Body, https://www.twilio.com/docs/messaging/api/message-resource
MOST_CHOICES = 9
ASK = "Reply with a number:"


def render(replies: Sequence[Reply], texts: Replies) -> list[Part]:
    """A turn's texts, each reply in its own; its choices are numbered lines under it, from 1 over the whole turn."""
    numbers = iter(range(1, MOST_CHOICES + 1))
    return [{"text": text} for reply in replies for text in _texts(reply, texts, numbers)]


def _texts(reply: Reply, texts: Replies, numbers: Iterator[int]) -> list[str]:
    parts = split(_whole(reply, texts), LONGEST, _length)
    choices = _choices(reply.buttons, numbers)
    together = "\n\n".join([*parts[-1:], *choices])
    if _length(together) <= LONGEST:
        return [*parts[:-1], together]
    return [*parts, *(part for block in choices for part in split(block, LONGEST, _length))]


def _whole(reply: Reply, texts: Replies) -> str:
    """The words, the titles of the sources, the notice."""
    words, sources, notice = texts.apart(reply)
    titles = "\n".join([SOURCES, *(f"- {source.title}" for source in sources)]) if sources else ""
    said = "" if titles and words == SOURCES else words
    return "\n\n".join(block for block in (said, titles, notice) if block)


def _choices(buttons: Sequence[Button], numbers: Iterator[int]) -> list[str]:
    """One block of numbered titles; none without buttons, or once the numbers are used up."""
    lines = [f"{number} {button.title}" for number, button in zip(islice(numbers, len(buttons)), buttons)]
    return ["\n".join([ASK, *lines])] if lines else []


def _length(text: str) -> int:
    """In UTF-16 units, of the longest form in which it may be sent: plain (an ellipsis is three dots)."""
    return len(plain(text).encode("utf-16-le", "surrogatepass")) // 2

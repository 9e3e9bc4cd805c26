"""Replies as Telegram's messages: plain text with linked titles, buttons in an inline keyboard."""

from collections.abc import Sequence
from typing import Any

from baclofen_faq.answers import Button, Replies, Reply, Source
from baclofen_faq.answers.replies import SOURCES
from service.gateway.messaging.channel import Part
from service.gateway.messaging.split import split

LONGEST = 4096  # of a text, in UTF-16 units: never more than Telegram counts
Link = dict[str, Any]


def render(replies: Sequence[Reply], texts: Replies) -> list[Part]:
    """The replies of one turn, in order, as parameters of sendMessage; each button stands in a row of its own."""
    return [part for reply in replies for part in _parts(reply, texts)]


def units(text: str) -> int:
    """How long Telegram thinks a text is: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(reply: Reply, texts: Replies) -> list[Part]:
    whole, links = _whole(*texts.apart(reply))
    parts: list[Part] = []
    end = 0
    for text in split(whole, LONGEST, units):
        start = whole.index(text, end)
        end = start + len(text)
        within = [_entity(link, units(whole[:start]), units(text)) for link in links if start <= link["at"] < end]
        parts.append({"text": text, **({"entities": within} if within else {})})
    if parts and reply.buttons:
        parts[-1]["reply_markup"] = {"inline_keyboard": [[_button(button)] for button in reply.buttons]}
    return parts


def _whole(words: str, sources: Sequence[Source], notice: str) -> tuple[str, list[Link]]:
    """The words, then the titles of the sources, then the notice; and the links of the titles."""
    text, links = words.strip(), []
    if sources:
        text = text if text == SOURCES else f"{text}\n\n{SOURCES}"
    for source in sources:
        text = f"{text}\n- "
        links.append({"at": len(text), "from": units(text), "length": units(source.title), "url": source.url})
        text += source.title
    return (f"{text}\n\n{notice}" if notice else text).strip(), links


def _entity(link: Link, before: int, longest: int) -> dict[str, Any]:
    """A link of the whole text as an entity of a part of it, which begins after `before` units and has `longest`."""
    offset = link["from"] - before
    length = min(link["length"], longest - offset)
    return {"type": "text_link", "offset": offset, "length": length, "url": link["url"]}


def _button(button: Button) -> dict[str, str]:
    return {"text": button.title, "callback_data": button.payload}

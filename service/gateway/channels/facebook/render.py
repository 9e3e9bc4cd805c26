"""The replies of one turn as Messenger's messages, with their buttons as quick replies under the last."""

from collections.abc import Iterator, Sequence
from typing import Any

from baclofen_faq.answers import Button, Replies, Reply
from baclofen_faq.answers.replies import SOURCES
from service.gateway.messaging.channel import Part
from service.gateway.messaging.split import split

LONGEST_TEXT = 2000
LONGEST_TITLE = 20
MOST_BUTTONS = 9  # Messenger takes 13; more than one digit is not typed
CHOOSE = "Tap a number, or type it:"


def render(replies: Sequence[Reply], texts: Replies) -> list[Part]:
    """The turn as `message` objects of the Send API, at most 2,000 characters each.

    Quick replies vanish when another message follows, so all of the turn's hang on its last part. Where each title
    fits one (20 characters) it shows the title; else it shows a number, and the questions stand in the text of the
    reply that offers them, numbered over the turn.

    Source: Meta, Messenger Platform: Send API; Quick replies.
    """
    buttons = [button for reply in replies for button in reply.buttons][:MOST_BUTTONS]
    is_numbered = any(_length(button.title) > LONGEST_TITLE for button in buttons)
    lines = _numbered(buttons) if is_numbered else []
    parts: list[Part] = [{"text": part} for reply in replies for part in _texts(reply, texts, lines)]
    if parts and buttons:
        titles = [str(number) if is_numbered else one.title for number, one in enumerate(buttons, 1)]
        parts[-1]["quick_replies"] = [_quick_reply(title, button) for title, button in zip(titles, buttons)]
    return parts


def _texts(reply: Reply, texts: Replies, lines: list[str]) -> list[str]:
    """One reply's texts; takes the lines of its own buttons off the list."""
    own, lines[: len(reply.buttons)] = lines[: len(reply.buttons)], []
    choices = "\n".join([CHOOSE, *own]) if own else ""
    paragraphs = (*_words(reply, texts), choices)
    return split("\n\n".join(one for one in paragraphs if one.strip()), LONGEST_TEXT, _length)


def _words(reply: Reply, texts: Replies) -> Iterator[str]:
    """The words, the titles of the sources, the notice; nobody can tap a title, so that links would only be long."""
    words, sources, notice = texts.apart(reply)
    if words != SOURCES:
        yield words
    if sources:
        yield "\n".join([SOURCES, *(f"- {source.title}" for source in sources)])
    yield notice


def _numbered(buttons: Sequence[Button]) -> list[str]:
    return [f"{number} {button.title}" for number, button in enumerate(buttons, 1)]


def _quick_reply(title: str, button: Button) -> dict[str, Any]:
    return {"content_type": "text", "title": title, "payload": button.payload}


def _length(text: str) -> int:
    """Characters as the strictest reading of "2000 characters" counts them: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2

"""Replies as Slack's messages: blocks, and a text for notifications and screen readers that says the same."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from baclofen_faq.answers import Button, Replies, Reply
from baclofen_faq.answers.replies import SOURCES
from service.gateway.channels.slack.mrkdwn import escaped, link, tappable
from service.gateway.messaging.channel import Part
from service.gateway.messaging.split import split

LONGEST_SECTION = 3000
LONGEST_TEXT = 4000  # of the fallback; Slack recommends no more, and cuts at 40,000
LONGEST_BLOCKS = 9000  # of a message's sections together
LONGEST_TITLE = 75
LONGEST_SHOWN = 30  # of a button's title: "text may truncate with ~30 characters"
MORE_CHARACTERS = {"&": 4, "<": 3, ">": 3, **dict.fromkeys("0123456789", 4)}  # at most, once escaped and dialled
Block = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """Words in Slack's markup, and the same without links."""

    markup: str
    plain: str


def render(replies: Sequence[Reply], texts: Replies) -> list[Part]:
    """Each reply in as few messages as fit, `{"text", "blocks"}`; its buttons are under the last of them.

    A section holds 3,000 characters, a message 50 blocks and, undocumented, about 13,000 characters: sections are
    gathered up to less than that, and up to the 4,000 of the text, which holds all that is said, since screen readers
    read it alone.

    Source: https://docs.slack.dev/reference/block-kit/blocks, https://github.com/slackapi/bolt-js/issues/2509
    """
    return [part for reply in replies for part in _messages(reply, texts)]


def _messages(reply: Reply, texts: Replies) -> list[Part]:
    messages = _grouped(_sections(reply, texts), "\n\n", _is_one_message)
    parts: list[Part] = [
        {"text": _joined(sections, "\n\n").plain, "blocks": [_block(one.markup) for one in sections]}
        for sections in messages
    ]
    if parts and reply.buttons:
        parts[-1]["blocks"] += _choices(reply.buttons)
    return parts


def _sections(reply: Reply, texts: Replies) -> Iterator[Section]:
    """The words, the sources, the notice."""
    words, sources, notice = texts.apart(reply)
    for piece in split(words, LONGEST_SECTION, _length):
        yield Section(tappable(piece, texts), escaped(piece))
    lines = [Section(SOURCES, SOURCES)] if sources and words != SOURCES else []
    lines += [Section(f"• {link(one.url, one.title)}", f"• {escaped(one.title)}") for one in sources]
    for group in _grouped(lines, "\n", lambda section: len(section.markup) <= LONGEST_SECTION):
        yield _joined(group, "\n")
    if notice:
        yield Section(tappable(notice, texts), escaped(notice))


def _is_one_message(joined: Section) -> bool:
    return len(joined.plain) <= LONGEST_TEXT and len(joined.markup) <= LONGEST_BLOCKS


def _grouped(sections: Iterable[Section], joint: str, is_fitting: Callable[[Section], bool]) -> list[list[Section]]:
    """In as few groups as fit when they are joined."""
    groups: list[list[Section]] = []
    for section in sections:
        if groups and is_fitting(_joined([*groups[-1], section], joint)):
            groups[-1].append(section)
        else:
            groups.append([section])
    return groups


def _joined(sections: Sequence[Section], joint: str) -> Section:
    return Section(joint.join(one.markup for one in sections), joint.join(one.plain for one in sections))


def _length(text: str) -> int:
    """At least how long its markup is, in UTF-16 units."""
    more = sum(each * text.count(character) for character, each in MORE_CHARACTERS.items())
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + more


def _block(markup: str) -> Block:
    """`verbatim`: what looks like a name or a channel stays words."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": markup, "verbatim": True}}


def _choices(buttons: Sequence[Button]) -> list[Block]:
    """Buttons in a row; where a title is too long to be shown whole in one, each title as a line with its button."""
    numbered = [(f"choice_{number}", button) for number, button in enumerate(buttons, 1)]
    if all(len(button.title) <= LONGEST_SHOWN for button in buttons):
        return [{"type": "actions", "elements": [_button(id, one.title, one) for id, one in numbered]}]
    return [{**_block(escaped(one.title)), "accessory": _button(id, "Ask", one)} for id, one in numbered]


def _button(id: str, shown: str, button: Button) -> Block:
    return {
        "type": "button",
        "text": {"type": "plain_text", "text": shown, "emoji": False},
        "accessibility_label": button.title[:LONGEST_TITLE],
        "action_id": id,
        "value": button.payload,
    }

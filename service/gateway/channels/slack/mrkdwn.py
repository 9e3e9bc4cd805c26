"""Slack's own markup (mrkdwn) to words, and words to it."""

import re

from baclofen_faq.answers import Replies
from baclofen_faq.answers.phones import dialled

TOKEN = re.compile(r"<([^<>]*)>")
ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))  # in this order; back in the opposite one
SCHEMES = ("mailto:", "tel:")


def words_of(markup: str, own: frozenset[str]) -> str:
    """What somebody wrote, as they see it, without the bot's mention; other people become "@someone".

    Args:
        markup: the `text` of a message.
        own: the bot's user ids.

    >>> words_of("<@U1> is <@U2> ok? see <http://x.example|this> &lt;3", frozenset({"U1"}))
    'is @someone ok? see this <3'
    """
    text = TOKEN.sub(lambda token: _shown(token[1], own), markup)
    for character, escape in reversed(ESCAPES):
        text = text.replace(escape, character)
    return text.encode("utf-8", "replace").decode().strip()


def _shown(inside: str, own: frozenset[str]) -> str:
    """What stands for a token `<...>`: a person, a channel, a group or a link."""
    target, _, label = inside.partition("|")
    sign, name = target[:1], target[1:]
    if sign == "@":
        return "" if name in own else "@someone"
    if sign == "#":
        return f"#{label or 'channel'}"
    if sign == "!":
        return label or f"@{name.partition('^')[0]}"
    return label or next((target[len(scheme) :] for scheme in SCHEMES if target.startswith(scheme)), target)


def escaped(text: str) -> str:
    """The text with the three characters that Slack would read as its markup.

    >>> escaped("<!channel> & co")
    '&lt;!channel&gt; &amp; co'
    """
    for character, escape in ESCAPES:
        text = text.replace(character, escape)
    return text


def tappable(text: str, texts: Replies) -> str:
    """The text escaped, with the clinic's and the emergency numbers as links that a phone dials."""
    numbers = sorted({number for _, number in texts.phone_numbers()}, key=len, reverse=True)
    if not numbers:
        return escaped(text)
    alternatives = "|".join(re.escape(number) for number in numbers)
    whole = re.compile(rf"(?<![\d+-])(?:{alternatives})(?!-?\d)")
    return whole.sub(lambda number: f"<tel:{dialled(number[0])}|{number[0]}>", escaped(text))


def link(url: str, title: str) -> str:
    """A title that opens an address."""
    return f"<{escaped(url).replace('|', '%7C')}|{escaped(title)}>"

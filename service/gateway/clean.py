"""The text as typed, to words that are safe to handle."""

import re
import unicodedata

LONGEST = 4000
CUT_MARK = " ... "
LOOKED_AT = 20_000  # of each end of a text: what is invisible or a control character may take the rest
BEFORE_WORDS = re.compile(r"[\s/]+")
EMOJI_JOINER = "\u200d"


def clean(text: str, payloads: frozenset[str]) -> str:
    """At most 4,000 characters (head and tail stay), nothing invisible, no leading "/" but in a button's payload.

    >>> clean("/restart I think he is having a seizure", frozenset())
    'restart I think he is having a seizure'
    """
    text = printable(text if len(text) <= 2 * LOOKED_AT else text[:LOOKED_AT] + CUT_MARK + text[-LOOKED_AT:])
    if text in payloads:
        return text
    before = BEFORE_WORDS.match(text)
    words = text[before.end() :] if before else text
    if len(words) <= LONGEST:
        return words
    half = (LONGEST - len(CUT_MARK)) // 2
    return words[:half] + CUT_MARK + words[-half:]


def printable(text: str) -> str:
    """The text without what is invisible, and with a space for each control character."""
    visible = "".join(c for c in text if c == EMOJI_JOINER or unicodedata.category(c) != "Cf")
    return "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in visible).strip()

"""The text as typed, to words that are safe to handle."""

import unicodedata

LONGEST = 4000
CUT_MARK = " ... "
EMOJI_JOINER = "\u200d"


def clean(text: str, payloads: frozenset[str]) -> str:
    """At most 4,000 characters (head and tail stay), nothing invisible, no leading "/" but in a button's payload.

    >>> clean("/restart I think he is having a seizure", frozenset())
    'restart I think he is having a seizure'
    """
    visible = "".join(c for c in text if c == EMOJI_JOINER or unicodedata.category(c) != "Cf")
    printable = "".join(c if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") else " " for c in visible).strip()
    if printable in payloads:
        return printable
    words = printable.lstrip("/ \n")
    if len(words) <= LONGEST:
        return words
    half = (LONGEST - len(CUT_MARK)) // 2
    return words[:half] + CUT_MARK + words[-half:]

"""Long texts in parts that a platform takes: at paragraphs, else sentences, else words."""

import re
from collections.abc import Callable

JOINTS = (r"\n\n+", r"\n", r"(?<=[.!?])\s+", r"\s+")


def split(text: str, longest: int, length: Callable[[str], int] = len) -> list[str]:
    """The text in as few parts as its joints allow, each at most `longest`; [] for a blank text.

    Args:
        text: any.
        longest: the platform's limit, in the unit of `length`.
        length: how long the platform thinks a text is (characters, UTF-16 units).

    >>> split("Call 911 now. Stay with him.", 15)
    ['Call 911 now.', 'Stay with him.']
    """
    text = text.strip()
    if not text or length(text) <= longest:
        return [text] if text else []
    head = _head(text, longest, length)
    return [head.rstrip(), *split(text[len(head) :], longest, length)]


def _head(text: str, longest: int, length: Callable[[str], int]) -> str:
    """The longest beginning that ends at the best joint; where there is none, as many characters as fit."""
    for joint in JOINTS:
        ends = [found.end() for found in re.finditer(joint, text) if length(text[: found.start()]) <= longest]
        if ends and ends[-1] > 0 and text[: ends[-1]].strip():
            return text[: ends[-1]]
    fitting = next(size for size in range(min(longest, len(text)), 0, -1) if length(text[:size]) <= longest)
    return text[:fitting]

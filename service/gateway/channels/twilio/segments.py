"""How many SMS a text is billed and sent as, by GSM 03.38."""

from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = frozenset("\f^{}\\[~]|€")  # an escape and a character: two septets, which are not parted


@dataclass(frozen=True)
class Segments:
    """The alphabet that a text needs, and in how many segments it is sent; 0 for an empty text."""

    encoding: Literal["GSM-7", "UCS-2"]
    count: int


def segments(text: str) -> Segments:
    """The segments of a text: 160 septets or 153 each of several, else 70 UTF-16 units or 67 each of several.

    Source: 3GPP TS 23.038; https://www.twilio.com/docs/glossary/what-sms-character-limit

    >>> segments("a" * 160), segments("a" * 161)
    (Segments(encoding='GSM-7', count=1), Segments(encoding='GSM-7', count=2))
    >>> segments("’" * 70), segments("’" * 71)
    (Segments(encoding='UCS-2', count=1), Segments(encoding='UCS-2', count=2))
    >>> segments("€" * 80), segments("€" * 81)
    (Segments(encoding='GSM-7', count=1), Segments(encoding='GSM-7', count=2))
    >>> segments("a" * 152 + "€" + "a" * 152)  # the euro does not fit into the first: 152, then 2 + 151, then 1
    Segments(encoding='GSM-7', count=3)
    """
    if all(character in BASIC or character in EXTENSION for character in text):
        return Segments("GSM-7", _count([1 + (character in EXTENSION) for character in text], 160, 153))
    return Segments("UCS-2", _count([1 + (ord(character) > 0xFFFF) for character in text], 70, 67))


def _count(sizes: list[int], alone: int, of_several: int) -> int:
    """How many segments characters of these sizes fill; none is parted."""
    if sum(sizes) <= alone:
        return min(1, len(sizes))
    count, left = 1, of_several
    for size in sizes:
        if size > left:
            count, left = count + 1, of_several
        left -= size
    return count

"""What the patterns of addresses cannot say: which words are of a sentence, and where a town ends."""

import re

from baclofen_faq.redaction.address_parts import AREA, CODE, NOT_STREETS, TOWNS, UNIT
from baclofen_faq.redaction.rules import Check
from baclofen_faq.redaction.vocabulary import is_ordinary


def street(least_capitals: int, forbidden: frozenset[str] = NOT_STREETS) -> Check:
    """The address, when no word of the street is one of a sentence or a dose; a vague kind of street needs capitals."""

    def check(match: "re.Match[str]") -> int:
        names = re.findall(r"[^\W\d_]+", match["street"])
        if any(word in forbidden or word.isupper() and word.lower() in forbidden for word in names):
            return 0
        capitals = sum(word[0].isupper() for word in names)
        return whole_place(match) if capitals >= min(least_capitals, len(names)) else 0

    return check


def whole_place(match: "re.Match[str]") -> int:
    """All of an address; without the town when that is an ordinary word and has no postcode: "12 Elm St, Please"."""
    tail = match["tail"] or ""
    unit = re.match(rf"(?:,? (?:{UNIT}))?", tail, re.IGNORECASE)
    names = re.findall(r"[^\W\d_]+", tail[unit.end() if unit else 0 :])
    has_code = re.search(rf"(?:{CODE}|{AREA}|[^\W\d_] \d{{1,2}})$", tail, re.IGNORECASE)
    sentence = has_code is None or any(
        word.lower() in NOT_STREETS - {"in", "of", "the", "and", "me", "or"} for word in names
    )
    if names and sentence and is_ordinary(names[0]) and names[0].lower() not in TOWNS:
        return len(match["id"]) - len(tail) + (unit.end() if unit else 0)
    return len(match["id"])

"""What a rule is: a type, a pattern, a check."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from baclofen_faq.redaction.redacted import Span

TYPES = (
    "name",
    "phone",
    "email",
    "url",
    "address",
    "date_of_birth",
    "record_number",
    "insurance_number",
    "social_security",
    "card",
)
REACH = 250
"""A later reading reads this many characters on from the last beginning it looks for."""
ALTERNATIVE = re.compile(r"(?:\[[^\]]*\]|\\.|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|[^|])+")
"""One alternative of a group, with the groups in it."""
Check = Callable[["re.Match[str]"], int]
"""Of a match, how many characters of its group "id" are the identifier; 0 when it is none."""


def all_of_it(match: "re.Match[str]") -> int:
    """The check of a pattern that needs none."""
    return len(match["id"])


def if_it(is_identifier: Callable[[str], bool]) -> Check:
    """The check that takes all of an identifier or nothing.

    >>> if_it(str.isdigit)(re.match("(?P<id>..)", "12"))
    2
    """
    return lambda match: len(match["id"]) if is_identifier(match["id"]) else 0


def word_list(text: str) -> frozenset[str]:
    """The words of a list.

    >>> sorted(word_list("mg ml"))
    ['mg', 'ml']
    """
    return frozenset(text.split())


def by_letter(pattern: str) -> str:
    r"""The same pattern, the alternatives of its group that begin with one letter together: they fail sooner.

    >>> by_letter(r"\b(?:son|wife|sis(?:ter)?|\d)")
    '\\b(?:s(?:on|is(?:ter)?)|w(?:ife)|\\d)'
    """
    before, inside, after = re.fullmatch(r"(.*?)\(\?:(.*)\)([^()]*)", pattern).groups()  # type: ignore[union-attr]
    groups: dict[str, list[str]] = {}
    for alternative in ALTERNATIVE.findall(inside):
        letter = alternative[0] if re.match(r"[a-z](?![?*{])", alternative) else ""
        groups.setdefault(letter, []).append(alternative[len(letter) :])
    joined = (f"{letter}(?:{'|'.join(ends)})" if letter else "|".join(ends) for letter, ends in groups.items())
    return f"{before}(?:{'|'.join(joined)}){after}"


@cache
def compiled(pattern: str) -> "re.Pattern[str]":
    """The pattern, compiled once; small and capital letters alike."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True)
class Rule:
    """One way in which an identifier is written.

    Attributes:
        type: one of TYPES.
        pattern: a regular expression, small and capital letters alike; its group "id" is the identifier. All that
            repeats in it is bounded, so that the time grows with the length of the text only.
        check: what the pattern cannot say.
        countries: ISO codes of the clinics that the rule is for; () for all.
        needs: a quick pattern; where it is not found, the text is not searched for the slow one. "" for none.
    """

    type: str
    pattern: str
    check: Check = all_of_it
    countries: tuple[str, ...] = ()
    needs: str = ""

    def __post_init__(self) -> None:
        """Compile the pattern when the room is imported, not at the first message."""
        compiled(self.pattern)

    def applies_in(self, country: str | None) -> bool:
        """Whether the rule is for a clinic in this country; None is a clinic in several."""
        return not self.countries or country is None or country in self.countries

    def spans(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
        r"""What the rule finds that begins between `start` and `end`, the whole text without them.

        >>> list(Rule("card", r"card (?P<id>\d{4})").spans("my card 1234"))
        [Span(start=8, end=12, type='card')]
        """
        last = len(text) if end is None else end
        for match in compiled(self.pattern).finditer(text, start, last + REACH):
            if match.start() > last:
                return
            if length := self.check(match):
                yield Span(match.start("id"), match.start("id") + length, self.type)

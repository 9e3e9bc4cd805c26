"""Names without a cue: known ones by what follows them, and those found once and said again."""

import re
from collections.abc import Iterator

from baclofen_faq.redaction.name_cues import IDIOMS, NOT_PEOPLE, RELATION, SAINT, VERB
from baclofen_faq.redaction.name_passes import passes_as_full
from baclofen_faq.redaction.name_words import CANDIDATE, WORDS, name_length
from baclofen_faq.redaction.redacted import Span
from baclofen_faq.redaction.vocabulary import is_given, is_listed_ordinary, is_ordinary

FULL = re.compile(CANDIDATE, re.IGNORECASE)
DOES = re.compile(
    rf"(?:['’]s)? {VERB}\b|['’]s\b|s['’]|,? (?:\(|aged? )?\d{{1,2}}\b| (?:and|&) (?-i:[A-Z])"
    rf"|(?:,| is|,? \() ?(?:my|our|his|her|their) (?:name|{RELATION})\b",
    re.IGNORECASE,
)
"""What follows a person: a verb, an age, "my son"."""
BETWEEN = re.compile(r"(?:, (?-i:[A-Z])\w+,|[-–] (?-i:[A-Z])\w+ [-–])")
"""Our eldest, Rhys, has it."""


def is_nobody(text: str, start: int, end: int) -> bool:
    """Whether these words are of a hospital, a firm, a disease or a saying."""
    if NOT_PEOPLE.match(text, end):
        return True
    return any(idiom.start() <= start < idiom.end() for idiom in IDIOMS.finditer(text, max(0, start - 20), end + 20))


def bare_name(match: "re.Match[str]") -> int:
    """A known name with a capital, when a surname, an age or what a person does follows."""
    text, end = match.string, match.end()
    known = is_given(match["id"]) and not is_ordinary(match["id"]) and len(match["id"]) > 2
    if not known or SAINT.search(text[max(0, match.start() - 8) : match.start()]):
        return 0
    candidate = FULL.match(text, match.start())
    length = name_length(candidate, passes_as_full) if candidate else 0
    if not length or is_nobody(text, match.start(), match.start() + length):
        return 0
    has_surname = length > len(match["id"])
    is_clear = match["id"][0].isupper() or length > 4
    tells = DOES.match(text, end) or BETWEEN.match(text, max(0, match.start() - 2), end + 2)
    return length if has_surname or is_clear and tells else 0


def known_alone(match: "re.Match[str]") -> int:
    """Lucy in "Lucy's mom"."""
    word = match["id"]
    known = is_given(word) and not is_ordinary(word) and not is_listed_ordinary(f"{word}s")
    return len(word) if known else 0


def repeated_names(text: str, found: list[Span]) -> Iterator[Span]:
    """The words of the names found, where they stand in the text again."""
    names = [text[span.start : span.end] for span in found if span.type == "name"]
    words = {word for name in names for word in WORDS.findall(name) if len(word) > 2}
    alike = {word.lower() for word in words if not is_ordinary(word)}
    if not words:
        return
    for match in WORDS.finditer(text):
        word = match.group()
        if (word.lower() in alike or word in words and word[0].isupper() and not text.isupper()) and is_apart(
            text, match
        ):
            yield Span(*match.span(), "name")


def is_apart(text: str, match: "re.Match[str]") -> bool:
    """Whether a word stands alone, and not in the name of a disease or a hospital."""
    before = text[match.start() - 1 : match.start()]
    return not (before.isalnum() or before in {"_", "@"} and before) and not NOT_PEOPLE.match(text, match.end())

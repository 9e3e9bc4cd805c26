"""Identifiers to typed placeholders: what is found is taken out, and the rest is read again until nothing is found."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from baclofen_faq.redaction.addresses import ADDRESS_RULES
from baclofen_faq.redaction.bare_names import repeated_names
from baclofen_faq.redaction.dates import DATE_RULES
from baclofen_faq.redaction.emails import EMAIL_RULES
from baclofen_faq.redaction.links import LINK_RULES
from baclofen_faq.redaction.names import NAME_RULES
from baclofen_faq.redaction.numbers import NUMBER_RULES
from baclofen_faq.redaction.phones import PHONE_RULES, valid_in
from baclofen_faq.redaction.redacted import Redacted, Span
from baclofen_faq.redaction.rules import REACH, TYPES, Rule, compiled

RULES: tuple[Rule, ...] = (
    *LINK_RULES,
    *EMAIL_RULES,
    *DATE_RULES,
    *NUMBER_RULES,
    *ADDRESS_RULES,
    *PHONE_RULES,
    *NAME_RULES,
)
"""Where two find the same characters, the first gives the type."""

PLACEHOLDER = re.compile(rf"\[({'|'.join(TYPES)})\]")
BEFORE_HOLE, AFTER_HOLE = 150, 30
"""So far around a new hole, in characters, begins what the hole lets a rule find: words before it, words after it."""
HOLE = "\ufffc"
"""Stands for one placeholder while the rules read, so that they see the raw and the redacted text alike."""
PART = re.compile(rf"[^{HOLE}\w]*\w[^{HOLE}]*")


def redact(text: str, country: str | None = "US") -> Redacted:
    """Replace identifiers by placeholders; doses, times, pulses, drugs and symptoms stay.

    Redacting a redacted text changes nothing: both are read with one hole in place of each placeholder, until no
    rule finds anything.

    Args:
        text: any text.
        country: ISO code of the country whose national numbers are found as well; None where there are several.
    >>> redact("this is Anna my husband has a seizure, call 202-555-0142, temp 103.2").text
    'this is [name] my husband has a seizure, call [phone], temp 103.2'
    """
    holes = [Span(*match.span(), "") for match in PLACEHOLDER.finditer(text)]
    raw: list[Span] = [Span(0, len(text), "")]
    while True:
        holed, raw_positions = with_holes(text, holes)
        found = find(holed, country, windows(raw, raw_positions))
        if not found:
            return Redacted.of(text, tuple(span for span in holes if span.type))
        raw = [Span(raw_positions[span.start], raw_positions[span.end - 1] + 1, span.type) for span in found]
        holes = joined([*holes, *raw])


def windows(changed: list[Span], raw_positions: list[int]) -> list[tuple[int, int]]:
    """The stretches of the holed text in which a change of the raw text may let a rule find something new.

    >>> windows([Span(500, 900, ""), Span(950, 951, "")], list(range(2000)))
    [(350, 981)]
    """
    result: list[tuple[int, int]] = []
    for span in sorted(changed):
        start = max(0, bisect_left(raw_positions, span.start) - BEFORE_HOLE)
        end = bisect_left(raw_positions, span.end) + AFTER_HOLE
        if result and start <= result[-1][1] + REACH:
            start, end = result[-1][0], max(end, result.pop()[1])
        result.append((start, end))
    return result


@cache
def rules_for(country: str | None) -> tuple[Rule, ...]:
    """The rules for a clinic in this country, in their order."""
    here = tuple(rule for rule in RULES if rule.applies_in(country))
    return (*here, valid_in(country)) if country else here


@cache
def needed(country: str | None) -> frozenset[str]:
    """What the rules of a country need."""
    return frozenset(rule.needs for rule in rules_for(country))


def with_holes(text: str, holes: list[Span]) -> tuple[str, list[int]]:
    """The text with one character for each hole, and for each of its characters the position in `text`.

    >>> with_holes("ab[name]c", [Span(2, 8, "")])
    ('ab\ufffcc', [0, 1, 2, 8])
    """
    parts, positions, last = [], [], 0
    for start, end, _ in holes:
        parts += [text[last:start], HOLE]
        positions += [*range(last, start + 1)]
        last = end
    return "".join([*parts, text[last:]]), [*positions, *range(last, len(text))]


def find(text: str, country: str | None, stretches: list[tuple[int, int]]) -> list[Span]:
    """What the rules find in one reading of some stretches of the text, and the names found said again."""
    found = [span for start, end in stretches for span in find_between(text, country, start, end)]
    found += repeated_names(text, found)
    return joined(piece for span in found for piece in between_holes(text, span))


def find_between(text: str, country: str | None, start: int, end: int) -> Iterator[Span]:
    """What the rules find that begins in a stretch, rule by rule."""
    rules = rules_for(country)
    missing = {needs for needs in needed(country) if not compiled(needs).search(text, start, end + REACH)}
    for rule in rules:
        if rule.needs not in missing:
            yield from rule.spans(text, start, end)


def between_holes(text: str, span: Span) -> Iterator[Span]:
    """The parts of a span that are not replaced yet.

    >>> list(between_holes("12 Elm St, \ufffc", Span(0, 12, "address")))
    [Span(start=0, end=11, type='address')]
    """
    for part in PART.finditer(text, span.start, span.end):
        yield Span(*part.span(), span.type)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in text order; those that overlap become one, of the type of the first found.

    >>> joined([Span(5, 9, "phone"), Span(0, 6, "name"), Span(9, 10, "name")])
    [Span(start=0, end=9, type='phone'), Span(start=9, end=10, type='name')]
    """
    result: list[tuple[Span, int]] = []
    for rank, span in sorted(enumerate(spans), key=lambda ranked: ranked[1].start):
        if result and span.start < result[-1][0].end:
            before, best = result.pop()
            kind, rank = min((best, before.type), (rank, span.type))[::-1]
            span = Span(before.start, max(before.end, span.end), kind)
        result.append((span, rank))
    return [span for span, _ in result]

"""Recall and precision over a table of marked sentences: `python -m tests.redaction.scores PATH [--misses]`."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from baclofen_faq.redaction import Redacted, redact
from baclofen_faq.redaction.redacted import Span

MARK = re.compile(r"\[\[(\w+)\|(.*?)\]\]", re.DOTALL)


@dataclass
class Scores:
    """Counts over a table: marked, found, typed by the identifier's type, redacted and wrong by the placeholder's."""

    rows: int = 0
    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    typed: Counter[str] = field(default_factory=Counter)
    redacted: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of marked identifiers whose characters are all covered."""
        return self.found.total() / max(1, self.marked.total())

    @property
    def precision(self) -> float:
        """The share of redacted spans that overlap an identifier of any type."""
        return 1 - self.wrong.total() / max(1, self.redacted.total())

    def __str__(self) -> str:
        head = f"{self.rows} rows, {self.marked.total()} identifiers, {self.redacted.total()} redacted spans"
        kinds = sorted(self.marked.keys() | self.redacted.keys())
        return "\n".join([head, self.line("all", kinds), *(self.line(kind, [kind]) for kind in kinds)])

    def line(self, title: str, kinds: list[str]) -> str:
        """The figures of some types."""
        marked, found, typed, redacted, wrong = (
            sum(counts[kind] for kind in kinds)
            for counts in (self.marked, self.found, self.typed, self.redacted, self.wrong)
        )
        recall = f"recall {found / marked:.3f} ({found}/{marked}), type right {typed}/{found}" if marked else "recall -"
        precision = (
            f"precision {1 - wrong / redacted:.3f} ({redacted - wrong}/{redacted})" if redacted else "precision -"
        )
        return f"{title:17} {recall}; {precision}"


def unmark(marked: str) -> tuple[str, list[Span]]:
    """The text as it was typed, and the identifiers in it.

    >>> unmark("this is [[name|Anna]], help")
    ('this is Anna, help', [Span(start=8, end=12, type='name')])
    """
    text, spans, last = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        last = match.end()
    return text + marked[last:], spans


def is_covered(text: str, identifier: Span, redacted: Redacted) -> bool:
    """Whether every character of an identifier, other than spaces, is replaced."""
    kept = set(range(identifier.start, identifier.end))
    for span in redacted.spans:
        kept -= set(range(span.start, span.end))
    return not any(text[position].strip() for position in kept)


def overlapping(span: Span, others: tuple[Span, ...] | list[Span]) -> Iterator[Span]:
    """Those that share a character with a span."""
    return (other for other in others if other.start < span.end and span.start < other.end)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table, one JSON object a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def scores(path: Path) -> Scores:
    """Redact each row of a table and count."""
    result = Scores()
    for row in rows_of(path):
        count(row, result)
    return result


def count(row: dict[str, str], result: Scores) -> None:
    """Add one row to the counts."""
    text, identifiers = unmark(row["marked"])
    country = row["country"]
    redacted = redact(text, None if country in (None, "null") else country)
    result.rows += 1
    for identifier in identifiers:
        result.marked[identifier.type] += 1
        if is_covered(text, identifier, redacted):
            result.found[identifier.type] += 1
            result.typed[identifier.type] += any(
                span.type == identifier.type for span in overlapping(identifier, redacted.spans)
            )
        else:
            result.misses.append(
                f"missed {identifier.type} {text[identifier.start : identifier.end]!r}: {row['id']}: {redacted.text}"
            )
    for span in redacted.spans:
        result.redacted[span.type] += 1
        if not any(overlapping(span, identifiers)):
            result.wrong[span.type] += 1
            result.misses.append(f"wrong {span.type} {text[span.start : span.end]!r}: {row['id']}: {text}")


if __name__ == "__main__":
    figures = scores(Path(sys.argv[1]))
    print(figures)
    if "--misses" in sys.argv:
        print(*figures.misses, sep="\n")

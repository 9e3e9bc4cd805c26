"""A redacted text, and where the positions of the raw text are in it."""

from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """An identifier: characters `start` to `end` of a text, and its type ("name", "phone", ...).

    >>> Span(0, 4, "name").placeholder
    '[name]'
    """

    start: int
    end: int
    type: str

    @property
    def placeholder(self) -> str:
        """What stands in its place."""
        return f"[{self.type}]"


@dataclass(frozen=True)
class Redacted:
    """A text without identifiers.

    Attributes:
        text: the text with placeholders.
        spans: what was replaced, as characters of the raw text, in order, never overlapping; () when nothing was.

    >>> Redacted.of("this is Anna, help", (Span(8, 12, "name"),)).text
    'this is [name], help'
    """

    text: str
    spans: tuple[Span, ...] = ()

    @classmethod
    def of(cls, raw: str, spans: tuple[Span, ...]) -> "Redacted":
        """The raw text with each span replaced by its placeholder."""
        parts, last = [], 0
        for span in spans:
            parts += [raw[last : span.start], span.placeholder]
            last = span.end
        return cls("".join([*parts, raw[last:]]), spans)

    def offset(self, position: int) -> int:
        """Say where a position of the raw text is in the redacted text.

        Args:
            position: as in a slice, 0 to the length of the raw text. A position inside an identifier gives the start
                of its placeholder, the end of an identifier gives the end of its placeholder.

        >>> redacted = Redacted.of("this is Anna, help", (Span(8, 12, "name"),))
        >>> redacted.text[redacted.offset(8) : redacted.offset(12)], redacted.text[redacted.offset(14) :]
        ('[name]', 'help')
        """
        shift = 0
        for span in self.spans:
            if position < span.end:
                return shift + min(position, span.start)
            shift += len(span.placeholder) - (span.end - span.start)
        return position + shift

"""Tables of the report in Markdown."""

from collections.abc import Iterable, Iterator, Sequence

Cell = str | float | int | None


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """One, with an empty line after it; the first column is text, the others are numbers."""
    yield f"| {' | '.join(heads)} |"
    yield "|---|" + "---:|" * (len(heads) - 1)
    for row in rows:
        yield f"| {' | '.join(map(shown, row))} |"
    yield ""


def shown(cell: Cell) -> str:
    """A number with about three digits that count; "-" for what was not measured.

    >>> [shown(cell) for cell in ("a", None, 1234.5, 12.345, 0.4567, 3)]
    ['a', '-', '1,234', '12.3', '0.46', '3']
    """
    if cell is None:
        return "-"
    if isinstance(cell, str | int):
        return cell if isinstance(cell, str) else f"{cell:,}"
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 1 else f"{cell:.2f}"

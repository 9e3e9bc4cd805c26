"""What the visits took, as a table for people and for reports/console.md."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.console.browser import Took, Visit

FLOORS = {"SQLite": 600, "PostgreSQL": 300}  # milliseconds that 95 of 100 requests may take at most
Results = Mapping[tuple[str, int], Mapping[str, Took]]  # of a database and its turns: of a visit's name


def table(kind: str, results: Results, visits: Sequence[Visit]) -> Iterator[str]:
    """The lines of one database's table in Markdown: median and p95 for each size, and how the median grows."""
    sizes = sorted(turns for name, turns in results if name == kind)
    yield f"## {kind}: p95 at most {FLOORS[kind]} ms"
    yield ""
    yield "".join(
        ["| page |", *(f" {size:,} turns: median / p95 (best) |" for size in sizes), " growth of the median |"]
    )
    yield "|---|" + "---:|" * (len(sizes) + 1)
    for visit in visits:
        took = [results[kind, size][visit.name] for size in sizes]
        cells = [f" {one.p50:.0f} / {one.p95:.0f} ({one.best:.0f}) |" for one in took]
        mark = " (missed)" if is_missed(kind, visit, took[-1]) else "" if visit.has_floor else " (no floor)"
        yield "".join([f"| {visit.name}{mark} |", *cells, f" {took[-1].p50 / took[0].p50:.1f} |"])


def is_missed(kind: str, visit: Visit, took: Took) -> bool:
    """Whether it took longer than it may."""
    return visit.has_floor and took.p95 > FLOORS[kind]

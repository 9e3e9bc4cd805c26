"""A long list, page by page: by the number of the first or last row, so that no page moves while new rows come."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

ROWS, MOST_COUNTED = 50, 1000


@dataclass(frozen=True)
class ListPage:
    """Rows, the newest first; `newer` and `older` say after and before which number there are more, None where not.

    `count`: of all pages, counted up to a thousand and one.
    """

    rows: list[Any]
    newer: int | None
    older: int | None
    count: int

    @property
    def is_more_than_counted(self) -> bool:
        """Whether there are more than are counted."""
        return self.count > MOST_COUNTED


def list_page(
    found: QuerySet, before: int | None = None, after: int | None = None, some: QuerySet | None = None
) -> ListPage:
    """The page that ends before a number, or begins after one; without either, or with too few after it, the first.

    Args:
        found: rows with a number as their key, in any order.
        before: the rows have smaller numbers.
        after: the rows have larger numbers.
        some: of these rows many, which are counted sooner.
    """
    if after is not None:
        rows = list(found.filter(pk__gt=after).order_by("pk")[: ROWS + 1])
        if len(rows) > ROWS:
            rows = rows[ROWS - 1 :: -1]
            return ListPage(rows, newer=rows[0].pk, older=rows[-1].pk, count=_counted(found, some))
        before = None
    rows = list((found if before is None else found.filter(pk__lt=before)).order_by("-pk")[: ROWS + 1])
    is_cut, rows = len(rows) > ROWS, rows[:ROWS]
    return ListPage(
        rows,
        newer=None if before is None else rows[0].pk if rows else before - 1,
        older=rows[-1].pk if is_cut else None,
        count=_counted(found, some) if is_cut or before is not None else len(rows),
    )


def _counted(found: QuerySet, some: QuerySet | None = None) -> int:
    """The newest first: those lie together."""
    sooner = 0 if some is None else some.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return sooner if sooner > MOST_COUNTED else found.order_by("-pk").values("pk")[: MOST_COUNTED + 1].count()

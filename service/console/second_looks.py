"""What a second look at the log found, for the page: the gravest first, of these the newest."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from service.conversations.models import Change, SecondLook

ROWS, MOST_COUNTED = 50, 1000
PLACE = re.compile(r"([1-4])-(\d{1,18})")


@dataclass(frozen=True)
class Group:
    """One kind of difference: how many there are, counted up to a thousand, and the place in the list before them."""

    kind: Change
    count: int

    @property
    def before(self) -> str:
        """Where the list stands before its first."""
        return f"{self.kind - 1}-0"


def differences(only_open: bool) -> QuerySet[SecondLook]:
    """All of them, or those of messages without a verdict; with message, conversation and verdict."""
    found = SecondLook.objects.filter(message__conversation__is_demo=False)
    found = found.select_related("message__conversation", "message__verdict").order_by("change", "-message_id")
    return found.filter(message__verdict=None) if only_open else found


def rows_after(found: "QuerySet[SecondLook]", place: str) -> tuple[list[SecondLook], str]:
    """Fifty, and the place of the last one where there are more ("" otherwise).

    Args:
        found: the differences, in their order.
        place: after which they begin; what is none begins at the first.
    """
    named = PLACE.fullmatch(place)
    kind, message = map(int, named.groups()) if named else (0, 0)
    rows = list(found.filter(change=kind, message__lt=message)[: ROWS + 1])
    rows += found.filter(change__gt=kind)[: ROWS + 1 - len(rows)]
    shown = rows[:ROWS]
    return shown, f"{shown[-1].change}-{shown[-1].message_id}" if len(rows) > ROWS else ""


def groups(found: "QuerySet[SecondLook]") -> list[Group]:
    """How many there are of each kind."""
    kinds = map(Change, Change.values)
    return [Group(kind, found.filter(change=kind).order_by()[:MOST_COUNTED].count()) for kind in kinds]

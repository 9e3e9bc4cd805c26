"""How much of what people wrote was read, and by whom: from the audit log."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef

from service.console.models import AuditEntry
from service.console.reviewing import READ
from service.console.selection import Selection, start_of, week_of
from service.conversations.models import Conversation

A_WEEK = timedelta(days=7)


def weeks_of(selection: Selection) -> list[date]:
    """The Mondays of the weeks that the days lie in, oldest first."""
    return sorted({week_of(day) for day in selection.each_day()})


def conversations_read(selection: Selection) -> Mapping[str, list[int]]:
    """By user name, how many conversations somebody read in each week, of all channels; demo data by itself.

    What was deleted counts as live: nothing tells any more that it was demo data.
    """
    weeks = weeks_of(selection)
    is_demo = Exists(Conversation.objects.filter(pk=OuterRef("conversation"), is_demo=True))
    of_these = AuditEntry.objects.filter(is_demo if selection.is_demo else ~is_demo, action=READ)
    read: dict[str, list[int]] = {}
    for place, week in enumerate(weeks):
        entries = of_these.filter(at__gte=start_of(week), at__lt=start_of(week + A_WEEK))
        for who, count in entries.order_by().values_list("who").annotate(Count("conversation", distinct=True)):
            read.setdefault(who, [0] * len(weeks))[place] = count
    return dict(sorted(read.items()))

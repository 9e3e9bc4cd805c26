"""How much of what people wrote was read, and by whom: from the audit log."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count

from service.console.models import AuditEntry
from service.console.reviewing import READ
from service.console.selection import Selection, start_of, week_of

A_WEEK = timedelta(days=7)


def weeks_of(selection: Selection) -> list[date]:
    """The Mondays of the weeks that the days lie in, oldest first."""
    return sorted({week_of(day) for day in selection.each_day()})


def conversations_read(selection: Selection) -> Mapping[str, list[int]]:
    """By user name, how many conversations somebody read in each week; demo data and all channels count, too."""
    weeks = weeks_of(selection)
    read: dict[str, list[int]] = {}
    for place, week in enumerate(weeks):
        entries = AuditEntry.objects.filter(action=READ, at__gte=start_of(week), at__lt=start_of(week + A_WEEK))
        for who, count in entries.order_by().values_list("who").annotate(Count("conversation", distinct=True)):
            read.setdefault(who, [0] * len(weeks))[place] = count
    return dict(sorted(read.items()))

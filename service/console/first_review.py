"""How long emergencies wait until somebody of the staff opens them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.conversations.models import Conversation, Risk

LOOKED_AT, MOST_LOOKED_AT = timedelta(days=7), 1000


@dataclass(frozen=True)
class FirstReview:
    """Of the emergencies of the last seven days, demo data aside: the waits of those that were opened, and the others.

    `median` and `slowest_tenth` (the 90th percentile) are None where none was opened.
    """

    emergencies: int
    not_opened: int
    median: timedelta | None
    slowest_tenth: timedelta | None


def first_review(now: datetime) -> FirstReview:
    """As it is now; of the newest thousand where there are more."""
    since = now - LOOKED_AT
    lately = Conversation.objects.filter(last_at__gte=since)  # has an index; due soon after it, or not at all
    due = lately.filter(due_at__gte=since, risk__gte=Risk.EMERGENCY, is_demo=False)
    times = list(due.order_by("-due_at").values_list("due_at", "first_review_at")[:MOST_LOOKED_AT])
    waits = sorted(opened_at - due_at for due_at, opened_at in times if opened_at)
    return FirstReview(len(times), len(times) - len(waits), _quantile(waits, 0.5), _quantile(waits, 0.9))


def _quantile(waits: list[timedelta], share: float) -> timedelta | None:
    """The wait that this share of them does not exceed; of two in the middle, halfway.

    >>> minutes = [timedelta(minutes=one) for one in (1, 2, 3, 10)]
    >>> _quantile(minutes, 0.5), _quantile([], 0.5)
    (datetime.timedelta(seconds=150), None)
    """
    if not waits:
        return None
    at = share * (len(waits) - 1)
    below, above = waits[int(at)], waits[min(int(at) + 1, len(waits) - 1)]
    return below + (above - below) * (at - int(at))

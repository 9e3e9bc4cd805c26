"""What was said on one day, counted by the database; days before today are counted once an hour."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.cache import caches
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Floor

from baclofen_faq.triage import Level
from service.console.selection import Selection, start_of
from service.console.topics import NOT_ASKED_FOR
from service.conversations.models import Conversation, Message

KEPT_SECONDS = 3600
FINE_UNTIL, FINE, COARSE = 1000, 10, 100  # milliseconds: buckets of 10 below a second, of 100 above
TENTHS = 10


@dataclass
class DayCounts:
    """How often what happened on a day.

    `answers` by answer id; `confidences` by tenth (9: 0.9 and more); `latencies` by the start of their bucket in
    milliseconds; `feedback` by what was said.
    """

    conversations: int = 0
    emergencies: int = 0
    unanswered: int = 0
    undelivered: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    confidences: Counter[int] = field(default_factory=Counter)
    latencies: Counter[int] = field(default_factory=Counter)
    feedback: Counter[str] = field(default_factory=Counter)


def count(selection: Selection) -> dict[date, DayCounts]:
    """The counts of each day, oldest first."""
    days = selection.each_day()
    cache = caches["figures"]
    keys = {day: f"{day}:{selection.channel}:{selection.is_demo}" for day in days if day != selection.last_day}
    known = {} if selection.is_demo else cache.get_many(keys.values())  # demo data come and go at once
    counts = {day: known.get(keys.get(day)) or _counted(day, selection) for day in days}
    cache.set_many({key: counts[day] for day, key in keys.items() if key not in known}, KEPT_SECONDS)
    return counts


def _counted(day: date, selection: Selection) -> DayCounts:
    """One day, by two queries that read no more than that day."""
    counts = DayCounts()
    of_day = Selection(1, selection.channel, selection.is_demo, today=day)
    begun = of_day.conversations().aggregate(all=Count("pk"), urgent=Count("pk", Q(level=Level.EMERGENCY.value)))
    counts.conversations, counts.emergencies = begun["all"], begun["urgent"]
    for row in _groups(of_day):
        if row["direction"] == Message.Direction.IN:
            _add_heard(counts, row)
        else:
            _add_said(counts, row)
    return counts


def _groups(of_day: Selection) -> "QuerySet[Message, dict]":
    """The day's messages by all that is counted of them."""
    day = of_day.last_day
    said = Message.objects.filter(said_at__gte=start_of(day), said_at__lt=start_of(day + timedelta(days=1)))
    made_up = Q(conversation__in=Conversation.objects.filter(is_demo=True))  # few: no look at the row of each message
    said = said.filter(made_up if of_day.is_demo else ~made_up)
    if of_day.channel:
        said = said.filter(conversation__channel=of_day.channel)
    bucket = Case(
        When(latency_ms__lt=FINE_UNTIL, then=F("latency_ms") / FINE * FINE),
        default=F("latency_ms") / COARSE * COARSE,
    )
    names = ("direction", "level", "position", "answer_id", "feedback", "delivery", "bucket", "tenth")
    marked = said.annotate(bucket=bucket, tenth=Floor(F("confidence") * TENTHS))
    return marked.order_by().values(*names).annotate(count=Count("pk"))


def _add_heard(counts: DayCounts, row: dict) -> None:
    if row["tenth"] is not None:
        counts.confidences[min(int(row["tenth"]), TENTHS - 1)] += row["count"]
    if row["bucket"] is not None:
        counts.latencies[row["bucket"]] += row["count"]


def _add_said(counts: DayCounts, row: dict) -> None:
    """An answer is what has a level: "Was this helpful?" and the like have none."""
    if row["answer_id"] == NOT_ASKED_FOR and row["position"] == 0:
        counts.unanswered += row["count"]
    elif row["level"] == Level.INFORMATION.value:
        counts.answers[row["answer_id"]] += row["count"]
    if row["delivery"] == Message.Delivery.UNDELIVERED:
        counts.undelivered += row["count"]
    if row["feedback"]:
        counts.feedback[row["feedback"]] += row["count"]


def percentile(latencies: Counter[int], share: float) -> float | None:
    """The milliseconds within which that share of messages was answered; None where there were none.

    Within a bucket they are taken to be spread evenly.

    >>> percentile(Counter({50: 10}), 0.5), percentile(Counter({50: 90, 1000: 10}), 0.95), percentile(Counter(), 0.5)
    (55.0, 1050.0, None)
    """
    wanted = share * latencies.total()
    below = 0
    for start, many in sorted(latencies.items()):
        if below + many >= wanted and many:
            width = FINE if start < FINE_UNTIL else COARSE
            return start + width * (wanted - below) / many
        below += many
    return None


def together(counts: Iterable[DayCounts], name: str) -> Counter:
    """One of the counters over several days."""
    return sum((getattr(one, name) for one in counts), Counter())

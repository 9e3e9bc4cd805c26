"""The charts of the figures page, each with the numbers for the table behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from service.console import day_counts, plain_words, topics
from service.console.day_counts import TENTHS, DayCounts, percentile
from service.console.selection import week_of

TOPICS_SHOWN = 20
HELPFUL = "helpful"
Number = float | int | None


@dataclass(frozen=True)
class Series:
    """A column of the table, and a line or a row of bars where it `is_drawn`.

    `tone`: plain, urgent or calm, for its colour, which never tells alone.
    """

    name: str
    values: Sequence[Number]
    tone: str = "plain"
    is_drawn: bool = True


@dataclass(frozen=True)
class Chart:
    """What is drawn and tabled.

    `gist`: a sentence that says what is to be seen, for those who do not see it. `kind`: bars, sideways or lines.
    `of`: what the labels are. `unit`: of the values. `most`: the end of the scale, None where the values decide.
    """

    id: str
    title: str
    gist: str
    kind: str
    of: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    most: float | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value is not None and value > 0 for one in self.series for value in one.values)

    def rows(self) -> list[tuple[str, list[Number]]]:
        """Each label with its values."""
        return [(label, [one.values[place] for one in self.series]) for place, label in enumerate(self.labels)]

    def as_json(self) -> dict[str, Any]:
        """What figures.js draws."""
        return asdict(self)


def conversations(counts: Mapping[date, DayCounts]) -> Chart:
    """Conversations a day, and those with an emergency."""
    begun = [one.conversations for one in counts.values()]
    urgent = [one.emergencies for one in counts.values()]
    gist = f"{sum(begun):,} conversations began, {sum(urgent):,} of them with an emergency. {_most(counts, begun)}"
    shown = [Series("conversations", begun), Series("with an emergency", urgent, "urgent")]
    return Chart("conversations", "Conversations and emergencies a day", gist, "lines", "day", _days(counts), shown)


def answered(counts: Mapping[date, DayCounts]) -> Chart:
    """The twenty answers that were sent most."""
    sent = day_counts.together(counts.values(), "answers").most_common(TOPICS_SHOWN)
    named = [topics.questions().get(id, id.replace("_", " ")) for id, _ in sent]
    first = f"Sent most: {named[0]} ({sent[0][1]:,} times)." if sent else "No answer was sent."
    values = [Series("answers sent", [count for _, count in sent])]
    return Chart(
        "topics", f"What was answered most (at most {TOPICS_SHOWN})", first, "sideways", "answer", named, values
    )


def unanswered(counts: Mapping[date, DayCounts]) -> Chart:
    """Messages a day to which the bot had no answer."""
    values = [one.unanswered for one in counts.values()]
    gist = f"{sum(values):,} messages had no answer. {_most(counts, values)}"
    return Chart("unanswered", "Not answered, a day", gist, "bars", "day", _days(counts), [Series("messages", values)])


def undelivered(counts: Mapping[date, DayCounts]) -> Chart:
    """Replies a day that did not reach their person."""
    values = [one.undelivered for one in counts.values()]
    gist = f"{sum(values):,} replies were not delivered. {_most(counts, values)}"
    shown = [Series("replies", values, "urgent")]
    return Chart("undelivered", "Not delivered, a day", gist, "bars", "day", _days(counts), shown)


def confidence(counts: Mapping[date, DayCounts]) -> Chart:
    """How sure the bot was of what was asked, by tenths."""
    found = day_counts.together(counts.values(), "confidences")
    values = [found[tenth] for tenth in range(TENTHS)]
    low = sum(values[:5])
    gist = f"{low:,} of {sum(values):,} messages were understood with less than 0.5, which is not answered."
    labels = [f"{tenth / 10:.1f} to {(tenth + 1) / 10:.1f}" for tenth in range(TENTHS)]
    title = "How sure the bot was"
    return Chart("confidence", title, gist, "bars", "confidence", labels, [Series("messages", values)])


def latency(counts: Mapping[date, DayCounts]) -> Chart:
    """Within how many milliseconds half of the messages, and 95 of 100, were answered."""
    half = [percentile(one.latencies, 0.5) for one in counts.values()]
    most = [percentile(one.latencies, 0.95) for one in counts.values()]
    all_days = day_counts.together(counts.values(), "latencies")
    median, late = percentile(all_days, 0.5), percentile(all_days, 0.95)
    gist = (
        f"Half of the messages were answered within {median:.0f} ms, 95 of 100 within {late:.0f} ms."
        if median is not None and late is not None
        else "Nothing was measured."
    )
    shown = [Series("half within (p50)", _rounded(half)), Series("95 of 100 within (p95)", _rounded(most), "urgent")]
    return Chart("latency", "Time to an answer", gist, "lines", "day", _days(counts), shown, unit="ms")


def helpful(counts: Mapping[date, DayCounts]) -> Chart:
    """Of those who said something of an answer, how many found it helpful; week by week."""
    weeks: dict[date, list[DayCounts]] = {}
    for day, one in counts.items():
        weeks.setdefault(week_of(day), []).append(one)
    said = [day_counts.together(of_week, "feedback") for of_week in weeks.values()]
    every = day_counts.together(counts.values(), "feedback")
    gist = f"{every[HELPFUL]:,} of {every.total():,} answers that something was said of were called helpful."
    shares = [round(100 * one[HELPFUL] / one.total()) if one.total() else None for one in said]
    tabled = [Series(label, [one[id] for one in said], is_drawn=False) for id, label in plain_words.FEEDBACK.items()]
    shown = [Series("helpful, %", shares, "calm"), *tabled]
    return Chart("helpful", "Called helpful, a week", gist, "lines", "week from", _named(weeks), shown, "%", 100)


def reading(weeks: Sequence[date], read: Mapping[str, Sequence[int]], is_by_person: bool) -> Chart:
    """Conversations read in each week, by person or together."""
    together = [sum(values) for values in zip(*read.values())] or [0] * len(weeks)
    shown = [Series(who, values) for who, values in read.items()] if is_by_person else [Series("all staff", together)]
    gist = f"In all weeks together {sum(together):,} conversations were read; each counts once a person and week."
    return Chart("reading", "Conversations read by staff, a week", gist, "bars", "week from", _named(weeks), shown)


def _days(counts: Mapping[date, DayCounts]) -> list[str]:
    return [f"{day:%-d %b}" for day in counts]


def _named(weeks: Iterable[date]) -> list[str]:
    return [f"{week:%-d %b}" for week in weeks]


def _rounded(values: Iterable[float | None]) -> list[Number]:
    return [None if value is None else round(value) for value in values]


def _most(counts: Mapping[date, DayCounts], values: Sequence[int]) -> str:
    """On which day it was most."""
    most = max(values, default=0)
    day = list(counts)[list(values).index(most)] if most else None
    return f"Most on {day:%-d %B}: {most:,}." if day else "None on any day."

"""Figures: what was asked, how it was answered, who read it; and what the bot catches, as far as reviewers say."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from service.console import charts, day_counts, readings, reviewed
from service.console.filter_form import channel_choices
from service.console.live_estimate import missing, over_escalation, recall
from service.console.measured import measured
from service.console.roles import May, only_who_may
from service.console.selection import RANGES, Selection

USUAL_DAYS = 30


class SelectionForm(forms.Form):
    """Which days, which channel; demo data by itself."""

    days = forms.TypedChoiceField(
        label="Time", choices=[(days, f"last {days} days") for days in RANGES], coerce=int, empty_value=USUAL_DAYS,
        initial=USUAL_DAYS, required=False,
    )  # fmt: skip
    channel = forms.ChoiceField(label="Channel", required=False)
    demo = forms.BooleanField(label="Show demo data", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["channel"].choices = [("", "all channels"), *channel_choices()]

    def selection(self) -> Selection:
        """What is chosen; what makes no sense is as if it were not there."""
        self.is_valid()
        chosen = self.cleaned_data
        return Selection(chosen.get("days") or USUAL_DAYS, chosen.get("channel") or "", bool(chosen.get("demo")))


@require_GET
@only_who_may(May.READ)
def figures(request: HttpRequest) -> HttpResponse:
    """Charts and tables without words; who read what by name only for those who may read the audit log."""
    form = SelectionForm(request.GET or {"days": USUAL_DAYS})
    selection = form.selection()
    shown = _charts(request.user, selection)
    about = {
        "form": form,
        "selection": selection,
        "first_day": selection.each_day()[0],
        "charts": shown,
        "drawn": [chart.as_json() for chart in shown],
        **_estimate(selection),
    }
    return render(request, "console/figures.html", about)


def _charts(user: Any, selection: Selection) -> list[charts.Chart]:
    counts = day_counts.count(selection)
    read = readings.conversations_read(selection)
    drawn = (
        charts.conversations,
        charts.answered,
        charts.unanswered,
        charts.undelivered,
        charts.confidence,
        charts.latency,
        charts.helpful,
    )
    reading = charts.reading(readings.weeks_of(selection), read, user.may(May.READ_AUDIT))
    return [*(draw(counts) for draw in drawn), reading]


def _estimate(selection: Selection) -> dict[str, Any]:
    """What the bot catches in live talk, and beside it what was measured on the blind messages."""
    escalated, *others = groups = reviewed.groups(selection)
    return {
        "groups": groups,
        "before_the_draw": reviewed.before_the_draw(selection),
        "recall": recall(escalated, others),
        "over_escalation": over_escalation(escalated, others),
        "missing": missing(groups),
        "measured": measured(),
    }

"""Missed emergencies: today's triage over all that was said, and the messages whose level is another one today."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from baclofen_faq.triage import triage_version
from service.console import audit, second_looks, topics
from service.console.roles import May, only_who_may
from service.conversations import second_look

READ, LOOKED = "missed emergencies read", "stored conversations judged again"
SLICE_SECONDS = 3.0


@only_who_may(May.READ)
@require_GET
def finder(request: HttpRequest) -> HttpResponse:
    """Fifty differences, the gravest first; with `?open=1` those that nobody has reviewed."""
    only_open = "open" in request.GET
    found = second_looks.differences(only_open)
    rows, last = second_looks.rows_after(found, request.GET.get("after", ""))
    for row in rows:
        row.button = topics.button_title(row.message.text)
    audit.record_each(request.user.get_username(), READ, [row.message.conversation_id for row in rows])
    about = {
        "rows": rows,
        "last": last,
        "groups": second_looks.groups(found),
        "only_open": only_open,
        "is_first": "after" not in request.GET,
    }
    return render(request, "console/finder.html", about | _looking(second_look.left()))


@only_who_may(May.REVIEW)
@require_POST
def look_again(request: HttpRequest) -> HttpResponse:
    """Judge stored conversations again for three seconds; the page asks by itself for more until none is left."""
    if "X-Polling" not in request.headers:  # not for every slice of what one press began
        audit.record(request.user.get_username(), LOOKED, triage_version=triage_version())
    left = second_look.look_again(SLICE_SECONDS)
    if request.htmx:
        return render(request, "console/finder_looking.html", _looking(left) | {"is_going": True})
    messages.success(request, f"{_many(left)} left. Press again to go on." if left else "All were looked at.")
    return redirect("finder")


def _looking(left: int) -> dict[str, Any]:
    return {"left": left, "left_shown": _many(left), "triage_version": triage_version()}


def _many(count: int) -> str:
    return f"{count:,} or more" if count >= second_look.MOST_COUNTED else f"{count:,}"

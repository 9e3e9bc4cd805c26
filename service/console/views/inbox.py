"""The safety inbox: what waits for staff, live; and the way to the most urgent conversation."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from service.console import alerts, queue, skipped
from service.console.first_review import first_review
from service.console.roles import May, only_who_may

NOTHING_NEW = 204  # htmx leaves the page as it is


@only_who_may(May.READ)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """The start page; with `?section=` one section by itself, a hundred rows a page."""
    return render(request, "console/inbox.html", _about(_asked_for(request)) | _asked(request))


@only_who_may(May.READ)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """What the inbox shows, where that is not what `?since=` stands for; a page asks every two seconds."""
    now_shown = _asked_for(request)
    if now_shown.token == request.GET.get("since"):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "console/inbox_list.html", _about(now_shown) | _asked(request))


@only_who_may(May.READ)
@require_GET
def unread(request: HttpRequest) -> HttpResponse:
    """The counter in the menu, and word of new emergencies, where something changed since `?count=` and `?alert=`."""
    count, alert = queue.unread(), queue.last_alert()
    if (str(count), str(alert)) == (request.GET.get("count"), request.GET.get("alert")):
        return HttpResponse(status=NOTHING_NEW)
    return render(request, "console/unread_news.html", queue.new_emergencies(_number(request, "alert") or 0))


@only_who_may(May.READ)
@require_GET
def next_conversation(request: HttpRequest) -> HttpResponse:
    """Open the most urgent conversation; with `?skip=` not that one, until something new is said in it."""
    skip = _number(request, "skip")
    if skip:
        skipped.add(request.session, skip)
    passed_over = skipped.numbers(request.session)
    found = queue.next_for(request.user.get_username(), passed_over, timezone.now())
    if found:
        return redirect("conversation", found.pk)
    skipped.clear(request.session)
    left = "Only conversations that you skipped are left." if passed_over else "Nothing else waits for you."
    messages.info(request, left)
    return redirect("inbox")


def _asked_for(request: HttpRequest) -> queue.Inbox:
    name, now = request.GET.get("section"), timezone.now()
    found = queue.page(name, now, _number(request, "after")) if name else queue.inbox(now)
    if found is None:
        raise Http404("no such section")
    return found


def _about(shown: queue.Inbox) -> dict[str, Any]:
    return {"inbox": shown, "first_review": first_review(timezone.now()), "not_sent": alerts.undelivered()}


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"only": request.GET.get("section", ""), "after": _number(request, "after")}


def _number(request: HttpRequest, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None

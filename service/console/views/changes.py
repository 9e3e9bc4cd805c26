"""Changes to propose: what reviewers corrected, whether the bot gets it right now, and the patch of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST

from baclofen_faq.triage import triage_version
from service.console import audit, bot_now, topics, training
from service.console.list_page import ROWS, list_page
from service.console.proposals import ProposalFilter, drop, proposals
from service.console.roles import May, only_who_may
from service.console.views.conversations import PlaceForm
from service.conversations.models import Verdict

READ, CHECKED = "changes read", "changes checked"
CHECK_SECONDS = 2.0
MOST_LINES = 20  # of what is said of an export; the command says all of it


@only_who_may(May.READ)
@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """Fifty of those that are filtered, with the words of the persons: so it is recorded whose."""
    filters = ProposalFilter(request.GET, proposals())
    place = PlaceForm(request.GET)
    place.is_valid()
    page = list_page(filters.qs, **place.cleaned_data)
    audit.record_each(request.user.get_username(), READ, [change.message.conversation_id for change in page.rows])
    link = request.GET.copy()
    for name in ("before", "after"):
        link.pop(name, None)
    about = {
        "page": page,
        "form": filters.form,
        "link": link.urlencode(),
        "changes": [_about(one) for one in page.rows],
    }
    return render(request, "console/changes.html", about)


@only_who_may(May.REVIEW)
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Ask what the bot makes of some of them now, for two seconds; the page asks by itself for the rest."""
    given = request.POST.getlist("change")
    numbers = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19][:ROWS]
    due = sorted(proposals().filter(pk__in=numbers), key=_oldest_check_first)
    checked = bot_now.check(due, CHECK_SECONDS)
    turns = [verdict.message_id for verdict in checked]
    audit.record(request.user.get_username(), CHECKED, turns=turns)
    left = due[len(checked) :]
    if request.htmx:
        found = proposals().filter(pk__in=[one.pk for one in checked])
        about = {
            "changes": [_about(one) for one in found],
            "left": left,
            "is_all": "all" in request.POST,
            "is_going": True,
        }
        return render(request, "console/changes_checked.html", about)
    more = f" {len(left)} are left: press again." if left else ""
    messages.success(request, f"{len(checked)} checked.{more}")
    return _back(request)


@only_who_may(May.REVIEW)
@require_POST
def drop_change(request: HttpRequest, number: int) -> HttpResponse:
    """Propose it no longer."""
    drop(request.user.get_username(), number)
    messages.success(request, "Dropped: it is not proposed any more.")
    return _back(request)


@only_who_may(May.EXPORT)
@require_POST
def export_training(request: HttpRequest) -> HttpResponse:
    """The patch that `manage.py export_training` writes; what is left out and why is said on the next page."""
    try:
        made = training.make()
    except OSError:
        messages.error(request, "The training files are not here. Run manage.py export_training where the sources are.")
        return _back(request)
    patch = training.hand_over(request.user.get_username(), made)
    lines = made.summary()
    more = [f"And {len(lines) - MOST_LINES} more."] if len(lines) > MOST_LINES else []
    messages.info(request, format_html_join(mark_safe("<br>"), "{}", ([line] for line in lines[:MOST_LINES] + more)))
    if not patch:
        return _back(request)
    name = f'attachment; filename="{training.FILE_NAME}"'
    return HttpResponse(patch, content_type="text/x-patch; charset=utf-8", headers={"Content-Disposition": name})


def _about(change: Verdict) -> dict[str, Any]:
    """A change as the page shows it."""
    message = change.message
    return {
        "verdict": change,
        "now": change.now,
        "button": topics.button_title(message.text),
        "intent": _topic(message.intent),
        "right_topic": _topic(change.right_topic),
        "intent_now": _topic(change.intent_now),
        "answers": [reply.answer_id for reply in message.replies.all()],
        "is_old": change.triage_now != triage_version(),
    }


def _topic(intent: str) -> str:
    return topics.intents().get(intent, intent.replace("_", " "))


def _oldest_check_first(change: Verdict) -> tuple[bool, Any]:
    """Those that were never asked about first, then the oldest."""
    return change.checked_at is not None, change.checked_at or timezone.now()


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('changes')}?{request.GET.urlencode()}")

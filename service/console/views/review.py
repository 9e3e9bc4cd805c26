"""What staff who may review do on the page of a conversation: state, assignment, flag."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from service.console import reviewing
from service.console.roles import May, only_who_may
from service.console.views.conversation import about_conversation
from service.conversations.models import Conversation, State


@only_who_may(May.REVIEW)
@require_POST
def state(request: HttpRequest, number: int) -> HttpResponse:
    """Say how far one is; "done" leads to the next conversation, "new" back to the inbox."""
    get_object_or_404(Conversation, pk=number)
    if request.POST.get("state") not in State.values:
        return HttpResponseBadRequest("That is not a state.")
    chosen = State(request.POST["state"])
    here = reverse("conversation", args=[number])
    seen, known = request.POST.get("seen", ""), request.POST.get("known", "")
    entry = int(known) if known.isascii() and known.isdigit() and len(known) < 19 else 0
    why_not = reviewing.set_state(request.user.get_username(), number, chosen, seen, entry)
    if why_not:
        messages.warning(request, f"Nothing was changed: {why_not}")
        return redirect(f"{here}#end")
    messages.success(request, format_html('<a href="{}">Conversation {}</a> is now: {}.', here, number, chosen.label))
    return redirect({State.DONE: "inbox_next", State.NEW: "inbox"}.get(chosen, here))


@only_who_may(May.REVIEW)
@require_POST
def flag(request: HttpRequest, number: int) -> HttpResponse:
    """Flag it, or take the flag away."""
    get_object_or_404(Conversation, pk=number)
    if request.POST.get("flag") not in ("on", "off"):
        return HttpResponseBadRequest("A flag is on or off.")
    is_on = request.POST["flag"] == "on"
    reviewing.set_flag(request.user.get_username(), number, is_on)
    return _handling(request, number, "Flagged" if is_on else "Flag removed")


@only_who_may(May.REVIEW)
@require_POST
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Give it to somebody who may review, or to nobody."""
    get_object_or_404(Conversation, pk=number)
    to = request.POST.get("assignee")
    if to is None or to not in ("", *reviewing.assignable()):
        return HttpResponseBadRequest("Nobody of that name may review.")
    reviewing.assign(request.user.get_username(), number, to)
    return _handling(request, number, f"Assigned to {to or 'nobody'}")


def _handling(request: HttpRequest, number: int, announced: str) -> HttpResponse:
    """The part of the page that shows it, or the page by itself where the whole form was sent."""
    if not request.htmx:
        return redirect("conversation", number)
    conversation = get_object_or_404(Conversation, pk=number)
    seen, known = request.POST.get("seen", ""), request.POST.get("known", "")  # no more came on the screen by this
    about = {"assignable": reviewing.assignable(), "is_news": True, "announced": announced, "known": known}
    return render(request, "console/conversation_handling.html", about_conversation(conversation, seen) | about)

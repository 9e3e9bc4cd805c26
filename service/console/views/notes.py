"""The one thread of notes of a conversation."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from service.console import reviewing
from service.console.roles import May, only_who_may
from service.conversations.models import Conversation

LONGEST = 4000
TOO_LONG_OR_EMPTY = f"Not saved: write something, at most {LONGEST:,} characters."


@only_who_may(May.REVIEW)
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Add a note."""
    get_object_or_404(Conversation, pk=number)
    text = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if not 0 < len(text) <= LONGEST:
        return _notes(request, number, TOO_LONG_OR_EMPTY)
    reviewing.write_note(request.user.get_username(), number, text)
    return _notes(request, number)


@only_who_may(May.REVIEW)
@require_POST
def delete(request: HttpRequest, number: int, note: int) -> HttpResponse:
    """Delete one's own note."""
    if not reviewing.delete_note(request.user.get_username(), number, note):
        raise Http404("no such note of yours")
    return _notes(request, number)


def _notes(request: HttpRequest, number: int, error: str = "") -> HttpResponse:
    """The thread, or the whole page where the whole form was sent."""
    conversation = get_object_or_404(Conversation, pk=number)
    if request.htmx:
        return render(request, "console/conversation_notes.html", {"conversation": conversation, "error": error})
    if error:
        messages.error(request, error)
    return redirect(f"{reverse('conversation', args=[number])}#notes")

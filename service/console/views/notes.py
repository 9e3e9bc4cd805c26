"""The one thread of notes of a conversation."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget

from service.console import reviewing
from service.console.roles import May, only_who_may
from service.conversations.models import Conversation

LONGEST = 4000
TOO_LONG_OR_EMPTY = f"Write something, at most {LONGEST:,} characters."


class NoteForm(forms.Form):
    """A note's text."""

    text = forms.CharField(
        max_length=LONGEST, error_messages={"required": TOO_LONG_OR_EMPTY, "max_length": TOO_LONG_OR_EMPTY}
    )


@only_who_may(May.REVIEW)
@require_POST
def write(request: HttpRequest, number: int) -> HttpResponse:
    """Add a note."""
    get_object_or_404(Conversation, pk=number)
    form = NoteForm({"text": request.POST.get("text", "").replace("\r\n", "\n")})
    if not form.is_valid():
        return _refused(request, number, f"Not saved: {form.errors['text'][0]}")
    reviewing.write_note(request.user.get_username(), number, form.cleaned_data["text"])
    return _notes(request, number, "Note saved")


@only_who_may(May.REVIEW)
@require_POST
def delete(request: HttpRequest, number: int, note: int) -> HttpResponse:
    """Delete one's own note."""
    if not reviewing.delete_note(request.user.get_username(), number, note):
        raise Http404("no such note of yours")
    return _notes(request, number, "Note deleted")


def _notes(request: HttpRequest, number: int, announced: str = "") -> HttpResponse:
    """The thread, or the whole page where the whole form was sent."""
    if not request.htmx:
        return redirect(f"{reverse('conversation', args=[number])}#notes")
    conversation = get_object_or_404(Conversation, pk=number)
    about = {"conversation": conversation, "announced": announced}
    return render(request, "console/conversation_notes.html", about)


def _refused(request: HttpRequest, number: int, error: str) -> HttpResponse:
    """Why, beside the field; nothing of the thread, since nothing is recorded."""
    if request.htmx:
        return reswap(retarget(HttpResponse(error), "#note-error"), "innerHTML")
    messages.error(request, error)
    return _notes(request, number)

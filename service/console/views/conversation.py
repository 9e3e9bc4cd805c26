"""One conversation: its transcript, live, with what the bot made of each turn and what staff say of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from service.console import reviewing, transcript
from service.console.roles import May, only_who_may
from service.conversations.models import Conversation, Message, State

NOTHING_NEW = 204
URGENT_SHOWN = 6


@only_who_may(May.READ)
@require_GET
def conversation(request: HttpRequest, number: int) -> HttpResponse:
    """The last fifty turns; with `?before=` a message's number those before it, with `?turn=` those up to it."""
    get_object_or_404(Conversation, pk=number)
    before, until = _message(request, number, "before"), _message(request, number, "turn")
    asked = {name: one.pk for name, one in (("before", before), ("turn", until)) if one}
    reviewing.open_for(request.user, number, **asked)
    known = reviewing.last_change_of(number)
    shown = get_object_or_404(Conversation, pk=number)
    messages = transcript.messages_of(shown)
    turns = transcript.transcript(shown, before, until)
    about = {
        **about_conversation(shown, reviewing.seen_of(shown) if turns.is_end else ""),
        "transcript": turns,
        "messages_shown": messages,
        "urgent": transcript.urgent(shown, URGENT_SHOWN),
        "assignable": reviewing.assignable(),
        "known": known,
    }
    return render(request, "console/turns.html" if request.htmx else "console/conversation.html", about)


@only_who_may(May.READ)
@require_GET
def news(request: HttpRequest, number: int) -> HttpResponse:
    """The turns after `?after=`, once the conversation has more than `?count=` messages; asked every two seconds."""
    shown = Conversation.objects.filter(pk=number).first()
    if shown is None:  # erased meanwhile: its words leave the screen
        return HttpResponse(status=NOTHING_NEW, headers={"HX-Refresh": "true"})
    messages = transcript.messages_of(shown)
    if str(messages) == request.GET.get("count"):
        return HttpResponse(status=NOTHING_NEW)
    reviewing.record_reading(request.user, number, messages=messages)
    last = _message(request, number, "after")
    turns = transcript.turns_after(shown, last)
    is_end = not turns or not transcript.turns_after(shown, turns[-1].heard, 1)
    about = {
        **about_conversation(shown, reviewing.seen_of(shown) if is_end else ""),
        "turns": turns,
        "last": turns[-1].heard.pk if turns else request.GET.get("after", 0),
        "last_before": transcript.turn_of(last) if last else None,
        "messages_shown": messages if is_end else 0,  # so that the rest comes next
    }
    return render(request, "console/conversation_news.html", about)


def about_conversation(shown: Conversation, seen: str) -> dict[str, Any]:
    """What all parts of the page need; `seen`: `seen_of` what is on the screen, "" where that is not its end."""
    return {"conversation": shown, "seen": seen, "states": State.choices}


def _message(request: HttpRequest, number: int, name: str) -> Message | None:
    """The message of this conversation whose number is asked for; None where none is."""
    given = request.GET.get(name, "")
    if not given.isascii() or not given.isdigit():
        return None
    return get_object_or_404(Message, pk=given, conversation=number, direction=Message.Direction.IN)

"""One conversation: its transcript, live, with what the bot made of each turn and what staff say of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from service.console import reach, reviewing, transcript
from service.console.roles import May, only_who_may
from service.conversations.models import Conversation, Message, State

NOTHING_NEW = 204
URGENT_SHOWN = 6
APART = "-"


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
    messages, reached = transcript.messages_of(shown), reach.reach_of(shown)
    turns = transcript.transcript(shown, before, until)
    about = {
        **about_conversation(shown, reviewing.seen_of(shown) if turns.is_end else ""),
        "reach": reached,
        "transcript": turns,
        "count_shown": _count(messages, reached),
        "urgent": transcript.urgent(shown, URGENT_SHOWN),
        "assignable": reviewing.assignable(),
        "known": known,
    }
    return render(request, "console/turns.html" if request.htmx else "console/conversation.html", about)


@only_who_may(May.READ)
@require_GET
def news(request: HttpRequest, number: int) -> HttpResponse:
    """The turns after `?after=`, once `?count=` is not what it has any more; asked every two seconds."""
    shown = Conversation.objects.filter(pk=number).first()
    if shown is None:  # erased meanwhile: its words leave the screen
        return HttpResponse(status=NOTHING_NEW, headers={"HX-Refresh": "true"})
    messages, reached = transcript.messages_of(shown), reach.reach_of(shown)
    known = request.GET.get("count", "")
    if _count(messages, reached) == known:
        return HttpResponse(status=NOTHING_NEW)
    reviewing.record_reading(request.user, number, messages=messages)
    last = _message(request, number, "after")
    turns = transcript.turns_after(shown, last)
    is_reach_news = known.partition(APART)[2] != reached.token
    is_end = not turns or not transcript.turns_after(shown, turns[-1].heard, 1)
    about = {
        **about_conversation(shown, reviewing.seen_of(shown) if is_end else ""),
        "turns": turns,
        "last": turns[-1].heard.pk if turns else request.GET.get("after", 0),
        "reach": reached,
        "is_reach_news": is_reach_news,
        "shown_before": _shown_before(shown, last, is_reach_news),
        "count_shown": _count(messages, reached) if is_end else 0,  # so that the rest comes next
    }
    return render(request, "console/conversation_news.html", about)


def about_conversation(shown: Conversation, seen: str) -> dict[str, Any]:
    """What all parts of the page need; `seen`: `seen_of` what is on the screen, "" where that is not its end."""
    return {"conversation": shown, "seen": seen, "states": State.choices}


def _count(messages: int, reached: reach.Reach) -> str:
    """Stands for what a page shows of a conversation: how many messages, and how far the replies are."""
    return f"{messages}{APART}{reached.token}" if reached.token else str(messages)


def _shown_before(shown: Conversation, last: Message | None, is_reach_news: bool) -> list[transcript.Turn]:
    """The turns on the screen whose replies may be others now: the last, which may be answered late; or all."""
    if last is None:
        return []
    return transcript.transcript(shown, until=last).turns if is_reach_news else [transcript.turn_of(last)]


def _message(request: HttpRequest, number: int, name: str) -> Message | None:
    """The message of this conversation whose number is asked for; None where none is."""
    given = request.GET.get(name, "")
    if not given.isascii() or not given.isdigit():
        return None
    return get_object_or_404(Message, pk=given, conversation=number, direction=Message.Direction.IN)

"""What a reviewer says of one turn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from service.console import verdicts
from service.console.roles import May, only_who_may
from service.conversations.models import Message


@only_who_may(May.REVIEW)
@require_POST
def verdict(request: HttpRequest, number: int, message: int) -> HttpResponse:
    """Keep a reason code with what it should have been, or take it back where the code is empty."""
    said = get_object_or_404(Message, pk=message, conversation=number, direction=Message.Direction.IN)
    by, code = request.user.get_username(), request.POST.get("code")
    if code == "":
        verdicts.take_back(by, said)
        return _verdict(request, _stored(said))
    if code not in verdicts.Code.values:
        return HttpResponseBadRequest("That is not one of the choices.")
    form = verdicts.VerdictForm(request.POST, message=said)
    if not form.is_valid():
        return _verdict(request, verdicts.said_in(form))
    verdicts.give(by, said, form)
    return _verdict(request, _stored(said))


def _stored(message: Message) -> verdicts.Said:
    return verdicts.said_of(Message.objects.select_related("verdict").get(pk=message.pk))


def _verdict(request: HttpRequest, said: verdicts.Said) -> HttpResponse:
    """The part of the page that shows it, or the page at that turn where the whole form was sent."""
    if request.htmx:
        return render(request, "console/verdict.html", {"said": said, "is_open": True, "is_news": True})
    for error in said.errors:
        messages.error(request, error)
    turn = said.message.pk
    return redirect(f"{reverse('conversation', args=[said.message.conversation_id])}?turn={turn}#turn-{turn}")

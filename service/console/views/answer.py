"""One answer: its texts, who got them, what was asked before; withdrawing it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from baclofen_faq.answers import Vetted
from service.console import switches, wordings
from service.console.answer_rows import rows
from service.console.asked_before import MOST_SHOWN, read_asked_before
from service.console.roles import May, only_who_may
from service.console.sent import sent
from service.console.vetted import SHELF
from service.conversations import controls

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It is kept in the audit log. Write nothing about a patient here.",
        error_messages={"required": "Write why."},
    )


@require_GET
@only_who_may(May.READ)
def answer(request: HttpRequest, id: str) -> HttpResponse:
    """Every text of it, exactly, and how each did."""
    return _page(request, id, ReasonForm(label_suffix=""))


@require_GET
@only_who_may(May.READ)
def asked(request: HttpRequest, id: str) -> HttpResponse:
    """Words of patients: what was asked before it. That they were read is recorded."""
    vetted = SHELF.current()
    if id not in vetted.answers:
        raise Http404
    found = read_asked_before(vetted, id, request.user.get_username())
    about = {"answer": vetted.answers[id], "asked": found, "most": MOST_SHOWN}
    return render(request, "console/answer_asked.html", about)


@require_POST
@only_who_may(May.WITHDRAW)
def withdraw(request: HttpRequest, id: str) -> HttpResponse:
    """Stop sending it."""
    return _switch(request, id, is_sent_again=False)


@require_POST
@only_who_may(May.WITHDRAW)
def send_again(request: HttpRequest, id: str) -> HttpResponse:
    """Send it again."""
    return _switch(request, id, is_sent_again=True)


def _switch(request: HttpRequest, id: str, is_sent_again: bool) -> HttpResponse:
    vetted = _known(id)
    form = ReasonForm(request.POST, label_suffix="")
    if not vetted.can_be_withdrawn(id):
        messages.error(request, "This cannot be withdrawn.")
        return redirect("answer", id)
    if not form.is_valid():
        return _page(request, id, form, status=422)
    versions = [text.version for text in wordings.shown(vetted, id, {}) if text.is_sent_alone]
    do = switches.send_again if is_sent_again else switches.withdraw
    do(id, versions, form.cleaned_data["reason"], request.user.get_username())
    messages.success(
        request, f"The bot {'sends it again' if is_sent_again else 'stops sending it'} within ten seconds."
    )
    return redirect("answer", id)


def _page(request: HttpRequest, id: str, form: ReasonForm, status: int = 200) -> HttpResponse:
    vetted = _known(id)
    counts = sent(vetted.guidance if id == "guidance" else [id])
    (row,) = (one for one in rows(vetted, counts, controls.read().withdrawn, timezone.localdate()) if one.id == id)
    about: dict[str, Any] = {
        "row": row,
        "texts": list(wordings.shown(vetted, id, counts)),
        "before": wordings.before(vetted, id, counts) if id in vetted.answers else [],
        "sources": wordings.sources(vetted, id),
        "answer": vetted.answers.get(id),
        "see_also": [vetted.answers[one] for one in vetted.answers[id].see_also] if id in vetted.answers else [],
        "withdrawal": switches.withdrawal_of(id) if row.is_withdrawn else None,
        "can_be_withdrawn": vetted.can_be_withdrawn(id),
        "form": form,
    }
    return render(request, "console/answer.html", about, status=status)


def _known(id: str) -> Vetted:
    """The vetted files, where one of them has that id."""
    vetted = SHELF.current()
    if id not in vetted.signatures:
        raise Http404
    return vetted

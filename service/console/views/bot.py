"""The bot's mode: what it does now, and switching it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from baclofen_faq.answers import Mode
from service.console import bot_mode, switches
from service.console.roles import May, only_who_may
from service.console.vetted import SHELF
from service.console.views.answer import ReasonForm
from service.conversations import controls


class ModeForm(ReasonForm):
    """A mode and why; off must be meant."""

    mode = forms.ChoiceField(
        choices=[(mode.value, label) for mode, label in bot_mode.LABELS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a mode."},
    )
    is_meant = forms.BooleanField(required=False, label="Yes, switch the bot off: no question is answered any more")
    field_order = ("mode", "reason", "is_meant")

    def clean(self) -> dict[str, Any]:
        """Off only where it is confirmed."""
        said = super().clean() or self.cleaned_data
        if said.get("mode") == Mode.OFF.value and not said.get("is_meant"):
            self.add_error("is_meant", "Tick this to switch the bot off.")
        return said


@require_GET
@only_who_may(May.READ)
def bot(request: HttpRequest) -> HttpResponse:
    """What the bot does now, since when, by whom, why."""
    return _page(request, ModeForm(initial={"mode": bot_mode.now().of_console.value}, label_suffix=""))


@require_POST
@only_who_may(May.SWITCH_MODE)
def switch_mode(request: HttpRequest) -> HttpResponse:
    """Switch it."""
    form = ModeForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, form, status=422)
    mode = Mode(form.cleaned_data["mode"])
    switches.switch_mode(mode, form.cleaned_data["reason"], request.user.get_username())
    messages.success(request, f"Switched to {bot_mode.LABELS[mode].lower()}. The bot follows within ten seconds.")
    return redirect("bot")


def _page(request: HttpRequest, form: ModeForm, status: int = 200) -> HttpResponse:
    now = bot_mode.now()
    answers = SHELF.current().answers
    withdrawn = sorted(controls.read().withdrawn & answers.keys())
    about = {
        "now": now,
        "of_file": bot_mode.LABELS[now.of_file] if now.of_file else "",
        "of_console": bot_mode.LABELS[now.of_console],
        "holds": bot_mode.LABELS[now.holds],
        "meaning": bot_mode.MEANINGS[now.holds],
        "modes": [(bot_mode.LABELS[mode], bot_mode.MEANINGS[mode], mode is now.holds) for mode in Mode],
        "withdrawn": [answers[id] for id in withdrawn],
        "switches": bot_mode.switches(),
        "form": form,
    }
    return render(request, "console/bot.html", about, status=status)

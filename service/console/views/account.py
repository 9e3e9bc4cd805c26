"""A member of staff's own account: password and second factor."""

from base64 import b32encode
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import FormView
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console import audit
from service.console.roles import open_before_the_code
from service.console.second_factor import (
    confirm,
    device_of,
    device_to_be,
    device_to_replace,
    let_move,
    why_not,
)
from service.console.views.sign_in import AskForCode, CodeForm, PlainLabels


class Account(PlainLabels, PasswordChangeView):
    """Change the password, which ends what is signed in elsewhere; see whether a code is asked for."""

    template_name = "console/account.html"
    success_url = reverse_lazy("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With their authenticator app."""
        return super().get_context_data(device=device_of(self.request.user), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it and record it."""
        with transaction.atomic():
            response = super().form_valid(form)
            audit.record(self.request.user.get_username(), "password changed")
        messages.success(self.request, "Your password is changed. You are signed out everywhere else.")
        return response


@method_decorator(open_before_the_code, name="dispatch")
class SecondFactor(AskForCode):
    """Set up an authenticator app: scan the picture, type the code that it shows."""

    template_name = "console/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for who has none, or gave a code of it to move to another phone."""
        user: Any = request.user
        self.old = device_to_replace(request)
        if device_of(user) != self.old:
            return self.go_back() if user.is_verified() else redirect("sign_in_code")
        self.device = device_to_be(request)
        return super().dispatch(request, *args, **kwargs)

    def go_back(self) -> HttpResponse:
        """To the account, as they have an app."""
        messages.info(self.request, "Your app is the one that you had. To set up another, move to another phone.")
        return redirect("account")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the picture, and the key to type where no camera is."""
        return super().get_context_data(
            picture=_picture(self.device), key=_key(self.device), link=self.device.config_url, **kwargs
        )

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """From now on a code is asked for."""
        why = why_not(self.request.user, self.device, form.cleaned_data["code"])
        if why:
            return self.refuse(form, why)
        with transaction.atomic():
            if not confirm(self.request, self.device):
                return redirect("second_factor")
            messages.success(self.request, "Your authenticator app is set up. From now on its code is asked for.")
            return self.accept(self.device, "second factor replaced" if self.old else "second factor set up")


class ChangeSecondFactor(PlainLabels, FormView):
    """Move to another phone: a code of the old app, then the new one is set up. A lost phone is for an admin."""

    template_name = "console/change_second_factor.html"
    form_class = CodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Only for who has one."""
        self.device = device_of(request.user)
        return super().dispatch(request, *args, **kwargs) if self.device else redirect("second_factor")

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Let them set up the new app; the old one is forgotten then."""
        assert self.device
        why = why_not(self.request.user, self.device, form.cleaned_data["code"])
        if why:
            form.add_error("code", why)
            return self.form_invalid(form)
        let_move(self.request)
        return redirect(f"{reverse('second_factor')}?next={reverse('account')}")


def _picture(device: TOTPDevice) -> SafeString:
    picture = segno.make(device.config_url, error="m").svg_inline(dark="#000", light="#fff", omitsize=True)
    return mark_safe(picture)  # segno draws squares; nothing of the address stands in it as text


def _key(device: TOTPDevice) -> str:
    """The key in groups of four, as the apps ask for it."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))

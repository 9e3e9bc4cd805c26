"""Signing in and out, and the second factor."""

from typing import Any

import segno
from django import forms
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods
from django_otp import devices_for_user, login, match_token, user_has_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console import audit


@method_decorator(login_not_required, name="dispatch")
class SignIn(views.LoginView):
    """User name and password."""

    template_name = "console/sign_in.html"
    redirect_authenticated_user = True


class SignOut(views.LogoutView):
    """Ends the session (POST)."""


class CodeForm(forms.Form):
    """The six digits of an authenticator app."""

    code = forms.CharField(
        label="Code of your authenticator app",
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}),
    )


@require_http_methods(["GET", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The code, after the password. Wrong ones are slowed down by the device itself."""
    user: Any = request.user
    if user.is_verified() or not user_has_device(user):
        return redirect("inbox")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        device = match_token(user, form.cleaned_data["code"])
        if device:
            login(request, device)
            return redirect("inbox")
        audit.record(user.get_username(), "wrong code")
        form.add_error("code", "That code is not right, or was used already. Wait for the next one and try again.")
    return render(request, "console/sign_in_code.html", {"form": form})


@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Set up an authenticator app: scan the code, type what it shows."""
    user: Any = request.user
    if any(devices_for_user(user)):
        return redirect("inbox" if user.is_verified() else "sign_in_code")
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator app"})
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if device.verify_token(form.cleaned_data["code"]):
            device.confirmed = True
            device.save()
            login(request, device)
            audit.record(user.get_username(), "second factor set up")
            return redirect("inbox")
        form.add_error("code", "That code is not right. Look whether your phone's clock is, and type the code of now.")
    picture = segno.make(device.config_url).svg_inline(scale=5, border=2)
    return render(request, "console/second_factor.html", {"form": form, "picture": picture, "key": _key(device)})


def _key(device: TOTPDevice) -> str:
    """What is typed into the app where its camera does not work."""
    return str(device.config_url.split("secret=")[1].split("&")[0])


def may_not(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for somebody who may not do this."""
    return render(request, "console/may_not.html", {"why": str(exception)}, status=403)

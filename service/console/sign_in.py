"""Signing in: how long it lasts, who needs a code, what is recorded of it."""

import time
from collections.abc import Callable
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_otp import user_has_device

from django.conf import settings
from service.console import audit
from service.console.navigation import pages_for
from service.console.roles import May

SEEN_AT = "seen_at"
OPEN_TO_THE_UNVERIFIED = ("sign_in", "sign_in_code", "second_factor", "sign_out", "set_password")


def sign_in_middleware(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Ends a session nobody clicked in, and lets nobody further who still owes a code.

    What a page asks by itself (htmx, with the header HX-Trigger-Name or not) is no click where it says so: X-Polling.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            if _is_idle(request):
                logout(request)
                return _to_sign_in(request)
            if _owes_a_code(request):
                return redirect("sign_in_code" if user_has_device(request.user) else "second_factor")
        response = get_response(request)
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def _is_idle(request: HttpRequest) -> bool:
    """Whether the last click is too long ago; a click now is written down."""
    now = time.time()
    idle = now - request.session.get(SEEN_AT, now) > settings.IDLE_SECONDS
    if not idle and "X-Polling" not in request.headers:
        request.session[SEEN_AT] = now
    return idle


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; for a part of a page, the word to go there."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("sign_in")})
    return redirect(f"{reverse('sign_in')}?next={request.path}" if request.method == "GET" else reverse("sign_in"))


def _owes_a_code(request: HttpRequest) -> bool:
    user: Any = request.user
    is_open = request.path.startswith(settings.STATIC_URL) or request.path in _open_paths()
    return not is_open and not user.is_verified() and (user.must_have_second_factor or user_has_device(user))


def _open_paths() -> list[str]:
    return [reverse(name) for name in OPEN_TO_THE_UNVERIFIED if name != "set_password"]


def what_they_may(request: HttpRequest) -> dict[str, Any]:
    """For every template: `may.REVIEW` and so on, and the pages of the menu."""
    user: Any = request.user
    if not user.is_authenticated:
        return {"may": {}, "pages": []}
    return {"may": {one.name: user.may(one) for one in May}, "pages": pages_for(user)}


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """The page after five wrong passwords."""
    return render(request, "console/locked_out.html", status=429)


@receiver(user_logged_in)
def _signed_in(sender: Any, user: Any, **more: Any) -> None:
    audit.record(user.get_username(), "signed in")


@receiver(user_logged_out)
def _signed_out(sender: Any, user: Any, **more: Any) -> None:
    if user is not None:
        audit.record(user.get_username(), "signed out")


@receiver(user_login_failed)
def _sign_in_failed(sender: Any, credentials: dict[str, Any], **more: Any) -> None:
    audit.record("", "sign-in failed", user=str(credentials.get("username", ""))[:150])


@receiver(user_locked_out)
def _was_locked_out(sender: Any, username: str, **more: Any) -> None:
    audit.record("", "locked out", user=str(username or "")[:150])

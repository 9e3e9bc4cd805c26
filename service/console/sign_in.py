"""Signing in: how long it lasts, who owes a code, where one goes on to."""

import math
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from service.console.filter_form import WORDS
from service.console.navigation import pages_for
from service.console.roles import May
from service.console.second_factor import owes_a_code

SEEN_AT, SIGNED_IN_AT = "seen_at", "signed_in_at"
OWN_CLICKS = ("same-origin", "none", "")  # what Sec-Fetch-Site says of them; "none": typed, or from a mail program
SEEN_IS_WRITTEN = 30  # times at most within the idle time, so that not every click writes the session


class SignInMiddleware(LoginRequiredMiddleware):
    """Ends a session that is over, and shows a page to nobody who has not signed in wholly.

    What a page asks by itself is no click: it says so by the header X-Polling. No other site opens a page in somebody's
    name, as opening one is recorded and counts as a review: they are asked first.
    """

    def process_request(self, request: HttpRequest) -> None:
        """End the session, or write down that somebody clicked."""
        if not request.user.is_authenticated:
            return
        why = _why_over(request)
        if why:
            logout(request)
            messages.info(request, why)
        elif "X-Polling" not in request.headers:
            _see(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Send whoever is not signed in, or owes a code, to where that is done; ask where another site led here."""
        if not getattr(view, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return _go(request, "sign_in")
        if owes_a_code(request) and not getattr(view, "is_open_before_the_code", False):
            return _go(request, "sign_in_code")
        if request.headers.get("Sec-Fetch-Site", "") not in OWN_CLICKS:
            return render(request, "console/from_elsewhere.html", {"address": request.get_full_path()})
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """No page is kept by the browser, so that the back button shows nothing after signing out."""
        response["Cache-Control"] = "no-store"
        return response


def _why_over(request: HttpRequest) -> str:
    """Why the session is over, as a sentence for the person; "" while it is not."""
    user: Any = request.user
    now = time.time()
    signed_in_at = request.session.get(SIGNED_IN_AT, 0)
    if user.signed_out_at and signed_in_at < user.signed_out_at.timestamp():
        return "An admin changed your account. Please sign in again."
    if now - signed_in_at > settings.SESSION_COOKIE_AGE:
        return f"You were signed out after {settings.SESSION_COOKIE_AGE // 3600} hours. Please sign in again."
    if now - request.session.get(SEEN_AT, 0) > settings.IDLE_SECONDS:
        return f"You were signed out after {math.ceil(settings.IDLE_SECONDS / 60)} minutes without a click."
    return ""


def _see(request: HttpRequest) -> None:
    if time.time() - request.session[SEEN_AT] > settings.IDLE_SECONDS / SEEN_IS_WRITTEN:
        request.session[SEEN_AT] = time.time()


def _go(request: HttpRequest, name: str) -> HttpResponseBase:
    """To a page of the sign-in, and from there back to where they are; for a part of a page, the word to go there."""
    here = _here(request)
    address = reverse(name) + (f"?{urlencode({'next': here})}" if here not in ("", "/") else "")
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _here(request: HttpRequest) -> str:
    """The page that they see: what they asked for, or where the form or the part of a page stands that did; or ""."""
    if request.method == "GET" and "HX-Request" not in request.headers:
        return _without_words(request.get_full_path())
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    return _without_words(page)


def _without_words(address: str) -> str:
    """Its path and query without what was searched for, which is not carried through the pages of the sign-in."""
    parts = urlsplit(address)
    query = QueryDict(parts.query, mutable=True)
    query.pop(WORDS, None)
    return parts.path + (f"?{query.urlencode()}" if query else "")


def what_they_may(request: HttpRequest) -> dict[str, Any]:
    """For every template: `may.REVIEW` and so on, and the pages of the menu; none of it before the code is given."""
    user: Any = getattr(request, "user", None)
    if user is None or not user.is_authenticated or owes_a_code(request):
        return {"may": {}, "pages": []}
    return {"may": {one.name: user.may(one) for one in May}, "pages": pages_for(user)}

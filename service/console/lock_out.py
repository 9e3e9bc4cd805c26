"""The lock after five wrong passwords for one user name."""

import math
from typing import Any

from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """What stands for a user name where wrong passwords are counted, alike for those that exist and those that do not.

    Not the name itself: it may be a password in the wrong field.
    """
    return _keyed_hash((credentials or request.POST).get("username") or "")


def unlock(username: str) -> None:
    """End the lock of a user name, and forget what was counted."""
    reset(username=_keyed_hash(username))


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """The page that says until when it lasts."""
    seconds = _locked_for_seconds(credentials["username"])
    page = render(request, "console/locked_out.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    page["Retry-After"] = str(seconds)
    return page


def _locked_for_seconds(username: str) -> int:
    """Until so many wrong passwords are older than the lock lasts that those left are no lock; at least 1."""
    tries = AccessAttempt.objects.filter(username=_keyed_hash(username)).order_by("attempt_time")
    counted = list(tries.values_list("attempt_time", "failures_since_start"))
    left = sum(failures for _, failures in counted)
    for at, failures in counted:
        left -= failures
        if left < settings.AXES_FAILURE_LIMIT:
            return max(1, math.ceil((at + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()))
    return 1


def _keyed_hash(username: str) -> str:
    return salted_hmac("service.console.lock_out", username, algorithm="sha256").hexdigest()

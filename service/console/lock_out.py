"""The lock after five wrong passwords for one user name."""

import math
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """The page that says until when it lasts."""
    seconds = _locked_for_seconds(credentials["username"])
    page = render(request, "console/locked_out.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    page["Retry-After"] = str(seconds)
    return page


def _locked_for_seconds(username: str) -> int:
    """Until so many wrong passwords are older than the lock lasts that those left are no lock; at least 1."""
    tries = AccessAttempt.objects.filter(username=username).order_by("attempt_time")
    counted = list(tries.values_list("attempt_time", "failures_since_start"))
    left = sum(failures for _, failures in counted)
    for at, failures in counted:
        left -= failures
        if left < settings.AXES_FAILURE_LIMIT:
            return max(1, math.ceil((at + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()))
    return 1

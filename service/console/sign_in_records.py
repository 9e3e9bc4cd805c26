"""What is recorded of signing in and out."""

import time
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest

from service.console import audit
from service.console.models import Staff
from service.console.sign_in import SEEN_AT, SIGNED_IN_AT


@receiver(user_logged_in)
def _signed_in(sender: Any, request: HttpRequest, user: Staff, **more: Any) -> None:
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = time.time()
    audit.record(user.get_username(), "password accepted" if user.needs_code else "signed in")


@receiver(user_logged_out)
def _signed_out(sender: Any, user: Staff | None, **more: Any) -> None:
    if user is not None:
        audit.record(user.get_username(), "signed out")


@receiver(user_login_failed)
def _sign_in_failed(sender: Any, credentials: dict[str, Any], request: Any = None, **more: Any) -> None:
    """Called after axes, which stands before the console in INSTALLED_APPS and counts."""
    if _was_refused_unseen(request):
        return
    name = _known(credentials.get("username"))
    audit.record("", "sign-in failed", user=name)
    if getattr(request, "axes_locked_out", False):
        audit.record("", "locked out", user=name)


@receiver(pre_save, sender=AccessAttempt)
def _keep_nothing_of_the_form(sender: Any, instance: AccessAttempt, **more: Any) -> None:
    """A wrong password is counted; the address may hold what was searched for, the form a password in a wrong field."""
    instance.get_data = instance.post_data = ""


def _was_refused_unseen(request: Any) -> bool:
    """Whether the password was not even looked at: tries while locked out would only flood the log."""
    return getattr(request, "axes_locked_out", False) and request.axes_failures_since_start is None


def _known(username: str | None) -> str:
    """The user name; what is none may be a password in the wrong field, and is not kept."""
    is_known = Staff.objects.filter(username=username or "").exists()
    return str(username) if is_known else "(no such user name)"

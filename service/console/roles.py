"""Who may do what in the console."""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


class May(str, Enum):
    """Something that not everybody may do."""

    READ = "read conversations and figures"
    REVIEW = "review, note, assign and flag conversations, and correct the bot"
    EXPORT = "export conversations"
    PROPOSE_SIGNATURE = "propose a signature of an answer"
    WITHDRAW = "withdraw an answer"
    SWITCH_MODE = "switch the bot's mode"
    ERASE = "erase a conversation"
    MANAGE_STAFF = "add staff and change what they may do"
    READ_AUDIT = "read the audit log"


class Role(models.TextChoices):
    """What a member of staff is."""

    VIEWER = "viewer", "viewer"
    REVIEWER = "reviewer", "reviewer"
    CLINICIAN = "clinician", "clinician"
    ADMIN = "admin", "admin"


_REVIEWING = {May.READ, May.REVIEW, May.EXPORT}
ALLOWED: dict[Any, set[May]] = {
    Role.VIEWER: {May.READ},
    Role.REVIEWER: _REVIEWING,
    Role.CLINICIAN: _REVIEWING | {May.PROPOSE_SIGNATURE, May.WITHDRAW, May.SWITCH_MODE},
    Role.ADMIN: _REVIEWING | {May.WITHDRAW, May.SWITCH_MODE, May.ERASE, May.MANAGE_STAFF, May.READ_AUDIT},
}
CHANGE_THE_BOT = (Role.CLINICIAN, Role.ADMIN)


def needs_second_factor(role: Any) -> bool:
    """Whether a role lets in with a code only: everybody's in production, or those that change what the bot does."""
    return settings.CONSOLE_TOTP_FOR == "all" or role in CHANGE_THE_BOT


def only_who_may(what: May) -> Callable[[View], View]:
    """A view for staff who may do this; all others get the 403 page, and nothing of the view runs.

    Every view of the console has it, but for a few that whoever is signed in may open; a test lists those.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.may(what):
                raise PermissionDenied(f"You may not {what.value}. An admin can change that.")
            return view(request, *args, **kwargs)

        guarded.only_who_may = what  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_before_the_code(view: View) -> View:
    """A view for whoever gave the password, though they still owe the code of their second factor."""
    view.is_open_before_the_code = True  # type: ignore[attr-defined]
    return view

"""The second factor: the code of an authenticator app."""

import math
import time
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console import audit
from service.console.models import Staff

TO_BE, MOVES_UNTIL = "device_to_be", "device_moves_until"  # what a session holds of setting one up
SECONDS_TO_MOVE = 600  # from a code of the old app to one of the new


def owes_a_code(request: HttpRequest) -> bool:
    """Whether somebody gave the password, but not yet the code that their role or their own app asks for."""
    user: Any = request.user
    return not user.is_verified() and user.needs_code


def device_of(user: Staff) -> TOTPDevice | None:
    """The app that they set up; None where they did not."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def device_to_be(request: HttpRequest) -> TOTPDevice:
    """The app that they are setting up here: nobody who signs in elsewhere gets to see its key."""
    mine = TOTPDevice.objects.filter(user=request.user, confirmed=False)
    begun = mine.filter(pk=request.session.get(TO_BE)).first()
    device = begun or mine.create(user=request.user, confirmed=False, name="authenticator app")
    request.session[TO_BE] = device.pk
    return device


def device_to_replace(request: HttpRequest) -> TOTPDevice | None:
    """The app of which they gave a code just now, to move to another phone; it works until the new one is set up."""
    user: Any = request.user
    return user.otp_device if request.session.get(MOVES_UNTIL, 0) > time.time() else None


def let_move(request: HttpRequest) -> None:
    """Let whoever gave a code here set up another app in place of the one that it was of."""
    request.session[MOVES_UNTIL] = time.time() + SECONDS_TO_MOVE


@transaction.atomic
def confirm(request: HttpRequest, device: TOTPDevice) -> bool:
    """Make it their only app; what was begun in other sessions is forgotten.

    Returns:
        Whether it is: not where another session was quicker, or an admin reset it meanwhile.
    """
    Staff.objects.select_for_update().get(pk=device.user_id)
    all_theirs = TOTPDevice.objects.filter(user=device.user_id)
    if device_of(device.user) != device_to_replace(request) or not all_theirs.filter(pk=device.pk).exists():
        return False
    all_theirs.exclude(pk=device.pk).delete()
    all_theirs.update(confirmed=True)
    for key in (TO_BE, MOVES_UNTIL):
        request.session.pop(key, None)
    return True


def why_not(user: Staff, device: TOTPDevice, code: str) -> str:
    """Check a code, and record a wrong one.

    Returns:
        "" where it is right, otherwise a sentence for the person. After each wrong one the wait is twice as long.
    """
    is_allowed, limits = device.verify_is_allowed()
    if not is_allowed:
        seconds = max(1, math.ceil((limits["locked_until"] - timezone.now()).total_seconds()))
        return f"Too many wrong codes. Try again in {seconds} seconds."
    if verify_token(user, device.persistent_id, code):
        return ""
    audit.record(user.get_username(), "wrong code")
    return "That code is not right, or was used already. Wait for the next one. Is your phone's clock right?"

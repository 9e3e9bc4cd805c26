"""The second factor: the code of an authenticator app."""

import math
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console import audit
from service.console.models import Staff


def owes_a_code(request: HttpRequest) -> bool:
    """Whether somebody gave the password, but not yet the code that their role or their own app asks for."""
    user: Any = request.user
    return not user.is_verified() and user.needs_code


def device_of(user: Staff) -> TOTPDevice | None:
    """The app that they set up; None where they did not."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def device_to_be(user: Staff) -> TOTPDevice:
    """The app that they are setting up: its key stays the same until they typed a code of it."""
    begun = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return begun or TOTPDevice.objects.create(user=user, confirmed=False, name="authenticator app")


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

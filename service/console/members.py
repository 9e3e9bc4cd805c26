"""Changes of the staff, as an admin makes them. Each is recorded; none leaves the console without an admin."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console import audit
from service.console.models import Staff
from service.console.roles import May, Role


class Refused(Exception):
    """A change that is not made; the message is a sentence for the admin."""


@transaction.atomic
def add(by: Staff, name: str, role: str) -> Staff:
    """A new member, who has no password yet: give them the link of `link_for`."""
    member = Staff.objects.create_user(username=name, role=role)
    audit.record(by.get_username(), "staff added", user=name, role=role)
    return member


def change_role(by: Staff, number: int, role: str) -> None:
    """Another role, from their next click on; whoever now needs a second factor has to set it up then."""
    with _changed(by, number) as member:
        before, member.role = member.role, role
        audit.record(by.get_username(), "role changed", user=member.get_username(), before=before, after=role)


def deactivate(by: Staff, number: int) -> None:
    """Shut them out at once; what they did stays in the log under their name."""
    with _changed(by, number) as member:
        member.is_active, member.signed_out_at = False, timezone.now()
        audit.record(by.get_username(), "staff deactivated", user=member.get_username())


def activate(by: Staff, number: int) -> None:
    """Let them in again, with the password and the second factor that they had."""
    with _changed(by, number) as member:
        member.is_active = True
        audit.record(by.get_username(), "staff activated", user=member.get_username())


def reset_second_factor(by: Staff, number: int) -> None:
    """Forget their authenticator app, as after a lost phone, and end their sessions; they set up a new one."""
    with _changed(by, number) as member:
        TOTPDevice.objects.filter(user=member).delete()
        member.signed_out_at = timezone.now()
        audit.record(by.get_username(), "second factor reset", user=member.get_username())


def link_for(by: Staff, number: int) -> str:
    """The path of a page on which they set a password: works once, for as long as PASSWORD_RESET_TIMEOUT says."""
    with _changed(by, number) as member:
        audit.record(by.get_username(), "password link made", user=member.get_username())
    token = default_token_generator.make_token(member)
    return reverse("set_password", args=[urlsafe_base64_encode(force_bytes(member.pk)), token])


@contextmanager
def _changed(by: Staff, number: int) -> Iterator[Staff]:
    """Somebody to be changed, saved at the end.

    All admins are locked meanwhile: who makes the change is still one and never the one changed, so one is always left.

    Raises:
        Refused: it is the admin themselves.
        PermissionDenied: who makes the change is no admin any more.
        Staff.DoesNotExist: nobody has that number.
    """
    with transaction.atomic():
        rows = Staff.objects.select_for_update().filter(Q(role=Role.ADMIN) | Q(pk=number)).order_by("pk")
        found = {row.pk: row for row in rows}
        if by.pk not in found or not found[by.pk].may(May.MANAGE_STAFF):
            raise PermissionDenied("You are no admin any more.")
        if number == by.pk:
            raise Refused("Nobody changes their own account here: ask another admin.")
        if number not in found:
            raise Staff.DoesNotExist
        yield found[number]
        found[number].save()

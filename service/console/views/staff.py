"""Staff: who they are, what they may do, and how they get in."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from service.console import members
from service.console.models import Staff
from service.console.roles import ALLOWED, May, Role, needs_second_factor, only_who_may

LINK = "link_shown_once"
CHANGES = {
    "deactivate": (members.deactivate, "{name} is shut out from now on."),
    "activate": (members.activate, "{name} may sign in again."),
    "reset": (
        members.reset_second_factor,
        "{name} was signed out and sets up an authenticator app at the next sign-in.",
    ),
}


class NewMember(forms.Form):
    """A user name and a role."""

    name = UsernameField(
        label="User name",
        max_length=150,
        validators=Staff._meta.get_field("username").validators,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    role = forms.ChoiceField(choices=Role.choices, initial=Role.REVIEWER)

    def clean_name(self) -> str:
        """One that nobody has, capitals or not."""
        name = str(self.cleaned_data["name"])
        if Staff.objects.filter(username__iexact=name).exists():
            raise ValidationError("Somebody has that user name already.")
        return name


class ChangeRole(forms.Form):
    """Another role."""

    role = forms.ChoiceField(choices=Role.choices)


@require_http_methods(["GET", "POST"])
@only_who_may(May.MANAGE_STAFF)
def staff(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more."""
    form = NewMember(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        new = members.add(user, form.cleaned_data["name"], form.cleaned_data["role"])
        messages.success(request, f"{new.get_username()} is added.")
        return _show_link(request, new.pk)
    return render(request, "console/staff.html", {"staff": _all(), "form": form, "roles": list(_roles())})


@require_GET
@only_who_may(May.MANAGE_STAFF)
def member(request: HttpRequest, number: int) -> HttpResponse:
    """One of them, and what an admin can change."""
    one = get_object_or_404(_all(), pk=number)
    link = request.session.pop(LINK, None)
    return render(
        request,
        "console/member.html",
        {
            "member": one,
            "form": ChangeRole(initial={"role": one.role}, label_suffix=""),
            "link": request.build_absolute_uri(link["path"]) if link and link["of"] == number else "",
        },
    )


@require_POST
@only_who_may(May.MANAGE_STAFF)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Do what one of the buttons of their page says."""
    one = get_object_or_404(Staff, pk=number)
    try:
        if request.POST.get("do") == "link":
            return _show_link(request, number)
        said = _change(request, number)
    except members.Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said.format(name=one.get_username()))
    return redirect("member", number)


def _change(request: HttpRequest, number: int) -> str:
    user: Any = request.user
    form = ChangeRole(request.POST)
    if request.POST.get("do") == "role" and form.is_valid():
        members.change_role(user, number, form.cleaned_data["role"])
        return f"{{name}} is {form.cleaned_data['role']} now."
    if request.POST.get("do") not in CHANGES:
        raise Http404("There is no such change.")
    do, said = CHANGES[request.POST["do"]]
    do(user, number)
    return said


def _show_link(request: HttpRequest, number: int) -> HttpResponse:
    """Make a link for a new password; their page shows it, once."""
    user: Any = request.user
    request.session[LINK] = {"of": number, "path": members.link_for(user, number)}
    return redirect("member", number)


def _roles() -> Iterator[tuple[str, list[str], bool]]:
    """Each role, what it may do, and whether it signs in with a code."""
    for role, label in Role.choices:
        yield label, [may.value for may in May if may in ALLOWED[role]], needs_second_factor(role)


def _all() -> QuerySet[Staff]:
    device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
    return Staff.objects.annotate(has_second_factor=Exists(device))

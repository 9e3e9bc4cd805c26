"""The audit log: who did what, newest first."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from service.console import audit
from service.console.models import AuditEntry, Staff
from service.console.roles import May, only_who_may

ON_A_PAGE = 50
BY_ITSELF = "(the service itself)"
MOST = 2**63 - 1  # what the column holds


class Filters(forms.Form):
    """What is looked for; nothing: everything."""

    person = forms.ChoiceField(required=False)
    action = forms.ChoiceField(required=False)
    conversation = forms.IntegerField(required=False, min_value=1, max_value=MOST)
    since = forms.DateField(required=False, label="From (UTC day)", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(required=False, label="To (UTC day)", widget=forms.DateInput(attrs={"type": "date"}))
    before = forms.IntegerField(required=False, min_value=1, max_value=MOST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """With the people and the actions that there are."""
        super().__init__(*args, label_suffix="", **kwargs)
        names = Staff.objects.values_list("username", flat=True)
        self.fields["person"].choices = [("", "everybody"), (BY_ITSELF, BY_ITSELF), *((name, name) for name in names)]
        self.fields["action"].choices = [("", "everything"), *((action, action) for action in _actions())]

    def entries(self) -> QuerySet[AuditEntry]:
        """Those that fit, newest first."""
        wanted = self.cleaned_data
        conditions = {
            "who": "" if wanted["person"] == BY_ITSELF else wanted["person"] or None,
            "action": wanted["action"] or None,
            "conversation": wanted["conversation"],
            "at__gte": wanted["since"] and _midnight(wanted["since"]),
            "at__lt": wanted["until"] and _midnight(wanted["until"] + timedelta(days=1)),
        }
        given = {name: value for name, value in conditions.items() if value is not None}
        return AuditEntry.objects.filter(_before(wanted["before"]), **given).order_by("-at", "-number")


@require_GET
@only_who_may(May.READ_AUDIT)
def audit_log(request: HttpRequest) -> HttpResponse:
    """One page of it; that it was read stands in it, too."""
    form = Filters(request.GET)
    found: list[AuditEntry] = []
    if form.is_valid():
        conversation = form.cleaned_data.get("conversation")
        looked_for = {name: str(value) for name, value in form.cleaned_data.items() if value}
        detail = {"looked_for": looked_for} if looked_for else {}
        audit.record(request.user.get_username(), "audit log read", conversation, **detail)
        found = list(form.entries()[: ON_A_PAGE + 1])
    older = request.GET.copy()
    if len(found) > ON_A_PAGE:
        older["before"] = str(found[ON_A_PAGE - 1].number)
    return render(
        request,
        "console/audit_log.html",
        {
            "form": form,
            "entries": found[:ON_A_PAGE],
            "older": older.urlencode() if len(found) > ON_A_PAGE else "",
            "head": audit.head(),
        },
    )


def _actions() -> Iterator[str]:
    """The names of all actions in the log: one short look into the index for each, however long the log is."""
    actions = AuditEntry.objects.order_by("action").values_list("action", flat=True)
    action = ""
    while action := actions.filter(action__gt=action).first():
        yield action


def _before(number: int | None) -> Q:
    """What is older than an entry; by the time first, as the indexes are."""
    entry = AuditEntry.objects.filter(number=number).first()
    return Q(at__lte=entry.at) & (Q(at__lt=entry.at) | Q(number__lt=number)) if entry else Q()


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

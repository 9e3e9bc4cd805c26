"""All conversations: a list without words, its filters, and the export of what is filtered."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from service.console import audit, export
from service.console.filter_form import VERSION, WORDS
from service.console.filters import ConversationFilter
from service.console.list_page import ListPage, list_page
from service.console.plain_words import reasons_of
from service.console.roles import May, only_who_may
from service.conversations.models import Conversation

SEARCHED, EXPORTED = "conversations searched", "conversations exported"
SHOWN = (
    "id", "started_at", "last_at", "channel", "turns", "level", "reasons", "open_level", "open_symptoms", "state",
    "is_flagged", "assignee", "is_demo",
)  # fmt: skip
LARGEST = 2**63 - 1  # what the column holds


class PlaceForm(forms.Form):
    """Where in the list a page is; what is no number is the first page."""

    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    after = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)


@require_GET
@only_who_may(May.READ)
def conversations(request: HttpRequest) -> HttpResponse:
    """Fifty of those that are filtered, the newest first. That words were looked for is recorded, not which."""
    filters = ConversationFilter(request.GET, Conversation.objects.only(*SHOWN))
    if not filters.is_valid():
        return _list(request, filters, None)
    place = PlaceForm(request.GET)
    place.is_valid()
    if filters.form.cleaned_data[WORDS]:
        audit.record(request.user.get_username(), SEARCHED, **filters.used())
    return _list(request, filters, list_page(filters.qs, some=filters.some, **place.cleaned_data))


@require_GET
@only_who_may(May.EXPORT)
def export_csv(request: HttpRequest) -> HttpResponseBase:
    """Everything that is filtered, as a table for a spreadsheet."""
    return _exported(request, "csv", "text/csv; charset=utf-8")


@require_GET
@only_who_may(May.EXPORT)
def export_jsonl(request: HttpRequest) -> HttpResponseBase:
    """Everything that is filtered, one JSON object a line."""
    return _exported(request, "jsonl", "application/jsonl")


def _exported(request: HttpRequest, format: str, content_type: str) -> HttpResponseBase:
    """A file that is written while it is sent; it is recorded before that, or nothing is sent."""
    filters = ConversationFilter(request.GET, Conversation.objects.all())
    if not filters.is_valid():
        return _list(request, filters, None, status=400)
    numbers = export.numbers_of(filters.qs)
    told = export.told_of(numbers)
    audit.record(request.user.get_username(), EXPORTED, format=format, **told, **filters.used())
    rows = export.messages_of(numbers)
    name = f"conversations-{timezone.localdate().isoformat()}.{format}"
    return StreamingHttpResponse(
        export.as_csv(rows) if format == "csv" else export.as_jsonl(rows),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _list(request: HttpRequest, filters: ConversationFilter, page: ListPage | None, status: int = 200) -> HttpResponse:
    """The page; without a list where a filter is not understood."""
    for row in page.rows if page else []:
        row.urgent = [reason for reason in reasons_of(row) if reason["level"]]
    link = _link(request)
    context = {"form": filters.form, "page": page, "link": link, "without_version": _link(request, VERSION)}
    return render(request, "console/conversations.html", context, status=status)


def _link(request: HttpRequest, *without: str) -> str:
    """The filters as in a link, without the place in the list and what is not filled in."""
    kept = QueryDict(mutable=True)
    kept.update(
        {name: value for name, value in request.GET.items() if value and name not in ("before", "after", *without)}
    )
    return kept.urlencode()

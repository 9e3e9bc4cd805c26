"""All answers: who signed them, how often they were sent, whether they helped."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from service.console.answer_rows import SORTED_BY, in_order, rows
from service.console.roles import May, only_who_may
from service.console.sent import sent
from service.console.vetted import SHELF
from service.conversations import controls


@require_GET
@only_who_may(May.READ)
def answers(request: HttpRequest) -> HttpResponse:
    """Medical answers first, then small talk, then the files that are signed whole."""
    by = request.GET.get("by", "")
    by = by if by in SORTED_BY else "question"
    vetted = SHELF.current()
    all_rows = in_order(list(rows(vetted, sent(), controls.read().withdrawn, timezone.localdate())), by)
    about = {
        "by": by,
        "medical": [row for row in all_rows if row.is_medical],
        "files": [row for row in all_rows if row.id not in vetted.answers],
        "small_talk": [row for row in all_rows if row.id in vetted.answers and not row.is_medical],
        "signed": sum(row.is_signed for row in all_rows),
        "count": len(all_rows),
        "withdrawn": [row for row in all_rows if row.is_withdrawn],
    }
    return render(request, "console/answers.html", about)

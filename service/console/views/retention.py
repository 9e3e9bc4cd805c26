"""What is deleted when; the receipts of what was erased; erasing one conversation."""

from django.contrib import messages
from django.db.utils import Error as DatabaseTrouble
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from baclofen_faq.answers import load_clinic
from service.console import deletion, erasure
from service.console.list_page import list_page
from service.console.roles import May, only_who_may
from service.console.views.conversations import PlaceForm
from service.conversations.models import Conversation, Erasure, Verdict

UNAVAILABLE = 503


@require_GET
@only_who_may(May.READ)
def retention(request: HttpRequest) -> HttpResponse:
    """How much becomes old in the next days, and what stays because it is flagged."""
    now, keep_days = timezone.now(), load_clinic().keep_days
    kept = deletion.kept(now, keep_days)
    about = {
        "keep_days": keep_days,
        "periods": deletion.periods(now, keep_days),
        "kept": kept[: deletion.MOST_LISTED],
        "is_more_kept": len(kept) > deletion.MOST_LISTED,
        "last_run": deletion.last_run(),
        "is_late": deletion.is_late(now),
    }
    return render(request, "console/retention.html", about)


@require_GET
@only_who_may(May.READ)
def receipts(request: HttpRequest) -> HttpResponse:
    """What was erased at once, the newest first; with `?receipt=` that one. No name is in it."""
    place = PlaceForm(request.GET)
    place.is_valid()
    wanted = request.GET.get("receipt", "").replace("\0", "").strip().upper()
    found = Erasure.objects.filter(receipt=wanted) if wanted else Erasure.objects.all()
    return render(request, "console/receipts.html", {"page": list_page(found, **place.cleaned_data), "wanted": wanted})


@require_http_methods(["GET", "POST"])
@only_who_may(May.ERASE)
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Asks once more; then the conversation is gone, and the receipt is shown."""
    conversation = get_object_or_404(Conversation, pk=number)
    if request.method == "GET":
        is_exported = Verdict.objects.filter(message__conversation=number, exported_at__isnull=False).exists()
        return render(request, "console/erase.html", {"conversation": conversation, "is_exported": is_exported})
    try:
        receipt = erasure.erase(conversation, request.user.get_username())
    except DatabaseTrouble:
        about = {"conversation": conversation, "is_failed": True}
        return render(request, "console/erase.html", about, status=UNAVAILABLE)
    messages.success(request, f"Conversation {number} is erased. Its receipt, for the person: {receipt}")
    return redirect(f"{reverse('receipts')}?receipt={receipt}")

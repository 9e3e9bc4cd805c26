"""Proposing a signature: a clinician reads the exact words, and gets the patch that signs them as themselves."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from baclofen_faq.answers import Vetted, ledger
from baclofen_faq.answers.signatures import State
from baclofen_faq.vetted_files import VettedFileError
from service.console import audit, wordings
from service.console.roles import May, only_who_may
from service.console.vetted import SHELF

PROPOSED = "signature proposed"


@require_http_methods(["GET", "POST"])
@only_who_may(May.PROPOSE_SIGNATURE)
def sign(request: HttpRequest, id: str) -> HttpResponse:
    """The words; then, for who approves them, the patch. Nothing changes on the server."""
    vetted = SHELF.current()
    if id not in vetted.signatures:
        raise Http404
    if vetted.state(id, timezone.localdate()) is State.SIGNED:
        messages.info(request, "These words are signed.")
        return redirect("answer", id)
    who = request.user.get_username()
    is_approved = request.POST.get("sha256") == vetted.signatures[id].sha256
    if request.method == "POST" and is_approved and who in vetted.people:
        return _patch(vetted, id, who)
    if request.method == "POST":
        messages.warning(request, "Nothing was signed: read what stands here now.")
    return render(request, "console/sign.html", _about(vetted, id, who))


def _about(vetted: Vetted, id: str, who: str) -> dict[str, object]:
    answer = vetted.answers.get(id)
    return {
        "id": id,
        "title": answer.question if answer else id,
        "texts": list(wordings.shown(vetted, id, {})),
        "sources": wordings.sources(vetted, id),
        "signature": vetted.signatures[id],
        "is_overdue": vetted.state(id, timezone.localdate()) is State.OVERDUE,
        "signer": vetted.people.get(who),
        "file": f"vetted/{ledger.file_of(id)}",
        "patch": _name(id),
    }


def _patch(vetted: Vetted, id: str, who: str) -> HttpResponse:
    """What `make sign` would change, to be downloaded; recorded first."""
    try:
        patch = ledger.patch(vetted, id, who, timezone.localdate(), SHELF.folder)
    except VettedFileError as error:
        return HttpResponse(str(error), content_type="text/plain; charset=utf-8", status=409)
    audit.record(who, PROPOSED, answer=id, sha256=vetted.signatures[id].sha256)
    name = {"Content-Disposition": f'attachment; filename="{_name(id)}"'}
    return HttpResponse(patch, content_type="text/x-patch; charset=utf-8", headers=name)


def _name(id: str) -> str:
    return f"sign-{id}.patch"

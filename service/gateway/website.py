"""The chat box's file, and a made-up clinic's pages to try it on."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe

from baclofen_faq.vetted_files import ROOT

WIDGET = ROOT / "widget" / "dist" / "widget.js"
DEMO = {
    "": ("index.html", "text/html; charset=utf-8"),
    "visit": ("visit.html", "text/html; charset=utf-8"),
    "demo.css": ("demo.css", "text/css; charset=utf-8"),
}
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
KEPT_BY_BROWSERS = "public, max-age=300"


def _etag(request: HttpRequest) -> str:
    changed = WIDGET.stat()
    return quote_etag(f"{changed.st_mtime_ns:x}-{changed.st_size:x}")


@require_safe
@condition(etag_func=_etag)
async def widget(request: HttpRequest) -> HttpResponse:
    """The chat box as one module, for the pages of any site."""
    headers = {
        "Access-Control-Allow-Origin": "*",  # module scripts are fetched by CORS; the file holds nothing private
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": KEPT_BY_BROWSERS,
    }
    return HttpResponse(WIDGET.read_bytes(), content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
async def demo(request: HttpRequest, name: str = "") -> HttpResponse:
    """A page of a made-up clinic; 404 in production."""
    if settings.IS_PRODUCTION or name not in DEMO:
        raise Http404
    file, content_type = DEMO[name]
    page: Path = ROOT / "widget" / "demo" / file
    return HttpResponse(
        page.read_bytes(), content_type=content_type, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY}
    )

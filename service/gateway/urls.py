"""The gateway's routes."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path

from service.gateway.channels.rest.views import webhook
from service.gateway.channels.web import views as web
from service.gateway.health import healthz, metrics, readyz
from service.gateway.messaging.webhook import webhook as messaging_webhook
from service.gateway.staff_replies import staff_replies
from service.gateway.website import demo, widget


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Nothing is there."""
    return JsonResponse({"error": "nothing is at this address"}, status=404)


def failed(request: HttpRequest) -> JsonResponse:
    """A fault of the gateway's own."""
    return JsonResponse({"error": "this failed here; please try again"}, status=500)


handler404 = not_found
handler500 = failed
urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("widget.js", widget),
    path("demo", demo),
    path("demo/<str:name>", demo),
    path("web/settings", web.settings),
    path("web/session", web.session),
    path("web/messages", web.messages),
    path("web/history", web.history),
]
if settings.IS_REST_CHANNEL_ON:
    urlpatterns.append(path("webhooks/rest/webhook", webhook))
if settings.HANDOFF_URL:
    urlpatterns.append(path("handoff/replies", staff_replies))
if settings.CHANNELS:
    urlpatterns.append(path("webhooks/<str:name>", messaging_webhook))

"""The gateway's routes."""

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path

from service.gateway.channels.rest.views import webhook
from service.gateway.health import healthz, metrics, readyz


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
]
if settings.IS_REST_CHANNEL_ON:
    urlpatterns.append(path("webhooks/rest/webhook", webhook))

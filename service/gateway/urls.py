"""The gateway's routes."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from service.gateway.channels.rest.views import webhook


def healthz(request: HttpRequest) -> JsonResponse:
    """The gateway process is up."""
    return JsonResponse({"status": "ok"})


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    """Nothing is there."""
    return JsonResponse({"error": "nothing is at this address"}, status=404)


handler404 = not_found
urlpatterns = [
    path("healthz", healthz),
    path("webhooks/rest/webhook", webhook),
]

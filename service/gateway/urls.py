"""The gateway's routes."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from service.gateway.channels.rest.views import webhook


def healthz(request: HttpRequest) -> JsonResponse:
    """The gateway process is up."""
    return JsonResponse({"status": "ok"})


urlpatterns = [
    path("healthz", healthz),
    path("webhooks/rest/webhook", webhook),
]

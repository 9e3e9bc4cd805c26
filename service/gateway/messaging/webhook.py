"""/webhooks/<name>: what a platform posts is verified, queued, and answered at once."""

import logging

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from prometheus_client import Counter

from service.gateway.messaging.channel import Channel, Forged
from service.gateway.messaging.courier import Full, shared_courier
from service.gateway.messaging.platforms import shared_channels

log = logging.getLogger(__name__)
TRY_AGAIN_SECONDS = "5"
LONGEST_BODY = 512 * 1024  # a batch of Messenger's may be long

forged = Counter("messaging_forged", "Requests to a webhook that its platform did not sign", ["channel"])
malformed = Counter("messaging_malformed", "Signed requests that are not of the documented form", ["channel"])
for _name in settings.CHANNELS:  # 0, not missing, before the first
    forged.labels(_name), malformed.labels(_name)


@csrf_exempt
@require_http_methods(["GET", "POST"])
async def webhook(request: HttpRequest, name: str) -> HttpResponse:
    """403 for what the platform did not sign; 503 where there is too much to do; else what the platform expects."""
    channel = shared_channels().get(name)
    if channel is None:
        raise Http404
    if len(request.body) > LONGEST_BODY:
        return JsonResponse({"error": "the body is too long"}, status=413)
    if not _is_verified(channel, request, name):
        return JsonResponse({"error": "this request is not signed by the platform"}, status=403)
    try:
        updates = channel.parse(request)
    except Exception as error:  # the platform would send the same again and again, and nothing else meanwhile
        malformed.labels(name).inc()
        log.critical("request left out", extra={"channel": name, "error": type(error).__name__})
        return HttpResponse()
    try:
        await shared_courier().take(name, updates)
    except Full:
        log.critical("too much to do", extra={"channel": name})
        return JsonResponse({"error": "too much"}, status=503, headers={"Retry-After": TRY_AGAIN_SECONDS})
    return channel.acknowledge(request)


def _is_verified(channel: Channel, request: HttpRequest, name: str) -> bool:
    try:
        channel.verify(request)
    except Forged:
        forged.labels(name).inc()
        log.warning("forged request refused", extra={"channel": name})
        return False
    except Exception as error:
        forged.labels(name).inc()
        log.critical("request cannot be verified", extra={"channel": name, "error": type(error).__name__})
        return False
    return True

"""POST /handoff/replies: what the clinic's staff write at their desk, signed, to the person."""

import asyncio
import json
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db.utils import Error as DatabaseTrouble
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

from service.conversations.hand_off import NotOpen, StaffReply, Stopped, close
from service.conversations.webhooks import Forged, verified_id
from service.gateway.clean import printable
from service.gateway.from_staff import deliver
from service.gateway.messaging.courier import Full
from service.gateway.messaging.people import Unreadable
from service.gateway.on_database import on_database

log = logging.getLogger(__name__)
LONGEST = 4000
LARGEST_NUMBER = 2**63 - 1

forged = Counter("handoff_forged", "Requests to /handoff/replies that the clinic's desk did not sign")
taken = Counter("handoff_replies", "Replies of the clinic's staff that were taken", ["channel"])


class Refused(Exception):
    """A request that is not served; `why` is a sentence for the desk."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@csrf_exempt  # no cookie is looked at: the signature is all
@require_POST
async def staff_replies(request: HttpRequest) -> JsonResponse:
    """200 for what is sent, or was before; 403 for what the desk did not sign; else a sentence that says why not."""
    try:
        await _take(request)
    except Refused as refused:
        return JsonResponse({"error": refused.why}, status=refused.status)
    return JsonResponse({})


async def _take(request: HttpRequest) -> None:
    id = _signed_id(request)
    content = _content(request.body)
    try:
        if content.get("type") == "closed":
            await on_database(close, id, *_whose(content))
        else:
            await deliver(StaffReply(id, *_whose(content), _text(content)))
            taken.labels(content["channel"]).inc()
    except NotOpen:
        raise Refused(404, "no such conversation is handed off, or not any more") from None
    except Stopped:
        raise Refused(409, "the person wrote STOP: nothing is sent to them until they write START") from None
    except Unreadable:
        raise Refused(409, "where it goes cannot be read any more: its key is not in ADDRESS_KEYS") from None
    except (DatabaseTrouble, asyncio.TimeoutError, Full) as error:
        log.error("reply of staff not taken", extra={"error": type(error).__name__})
        raise Refused(503, "this cannot be done just now; send it again, with the same webhook-id") from None


def _signed_id(request: HttpRequest) -> str:
    """The desk's id of a request that it signed."""
    try:
        return verified_id(settings.HANDOFF_SECRET, request.headers, request.body)
    except RequestDataTooBig:
        raise Refused(413, "the body is too long") from None
    except Forged:
        forged.inc()
        log.warning("forged reply of staff refused")
        raise Refused(403, "this request is not signed with HANDOFF_SECRET, or is older than five minutes") from None


def _content(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body must be JSON") from None
    if not isinstance(content, dict):
        raise Refused(400, "the body must be a JSON object")
    if content.get("type", "message") not in ("message", "closed"):
        raise Refused(400, 'type must be "message" or "closed"')
    return content


def _whose(content: dict[str, Any]) -> tuple[int, str]:
    """(conversation, channel), as the desk was told them."""
    number, channel = content.get("conversation"), content.get("channel")
    if type(number) is not int or not 0 < number <= LARGEST_NUMBER:
        raise Refused(400, "conversation must be the number of a conversation")
    if not isinstance(channel, str) or not channel.isascii() or not channel.isalnum() or len(channel) > 20:
        raise Refused(400, "channel must be the channel of the conversation, such as sms")
    return number, channel


def _text(content: dict[str, Any]) -> str:
    text = content.get("text")
    if not isinstance(text, str) or not (words := printable(text)):
        raise Refused(400, "text must hold words")
    if len(text) > LONGEST:
        raise Refused(413, f"text is too long: {LONGEST} characters at most")
    return words

"""POST /webhooks/rest/webhook {"sender", "message"} -> [{"recipient_id", "text", "level", "answer_id", ...}]."""

import json
import uuid
from dataclasses import asdict
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from baclofen_faq.answers import Reply
from service.gateway.clean import clean
from service.gateway.message import Inbound
from service.gateway.receive import receive

LONGEST_ID = 100


class BadRequest(ValueError):
    """The request is not of the channel's form; the message says what it takes."""


@csrf_exempt
@require_POST
async def webhook(request: HttpRequest) -> JsonResponse:
    """Answer one message, as a JSON list; 400 with a sentence for a request that is not of the channel's form."""
    try:
        inbound = parse(request.body)
    except BadRequest as error:
        return JsonResponse({"error": str(error)}, status=400)
    except RequestDataTooBig:
        return JsonResponse({"error": "the body must be smaller than 1 MB"}, status=413)
    replies = await receive(inbound)
    return JsonResponse([render(inbound.conversation, reply) for reply in replies], safe=False)


def parse(body: bytes) -> Inbound:
    """The request's body as an Inbound; `message_id` is optional, and makes a retry safe.

    Raises:
        BadRequest: not JSON, or a field is missing, empty, too long or no text.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest('the body must be JSON, such as {"sender": "anna", "message": "what is baclofen?"}') from None
    if not isinstance(content, dict):
        raise BadRequest("the body must be a JSON object with sender and message")
    message = content.get("message")
    if not isinstance(message, str) or not clean(message, frozenset()):
        raise BadRequest("message must be a text that is not empty")
    return Inbound(
        conversation=_id(content, "sender"),
        text=message,
        channel="rest",
        message_id=_id(content, "message_id") if "message_id" in content else str(uuid.uuid4()),
    )


def render(conversation: str, reply: Reply) -> dict[str, Any]:
    """One reply in Rasa's JSON form, with level, answer_id and answer_version."""
    rendered: dict[str, Any] = {
        "recipient_id": conversation,
        "text": reply.text,
        "level": reply.level,
        "answer_id": reply.answer_id,
        "answer_version": reply.version,
    }
    if reply.buttons:
        rendered["buttons"] = [asdict(button) for button in reply.buttons]
    return rendered


def _id(content: dict[str, Any], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID or not value.isprintable():
        raise BadRequest(f"{key} must be a printable text of 1 to {LONGEST_ID} characters")
    return value

"""What a request of the web channel must be like, and what it is told where it is not."""

import json
import uuid
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from service.gateway.channels.web.sessions import NoSession, conversation_of
from service.gateway.clean import clean

LONGEST_BODY = 16 * 1024
View = Callable[[HttpRequest], Awaitable[HttpResponse]]


class Refused(Exception):
    """A request that is not served; `why` is a sentence for the person."""

    def __init__(self, status: int, why: str, wait_seconds: int = 0) -> None:
        super().__init__(why)
        self.status, self.why, self.wait_seconds = status, why, wait_seconds

    def response(self) -> JsonResponse:
        """The refusal as the channel sends it."""
        if not self.wait_seconds:
            return JsonResponse({"error": self.why}, status=self.status)
        body = {"error": self.why, "wait_seconds": self.wait_seconds}
        return JsonResponse(body, status=self.status, headers={"Retry-After": str(self.wait_seconds)})


def takes(method: str) -> Callable[[View], View]:
    """A view for one method, from the websites of WEB_ORIGINS only; what it refuses is answered in JSON."""

    def decorated(view: View) -> View:
        @csrf_exempt  # there is no cookie, and so nothing that another site could ride on
        @wraps(view)
        async def checked(request: HttpRequest) -> HttpResponse:
            try:
                _check(request, method)
                return await view(request)
            except Refused as refused:
                response = refused.response()
                if refused.status == 405:
                    response["Allow"] = f"{method}, OPTIONS"
                return response

        return checked

    return decorated


def _check(request: HttpRequest, method: str) -> None:
    if request.method != method:
        raise Refused(405, f"this address takes {method} only")
    origin = request.headers.get("Origin")
    if origin is not None and origin not in settings.CORS_ALLOWED_ORIGINS:
        raise Refused(403, "this website may not use the chat; its address is not in WEB_ORIGINS")


def json_of(request: HttpRequest) -> dict[str, Any]:
    """The body, a JSON object of at most 16 kB.

    Raises:
        Refused: 415 without the content type, 413 where it is too long, 400 where it is no JSON object.
    """
    if request.content_type != "application/json":
        raise Refused(415, "the content type must be application/json")
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(413, "This message is too long. Please send it in two parts.") from None
    if len(body) > LONGEST_BODY:
        raise Refused(413, "This message is too long. Please send it in two parts.")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "the body must be JSON") from None
    if not isinstance(content, dict):
        raise Refused(400, "the body must be a JSON object")
    return content


def message_of(content: dict[str, Any]) -> tuple[str, str]:
    """(id, text) of a message.

    Raises:
        Refused: the id is no UUID, or the text is no text or empty.
    """
    id, text = content.get("id"), content.get("text")
    if not isinstance(id, str) or not _is_uuid(id):
        raise Refused(400, "id must be a UUID that the client made for this message")
    if not isinstance(text, str) or not clean(text, frozenset()):
        raise Refused(400, "Please write something first.")
    return id.lower(), text


def session_of(request: HttpRequest) -> str:
    """The conversation that the request's token opens.

    Raises:
        Refused: 401; the client is to begin a new session.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind != "Bearer":
            raise NoSession
        return conversation_of(token)
    except NoSession:
        raise Refused(401, "this chat has ended; please begin a new one") from None


def _is_uuid(id: str) -> bool:
    try:
        return str(uuid.UUID(id)) == id.lower()
    except ValueError:
        return False

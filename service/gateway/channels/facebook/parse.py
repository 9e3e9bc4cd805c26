"""Meta's webhook requests to updates; and what Meta is answered."""

import json
import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from service.gateway.channels.facebook.event import updates_of
from service.gateway.messaging.channel import Malformed, Update

log = logging.getLogger(__name__)
RECEIVED = "EVENT_RECEIVED"
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{1,128}")


def parse(request: HttpRequest) -> Sequence[Update]:
    """The updates of a verified request, of all its entries, in order; () for the webhook's test.

    An event of another form does not take the others of its batch with it: it is logged, by its number only.

    Raises:
        Malformed: the body, or all that is in it, is not of the documented form.
    """
    if request.method == "GET":
        _challenge(request)
        return ()
    updates, broken = [], 0
    for page, event in _events(_json(request.body)):
        try:
            updates += updates_of(page, event)
        except Malformed:
            broken += 1
    if broken and not updates:
        raise Malformed("an event has no sender, recipient or id")
    if broken:
        log.warning("events left out", extra={"channel": "facebook", "count": broken})
    return tuple(updates)


def acknowledge(request: HttpRequest) -> HttpResponse:
    """The challenge for the webhook's test, else that the events were received; plain text, never HTML."""
    text = _challenge(request) if request.method == "GET" else RECEIVED
    return HttpResponse(text, content_type="text/plain")


def _challenge(request: HttpRequest) -> str:
    challenge = request.GET.get("hub.challenge", "")
    if not CHALLENGE.fullmatch(challenge):
        raise Malformed("hub.challenge must be letters and digits")
    return challenge


def _json(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise Malformed("the body must be JSON") from None
    if not isinstance(content, dict):
        raise Malformed("the body must be a JSON object")
    return content


def _events(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """(the Page's id, event) of `entry[].messaging[]`; of `standby` and `changes`, which others answer, nothing."""
    if not isinstance(content.get("object"), str):
        raise Malformed("object must say what the update is of")
    if content["object"] != "page":
        return
    for entry in _list(content, "entry"):
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise Malformed("an entry must have the id of its Page")
        if "messaging" in entry:
            yield from ((entry["id"], event) for event in _list(entry, "messaging"))


def _list(content: dict[str, Any], key: str) -> list[Any]:
    if not isinstance(content.get(key), list):
        raise Malformed(f"{key} must be a list")
    return content[key]

"""GET /web/settings, POST /web/session, POST /web/messages, GET /web/history."""

from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from service.gateway.channels.web import render
from service.gateway.channels.web.requests import Refused, json_of, message_of, session_of, takes
from service.gateway.channels.web.sessions import new_conversation, token_for
from service.gateway.handing_off import written_by_staff
from service.gateway.memory import history_of
from service.gateway.message import Inbound
from service.gateway.metrics import Cause, count_cause
from service.gateway.rate_limits import seconds_to_wait
from service.gateway.receive import receive
from service.gateway.vetted import shared_replies
from service.gateway.without_rasa import receive_if_urgent

CHANNEL = "web"
MOST_MESSAGES = 200
IPV6_PREFIX = 64


@takes("GET")
async def settings(request: HttpRequest) -> JsonResponse:
    """The clinic's name and numbers, the greeting, and the guidance to show when the gateway is not reached."""
    return JsonResponse(render.clinic(shared_replies()))


@takes("POST")
async def session(request: HttpRequest) -> JsonResponse:
    """A token for a conversation of its own."""
    json_of(request)
    if wait := seconds_to_wait(address_sessions=_address(request)):
        raise Refused(429, shared_replies().too_many().text, wait)
    return JsonResponse(_ticket(new_conversation()), status=201)


@takes("POST")
async def messages(request: HttpRequest) -> JsonResponse:
    """The replies to a message; over the limit, only an emergency gets its guidance."""
    conversation = session_of(request)
    id, text = message_of(json_of(request))
    at, inbound, address = timezone.now(), Inbound(conversation, text, CHANNEL, id), _address(request)
    if wait := seconds_to_wait(session_flood=conversation, address_flood=address):
        count_cause(CHANNEL, Cause.LIMIT)
        raise Refused(429, shared_replies().too_many().text, wait)
    if wait := seconds_to_wait(session_messages=conversation, address_messages=address):
        replies = await receive_if_urgent(inbound)
        if not replies:
            count_cause(CHANNEL, Cause.LIMIT)
            raise Refused(429, shared_replies().too_many().text, wait)
    else:
        replies = await receive(inbound)
    said = [render.rendered(reply, shared_replies()) for reply in replies]
    is_handed_off = any(map(shared_replies().is_handed_off, replies))
    return JsonResponse(
        {**_ticket(conversation), "at": at.isoformat(), "replies": said, "is_handed_off": is_handed_off}
    )


@takes("GET")
async def history(request: HttpRequest) -> JsonResponse:
    """The conversation as it is stored, from the message after `after` on; 503 where it cannot be read.

    While the clinic's staff have it, it comes with a new token, and is asked for again and again.
    """
    conversation = session_of(request)
    after = request.GET.get("after", "0")
    if not after.isascii() or not after.isdecimal() or len(after) > 9:
        raise Refused(400, "after must be the number of a message, such as 0")
    if wait := seconds_to_wait(session_history=conversation, address_history=_address(request)):
        raise Refused(429, shared_replies().too_many().text, wait)
    turns = await history_of(CHANNEL, conversation)
    if turns is None:
        raise Refused(503, "what was said before cannot be read just now")
    written = await written_by_staff(conversation)
    said = render.history(turns, shared_replies(), written or {})
    new = [message for message in said if message["n"] > int(after)]
    ticket = {} if written is None else _ticket(conversation)  # who waits for staff must not lose the chat meanwhile
    news = {"last": said[-1]["n"] if said else 0, "messages": new[-MOST_MESSAGES:]}
    return JsonResponse({**news, "is_handed_off": written is not None, **ticket})


def _ticket(conversation: str) -> dict[str, Any]:
    return {"token": token_for(conversation), "expires_in": django_settings.WEB_SESSION_SECONDS}


def _address(request: HttpRequest) -> str:
    """Whose request it is: an IPv4 address, or the network that one household or company has of IPv6."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "unknown"
    return str(ip_network((address, IPV6_PREFIX), strict=False) if address.version == 6 else address)

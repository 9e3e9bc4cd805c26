"""Is the bot well: a canary emergency and a canary question through the real path, by the words that come back."""

import asyncio
import os
import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from baclofen_faq.answers import Mode, Reply
from service.conversations.outbox import CANARY
from service.gateway.message import Inbound
from service.gateway.mode import current_mode
from service.gateway.receive import receive
from service.gateway.vetted import shared_replies
from service.gateway.withdrawn import without_withdrawn

EMERGENCY, QUESTION = "my father is having a seizure right now", "what is baclofen withdrawal?"
QUESTION_TOPIC = "what_is_withdrawal"
GIVE_UP_SECONDS = 5
SHARED_SECONDS = 2
_canaries: dict[str, tuple[float, "asyncio.Task[bool]"]] = {}


async def healthz(request: HttpRequest) -> JsonResponse:
    """200 where an emergency gets its guidance, which needs neither Rasa nor the log; 503 otherwise."""
    return _report(emergency=await _is_well(EMERGENCY))


async def readyz(request: HttpRequest) -> JsonResponse:
    """200 where an emergency gets its guidance and a question its vetted answer; 503 otherwise, with what fails."""
    emergency, question = await asyncio.gather(_is_well(EMERGENCY), _is_well(QUESTION))
    return _report(emergency=emergency, question=question)


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' metrics of this process."""
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _report(**parts: bool) -> JsonResponse:
    said = {name: "ok" if is_well else "failed" for name, is_well in parts.items()}
    is_well = all(parts.values())
    return JsonResponse({"status": "ok" if is_well else "failed", **said}, status=200 if is_well else 503)


async def _is_well(text: str) -> bool:
    """Whether the words that come back are those that must; who asks within two seconds shares a canary."""
    now = asyncio.get_running_loop().time()
    if text not in _canaries or now - _canaries[text][0] > SHARED_SECONDS:
        _canaries[text] = (now, asyncio.create_task(_send_canary(text)))
    return await asyncio.shield(_canaries[text][1])


async def _send_canary(text: str) -> bool:
    conversation = f"{CANARY}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    asking = receive(Inbound(conversation, text, CANARY, uuid.uuid4().hex))
    try:
        replies = await asyncio.wait_for(asking, GIVE_UP_SECONDS)
    except asyncio.TimeoutError:
        return False
    return [reply.text for reply in replies] == [_expected(text).text]


def _expected(text: str) -> Reply:
    if text == EMERGENCY:
        return shared_replies().guidance("emergency", ["seizure"])
    mode = current_mode()
    if mode is not Mode.NORMAL:
        return shared_replies().switched_off(mode)
    (answer,) = without_withdrawn([shared_replies().answer(QUESTION_TOPIC)], shared_replies())
    return answer

"""A conversation handed to the clinic's desk, at the bot's offer of a person."""

import asyncio
import time

from django.conf import settings

from baclofen_faq.answers import Marker, Reply
from service.conversations import hand_off
from service.gateway.message import Inbound
from service.gateway.messaging.people import Unreadable, unseal
from service.gateway.on_database import within
from service.gateway.vetted import shared_replies

READING_SECONDS = 1.0
WEB = "web"  # its chat box asks for what is new: no address


async def handed_off(inbound: Inbound, replies: list[Reply], deadline: float) -> list[Reply]:
    """The replies, which say that staff have the conversation where they have it; else as they are.

    A channel that no reply of the staff could reach is not handed off.
    """
    is_offered = any(reply.marker is Marker.HAND_OFF for reply in replies)
    if not (settings.HANDOFF_URL and is_offered and (inbound.address or inbound.channel == WEB)):
        return replies
    until = time.monotonic() + deadline - asyncio.get_running_loop().time()
    if not await within(deadline, _open, inbound, until):
        return replies
    texts = shared_replies()
    return [texts.handed_off(reply) if reply.marker is Marker.HAND_OFF else reply for reply in replies]


async def written_by_staff(conversation: str) -> dict[str, str] | None:
    """What staff wrote in an open hand-off of the chat box, by message id; None where none is open, or can be read."""
    if not settings.HANDOFF_URL:
        return None
    deadline = asyncio.get_running_loop().time() + READING_SECONDS
    return await within(deadline, _written_in, conversation)


def written(sealed: bytes) -> dict[str, str]:
    """What staff wrote to the chat box, as they wrote it; {} where it was sealed with a key that is gone."""
    try:
        found: dict[str, str] = unseal(sealed)["written"] if sealed else {}
    except Unreadable:  # the log has them redacted
        found = {}
    return found


def _open(inbound: Inbound, until: float) -> bool:
    hand_off.open_hand_off(inbound.channel, inbound.conversation, inbound.address, until)
    return True


def _written_in(conversation: str) -> dict[str, str] | None:
    found = hand_off.open_with(WEB, conversation)
    return None if found is None else written(bytes(found.sealed))

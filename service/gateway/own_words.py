"""A person's own conversation, deleted or read back at their wish: what the action server only marks is done here."""

import asyncio
import logging

from django.db import connections

from service.conversations import record
from service.conversations.retention import IN_FLIGHT_SECONDS, Erasing, erasing
from service.gateway.message import Inbound
from service.gateway.on_database import threads, within

log = logging.getLogger(__name__)


async def erase(inbound: Inbound, deadline: float) -> str | None:
    """Delete the conversation from log, outbox and Rasa's store; the receipt. None where that failed or took too long.

    What was on its way meanwhile is deleted once it has ended.
    """
    wish = erasing(inbound.channel, inbound.conversation)
    deleted = await within(deadline, wish.erase)
    asyncio.get_running_loop().call_later(IN_FLIGHT_SECONDS, threads.submit, _erase_again, wish)
    if deleted is None:
        return None
    log.info("erased", extra={"receipt": wish.receipt})
    return wish.receipt


async def session_words(inbound: Inbound, deadline: float) -> list[str] | None:
    """What the person wrote since their talk began, as it is stored; None where it cannot be read in time."""
    return await within(deadline, record.session_words, inbound.channel, inbound.conversation)


def _erase_again(wish: Erasing) -> None:
    try:
        wish.erase_again()
    except Exception as error:  # the log never takes these turns; what is left here shows in the alarm
        log.critical("not erased again", extra={"receipt": wish.receipt, "error": type(error).__name__})
    finally:
        connections.close_all()

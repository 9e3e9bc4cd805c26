"""One person's conversation, erased by staff: at once, and once more when what was on its way has ended."""

import logging
from collections.abc import Callable
from threading import Timer

from django.db import connections

from service.console import audit
from service.conversations.models import Conversation
from service.conversations.retention import IN_FLIGHT_SECONDS, Erasing, erasing

log = logging.getLogger(__name__)
ERASED, NOT_ALL_ERASED = "conversation erased", "conversation not all erased"


def erase(conversation: Conversation, who: str) -> str:
    """Delete what was said in a conversation from log, outbox and Rasa, after it is in the audit log; the receipt.

    What is on its way meanwhile goes with a second pass, which this process does: what is kept of an erasure does not
    tell another one whose conversation it was.

    Raises:
        DatabaseError: not all is erased; the audit log says so.
    """
    wish, number = erasing(conversation.channel, conversation.key), conversation.pk
    audit.record(who, ERASED, number, receipt=wish.receipt, turns=conversation.turns)
    try:
        wish.erase()
    except Exception as error:
        audit.record(who, NOT_ALL_ERASED, number, receipt=wish.receipt, error=type(error).__name__)
        raise
    finally:
        in_background(IN_FLIGHT_SECONDS, lambda: _erase_again(wish))
    return wish.receipt


def in_background(seconds: float, work: Callable[[], None]) -> None:
    """Do something later, in a thread; a process that ends waits for it."""

    def closing() -> None:
        try:
            work()
        finally:
            connections.close_all()

    Timer(seconds, closing).start()


def _erase_again(wish: Erasing) -> None:
    try:
        wish.erase_again()
    except Exception as error:  # the log never takes these turns; what is left elsewhere shows in the alarm
        log.critical("not erased again", extra={"receipt": wish.receipt, "error": type(error).__name__})

"""Turns that Rasa never hears of: of a sender who is over a limit, and of what has no words."""

import asyncio
import logging
from dataclasses import replace

from django.conf import settings
from django.utils import timezone

from baclofen_faq.answers import Reply
from baclofen_faq.triage import Level, without_words
from service.conversations import record
from service.gateway.judging import guidance, hear, judged, judged_by_words, shared_listening, turn_of
from service.gateway.memory import recall
from service.gateway.message import NOTHING_FOUND, Heard, Inbound
from service.gateway.metrics import Cause, count_cause
from service.gateway.saying import said, said_aside

log = logging.getLogger(__name__)


async def receive_if_urgent(inbound: Inbound) -> list[Reply]:
    """Guidance in an emergency, a repeat's replies, [] and no trace of all else.

    It is judged apart from everybody else's messages.
    """
    try:
        return await _urgent_turn(inbound)
    except Exception as error:  # the refusal names the emergency number
        log.critical("turn failed", extra={"error": type(error).__name__})
        count_cause(inbound.channel, Cause.FAULT)
        return []


async def may_be_urgent(inbound: Inbound) -> bool:
    """Whether the rules find it urgent at once; where they cannot tell in time, it may be."""
    heard, is_button = hear(inbound)
    ruled = None if is_button else await shared_listening().by_rules(heard.text)
    return not is_button and (ruled is None or ruled.assessment.level.urgency >= Level.ADVISORY.urgency)


async def receive_without_words(inbound: Inbound, reply: Reply) -> list[Reply]:
    """Say a fixed line to a photo, a voice note, a carrier's keyword; the turn is logged, and changes no level."""
    heard = Heard(inbound, inbound.text, timezone.now())
    entry = await turn_of(heard)
    entry.told = without_words().as_json()
    try:
        return record.replies_of(await said(heard, entry, [reply]))
    except Exception as error:  # the line is owed, whatever became of the turn
        log.critical("turn failed", extra={"error": type(error).__name__})
        count_cause(inbound.channel, Cause.FAULT)
        return [reply]


async def _urgent_turn(inbound: Inbound) -> list[Reply]:
    deadline = asyncio.get_running_loop().time() + settings.ENGINE_DEADLINE_SECONDS
    heard, is_button = hear(inbound)
    words = None if is_button else await shared_listening().apart(heard.text, settings.ENGINE_DEADLINE_SECONDS)
    heard = replace(heard, assessment=words or NOTHING_FOUND)
    if heard.assessment.level is Level.EMERGENCY:
        return record.replies_of(await said_aside(await judged_by_words(heard)))
    context, _, before = await recall(heard, deadline)
    if before:
        return before
    turn = await judged(replace(heard, context=context), deadline)
    if turn.heard.assessment.level is not Level.EMERGENCY:
        return []
    return record.replies_of(await said_aside(replace(turn, aside=guidance(turn.heard))))

"""Why a turn needs the eyes of staff, and what that changes of its conversation."""

from collections.abc import Sequence
from datetime import datetime
from random import SystemRandom
from typing import Any

from baclofen_faq.triage import Level, Told
from service.conversations.models import NEW_SESSION_AFTER, Conversation, Entry, Reason, Risk, State

DRAWN_SHARE = 0.02  # of all conversations; those without a reason of their own tell what triage misses
LOW_CONFIDENCE = 0.6  # an answer is sent from 0.5 on
SELF_HARM, REPEATED, CANNOT_ANSWER = "self_harm", "repeated", "cannot_answer"
LONGEST_INTENT, LONGEST_MS = 64, 2**31 - 1
NOT_HELPFUL = ("not_helpful", "not_answered")


def begin(conversation: Conversation) -> None:
    """Draw one conversation in fifty for the inbox, as it begins; nobody who reads it there sees that."""
    conversation.is_drawn = SystemRandom().random() < DRAWN_SHARE


def notice(conversation: Conversation, entry: Entry) -> Risk | None:
    """Put what a turn means for staff into its conversation, before that hears it (not saved).

    An emergency, or an advisory in a new session, that staff know nothing of yet makes it new again, however far they
    are with it. What is said after they were done makes it new where it needs them; a conversation that was only to be
    checked in any case, so that nothing tells the drawn ones from the others.

    Returns:
        A risk that staff are to be alerted of.
    """
    _sum_up(conversation, entry)
    reasons = reasons_of(entry)
    is_to_check = conversation.is_drawn or conversation.risk == Risk.TO_CHECK
    risk: Any = max((reason.risk for reason in reasons), default=Risk.TO_CHECK if is_to_check else Risk.NONE)
    is_done = conversation.state == State.DONE
    if not risk or (is_done and not reasons and conversation.risk > Risk.TO_CHECK):
        return None
    if is_done:
        conversation.risk, conversation.reasons = Risk.NONE, []
    is_worse = risk > conversation.risk
    is_news = is_worse or _is_another(conversation, entry, risk)
    if is_worse or (is_news and (conversation.first_review_at or conversation.state != State.NEW)):
        conversation.state, conversation.due_at, conversation.first_review_at = State.NEW, entry.received_at, None
    conversation.risk = max(risk, conversation.risk)
    conversation.had_reason = conversation.had_reason or bool(reasons)
    conversation.reasons = list(dict.fromkeys([*conversation.reasons, *(reason.value for reason in reasons)]))
    return risk if is_news and risk >= Risk.EMERGENCY and not conversation.is_demo else None


def notice_undelivered(conversation: Conversation, is_urgent: bool, at: datetime) -> Risk | None:
    """Put into a conversation that a reply did not reach its person, whatever staff know of it (not saved).

    Args:
        conversation: new again from then on, where staff opened it before or this is worse than what they know.
        is_urgent: the reply was emergency guidance.
        at: when that was known.

    Returns:
        A risk that staff are to be alerted of.
    """
    reason: Any = Reason.UNDELIVERED_EMERGENCY if is_urgent else Reason.UNDELIVERED
    if conversation.state == State.DONE:
        conversation.risk, conversation.reasons = Risk.NONE, []
    is_opened = conversation.first_review_at or conversation.state != State.NEW
    is_news = bool(is_opened or reason.risk > conversation.risk)
    if is_news:
        conversation.state, conversation.due_at, conversation.first_review_at = State.NEW, at, None
    conversation.risk = max(reason.risk, conversation.risk)
    conversation.had_reason = True
    conversation.reasons = list(dict.fromkeys([*conversation.reasons, reason.value]))
    return reason.risk if is_news and is_urgent and not conversation.is_demo else None


def _is_another(conversation: Conversation, entry: Entry, risk: Risk) -> bool:
    """Whether the turn is not of what staff know already: nothing of the kind was open, or a new session began."""
    is_new_session = entry.received_at - conversation.last_at >= NEW_SESSION_AFTER
    was_open = conversation.context(entry.received_at).open_level is Level.EMERGENCY
    return (risk >= Risk.ADVISORY and is_new_session) or (risk >= Risk.EMERGENCY and not was_open)


def reasons_of(entry: Entry) -> Sequence[Reason]:
    """Why this turn needs staff; () where it does not."""
    told = Told.from_json(entry.told)
    found: dict[Any, bool] = {
        Reason.SELF_HARM: told.level is Level.EMERGENCY and SELF_HARM in told.symptoms,
        Reason.EMERGENCY: told.level is Level.EMERGENCY and SELF_HARM not in told.symptoms,
        Reason.REPEATED: told.level is Level.ADVISORY and REPEATED in told.symptoms,
        Reason.ADVISORY: told.level is Level.ADVISORY and REPEATED not in told.symptoms,
        Reason.NOT_HELPFUL: bool(entry.feedback) and entry.feedback["said"] in NOT_HELPFUL,
        Reason.UNANSWERED: all(reply["answer_id"] == CANNOT_ANSWER for reply in entry.replies or []),
        Reason.LOW_CONFIDENCE: _is_unsure(entry),
    }
    return tuple(reason for reason, is_so in found.items() if is_so)


def measured(entry: Entry) -> dict[str, Any]:
    """What was measured of a turn, as a Message keeps it; what is no such figure is left out, not the turn."""
    given = entry.measured if isinstance(entry.measured, dict) else {}
    is_right = {
        "intent": lambda one: isinstance(one, str) and len(one) <= LONGEST_INTENT,
        "confidence": lambda one: one is None or (isinstance(one, int | float) and 0 <= one <= 1),
        "latency_ms": lambda one: isinstance(one, int) and 0 <= one <= LONGEST_MS,
        "stages": lambda one: isinstance(one, dict),
    }
    return {name: given[name] for name, check in is_right.items() if name in given and check(given[name])}


def _is_unsure(entry: Entry) -> bool:
    confidence = measured(entry).get("confidence")
    return confidence is not None and confidence < LOW_CONFIDENCE


def _sum_up(conversation: Conversation, entry: Entry) -> None:
    """What the list of all conversations is filtered by."""
    conversation.level = max(
        Level(conversation.level), Level(entry.inbound["level"]), key=lambda one: one.urgency
    ).value
    confidence = measured(entry).get("confidence")
    if confidence is not None:
        known = conversation.least_confidence
        conversation.least_confidence = confidence if known is None else min(known, confidence)
    if entry.feedback:
        conversation.feedback = entry.feedback["said"]

"""Why a turn needs the eyes of staff, and what that changes of its conversation."""

from collections.abc import Sequence
from random import SystemRandom
from typing import Any

from baclofen_faq.triage import Level, Told
from service.conversations.models import Conversation, Entry, Reason, Risk, State

DRAWN_SHARE = 0.02  # of all conversations; those without a reason of their own tell what triage misses
LOW_CONFIDENCE = 0.6  # an answer is sent from 0.5 on
SELF_HARM, REPEATED, CANNOT_ANSWER = "self_harm", "repeated", "cannot_answer"
NOT_HELPFUL = ("not_helpful", "not_answered")


def begin(conversation: Conversation) -> None:
    """Draw one conversation in fifty for the inbox, as it begins; nobody who reads it there sees that."""
    conversation.is_drawn = SystemRandom().random() < DRAWN_SHARE


def notice(conversation: Conversation, entry: Entry) -> Risk | None:
    """Put what a turn means for staff into its conversation (not saved); a risk that they are to be alerted of.

    What is said after staff were done with a conversation makes it new again where it needs them.
    """
    _sum_up(conversation, entry)
    reasons = reasons_of(entry)
    if not reasons and not conversation.is_drawn:
        return None
    if conversation.state == State.DONE:
        _begin_anew(conversation)
    risk: Any = max((reason.risk for reason in reasons), default=Risk.TO_CHECK)
    is_worse = risk > conversation.risk
    if is_worse:
        conversation.risk, conversation.due_at, conversation.first_review_at = risk, entry.received_at, None
    conversation.reasons = list(dict.fromkeys([*conversation.reasons, *(reason.value for reason in reasons)]))
    return risk if is_worse and risk >= Risk.EMERGENCY and not conversation.is_demo else None


def _begin_anew(conversation: Conversation) -> None:
    conversation.state, conversation.risk, conversation.reasons = State.NEW, Risk.NONE, []


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


def _is_unsure(entry: Entry) -> bool:
    confidence = (entry.measured or {}).get("confidence")
    return confidence is not None and confidence < LOW_CONFIDENCE


def _sum_up(conversation: Conversation, entry: Entry) -> None:
    """What the list of all conversations is filtered by."""
    conversation.level = max(
        Level(conversation.level), Level(entry.inbound["level"]), key=lambda one: one.urgency
    ).value
    confidence = (entry.measured or {}).get("confidence")
    if confidence is not None:
        known = conversation.least_confidence
        conversation.least_confidence = confidence if known is None else min(known, confidence)
    if entry.feedback:
        conversation.feedback = entry.feedback["said"]

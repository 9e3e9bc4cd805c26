"""What reviewers said of live conversations, counted for the estimate of what the bot catches."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from baclofen_faq.triage import Level
from service.console.live_estimate import Group
from service.console.selection import Selection
from service.conversations.models import Message, State, Verdict

EMERGENCY = Level.EMERGENCY.value
NO_LEVEL_CHOSEN = ""  # with "should have escalated" it stands for an emergency
ESCALATED = Q(level=EMERGENCY)
WITHOUT_REASON = ~ESCALATED & Q(reasons=[])
DONE = Q(state=State.DONE)
Code: Any = Verdict.Code


def groups(selection: Selection) -> list[Group]:
    """The three groups of `live_estimate`: escalated, in the inbox for a reason, the rest. Demo data is in none.

    Missed is what should have been an emergency; what should have been an advisory is no emergency. A conversation that
    was escalated is false where a reviewer said so of an emergency turn and called no other one in it right.
    """
    all_of_them = selection.conversations().filter(is_demo=False)
    missed = Exists(_said(Code.SHOULD_HAVE_ESCALATED).filter(right_level__in=(EMERGENCY, NO_LEVEL_CHOSEN)))
    is_false, is_right = (
        Exists(_said(code).filter(message__level=EMERGENCY)) for code in (Code.ESCALATED_FOR_NOTHING, Code.RIGHT_ANSWER)
    )
    size = all_of_them.aggregate(
        all=Count("pk"), escalated=Count("pk", filter=ESCALATED), rest=Count("pk", filter=WITHOUT_REASON)
    )
    escalated = all_of_them.filter(ESCALATED, DONE)
    waiting = all_of_them.filter(~ESCALATED, ~Q(reasons=[]), DONE)
    drawn = all_of_them.filter(WITHOUT_REASON, DONE, is_drawn=True)
    reviewed, missed_there = escalated.count(), escalated.filter(missed).count()
    false = escalated.filter(~missed, is_false, ~is_right).count()
    others = size["all"] - size["escalated"] - size["rest"]
    return [
        Group("escalated", size["escalated"], reviewed, reviewed - missed_there - false, missed_there, false),
        Group("in the inbox for a reason", others, waiting.count(), missed=waiting.filter(missed).count()),
        Group("the rest, by those drawn", size["rest"], drawn.count(), missed=drawn.filter(missed).count()),
    ]


def _said(code: str) -> "QuerySet[Verdict]":
    """Such verdicts on messages of a conversation."""
    return Verdict.objects.filter(
        code=code, message__conversation=OuterRef("pk"), message__direction=Message.Direction.IN
    )

"""What reviewers said of live conversations, counted for the estimate of what the bot catches."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from baclofen_faq.triage import Level
from service.console.live_estimate import Group
from service.console.selection import Selection, start_of
from service.conversations.models import Message, State, Verdict

EMERGENCY = Level.EMERGENCY.value
NO_LEVEL_CHOSEN = ""  # with "should have escalated" it stands for an emergency
ESCALATED = Q(level=EMERGENCY)
WAITED = ~ESCALATED & Q(had_reason=True)
THE_REST = ~ESCALATED & Q(had_reason=False)
DONE = Q(state=State.DONE)
Code: Any = Verdict.Code


def groups(selection: Selection) -> list[Group]:
    """The three groups of `live_estimate`: escalated, in the inbox for a reason, the rest. Demo data is in none.

    Missed is what should have been an emergency; what should have been an advisory is no emergency. A conversation that
    was escalated is false where a reviewer said so of an emergency turn and called no other one in it right. What began
    before there was a draw is in no group. Of those drawn, what is reviewed today counts from tomorrow on, so that the
    page tells no reviewer that what they have just reviewed was drawn.
    """
    all_of_them = selection.conversations().filter(is_demo=False, is_drawn__isnull=False)
    missed = Exists(_said(Code.SHOULD_HAVE_ESCALATED).filter(right_level__in=(EMERGENCY, NO_LEVEL_CHOSEN)))
    is_false, is_right = (
        Exists(_said(code).filter(message__level=EMERGENCY)) for code in (Code.ESCALATED_FOR_NOTHING, Code.RIGHT_ANSWER)
    )
    size = all_of_them.aggregate(
        escalated=Count("pk", filter=ESCALATED), waited=Count("pk", filter=WAITED), rest=Count("pk", filter=THE_REST)
    )
    escalated, waited = all_of_them.filter(ESCALATED, DONE), all_of_them.filter(WAITED, DONE)
    drawn = all_of_them.filter(THE_REST, DONE, is_drawn=True, reviewed_at__lt=start_of(selection.last_day))
    reviewed, missed_there = escalated.count(), escalated.filter(missed).count()
    false = escalated.filter(~missed, is_false, ~is_right).count()
    return [
        Group("escalated", size["escalated"], reviewed, reviewed - missed_there - false, missed_there, false),
        Group("in the inbox for a reason", size["waited"], waited.count(), missed=waited.filter(missed).count()),
        Group("the rest, by those drawn", size["rest"], drawn.count(), missed=drawn.filter(missed).count()),
    ]


def before_the_draw(selection: Selection) -> int:
    """How many conversations are in no group, since they began before there was a draw."""
    return selection.conversations().filter(is_drawn=None).count()


def _said(code: str) -> "QuerySet[Verdict]":
    """Such verdicts on messages of a conversation."""
    return Verdict.objects.filter(
        code=code, message__conversation=OuterRef("pk"), message__direction=Message.Direction.IN
    )

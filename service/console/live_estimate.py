"""How many emergencies the bot catches, and how often it escalates for nothing, by what reviewers say of live talk.

The unit is the conversation. All of them fall into three groups:
- escalated: the bot gave emergency guidance;
- in the inbox for a reason: not escalated, but staff see it anyway (an advisory, "not helpful", low confidence ...),
  or saw it so once;
- the rest: nobody would look, but one in fifty is drawn for the inbox by chance, and stands for the others.
In each group those that are reviewed stand for all: each counts as often as there are conversations in the group for
one that is reviewed (of the rest: for one that was drawn and is reviewed). A reviewer's "should have escalated" is a
missed emergency, "escalated for nothing" a false one, and any other escalated conversation a caught one. So
    recall = caught / (caught + missed), over-escalation = false / (false + not escalated and not missed).
The groups are the strata of Horvitz and Thompson's estimator. In the first two, those that are not reviewed are taken
to be like those that are; staff who pick what they review can spoil that.

The intervals have at least 95 %: each number that is not known has exact bounds (`exact_bounds`) at a confidence that
shares the 5 % equally among them (Bonferroni), and the worst (best) of all of them together gives the lower (upper)
end. Few reviews so give a wide interval, also where nothing was missed among them.

Source: Horvitz and Thompson, JASA 1952, doi:10.1080/01621459.1952.10483446.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.console.exact_bounds import bounds

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Group:
    """One of the three groups: how many conversations, how many of them reviewed, and what came of those."""

    name: str
    size: int
    reviewed: int
    caught: int = 0
    missed: int = 0
    false: int = 0

    @property
    def is_known(self) -> bool:
        """Whether nothing is left to be estimated."""
        return self.reviewed == self.size

    @property
    def weight(self) -> float:
        """For how many conversations a reviewed one stands; 0 where none is reviewed."""
        return self.size / self.reviewed if self.reviewed else 0.0

    def bounds(self, found: int, confidence: float) -> tuple[int, int]:
        """How many of the whole group may be like those `found` among the reviewed ones."""
        return bounds(found, self.reviewed, self.size, confidence)


@dataclass(frozen=True)
class Share:
    """An estimate with its interval."""

    value: float
    low: float
    high: float


def recall(escalated: Group, others: Sequence[Group]) -> Share | None:
    """Of the conversations with an emergency, the share in which the bot escalated; None where it is not known.

    >>> escalated = Group("escalated", size=20, reviewed=20, caught=18, false=2)
    >>> recall(escalated, [Group("the rest", size=1000, reviewed=1000, missed=2)])
    Share(value=0.9, low=0.9, high=0.9)
    >>> wide = recall(escalated, [Group("the rest", size=1000, reviewed=20)])
    >>> wide.value, round(wide.low, 2), wide.high
    (1.0, 0.1, 1.0)
    """
    groups = [escalated, *others]
    caught = escalated.caught * escalated.weight
    missed = sum(group.missed * group.weight for group in groups)
    if _is_unknown(groups) or not caught + missed:
        return None
    each = _confidence([escalated, *groups])  # of the escalated two numbers count
    least_caught, most_caught = escalated.bounds(escalated.caught, each)
    least_missed, most_missed = _sums(group.bounds(group.missed, each) for group in groups)
    return Share(
        caught / (caught + missed),
        _share(least_caught, most_missed, otherwise=0.0),
        _share(most_caught, least_missed, otherwise=1.0),
    )


def over_escalation(escalated: Group, others: Sequence[Group]) -> Share | None:
    """Of the conversations without an emergency, the share in which the bot escalated; None where it is not known.

    >>> escalated = Group("escalated", size=20, reviewed=20, caught=18, false=2)
    >>> over_escalation(escalated, [Group("the rest", size=40, reviewed=40, missed=2)])
    Share(value=0.05, low=0.05, high=0.05)
    """
    groups = [escalated, *others]
    false = escalated.false * escalated.weight
    calm = sum((group.reviewed - group.missed) * group.weight for group in others)
    if _is_unknown(groups) or not false + calm:
        return None
    each = _confidence(groups)
    least_false, most_false = escalated.bounds(escalated.false, each)
    least_calm, most_calm = _sums(group.bounds(group.reviewed - group.missed, each) for group in others)
    return Share(
        false / (false + calm),
        _share(least_false, most_calm, otherwise=0.0),
        _share(most_false, least_calm, otherwise=1.0),
    )


def missing(groups: Sequence[Group]) -> list[str]:
    """What keeps the estimate from being known, one sentence each.

    >>> missing([Group("escalated", 3, 3, caught=3), Group("the rest, by those drawn", 900, 0)])
    ['No conversation of “the rest, by those drawn” is reviewed yet: nothing is known of these 900.']
    """
    unread = [
        f"No conversation of “{group.name}” is reviewed yet: nothing is known of these {group.size:,}."
        for group in groups
        if group.size and not group.reviewed
    ]
    if not unread and not any(group.caught + group.missed for group in groups):
        return ["Reviewers have seen no emergency in these days, so there is nothing to count the caught ones against."]
    return unread


def _is_unknown(groups: Sequence[Group]) -> bool:
    return any(group.size and not group.reviewed for group in groups)


def _confidence(groups: Sequence[Group]) -> float:
    """Of the bounds of each number, so that all hold together; what is known takes no part."""
    return 1 - (1 - CONFIDENCE) / max(1, sum(not group.is_known for group in groups))


def _sums(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    lows, highs = zip(*pairs)
    return sum(lows), sum(highs)


def _share(part: int, rest: int, otherwise: float) -> float:
    return part / (part + rest) if part + rest else otherwise

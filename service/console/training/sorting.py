"""Which corrections are written, and which are left out and why."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from baclofen_faq.embedding import embed
from baclofen_faq.sentences import NEAR
from service.console.training.correction import Correction, LeftOut, correction_of
from service.console.training.standing import Standing
from service.conversations.models import Verdict

Sorted = tuple[list[Correction], list[LeftOut]]


def sort(verdicts: Iterable[Verdict], standing: Standing) -> Sorted:
    """Part verdicts into what is written and what is left out, each in the order of the turns."""
    made = [correction_of(verdict) for verdict in verdicts]
    written, left_out = _without_twins([one for one in made if isinstance(one, Correction)])
    objections = {one.turn: standing.objection(one) for one in written}
    left_out += [one for one in made if isinstance(one, LeftOut)] + [one for one in objections.values() if one]
    written, alike = _without_near_doubles([one for one in written if not objections[one.turn]])
    return sorted(written, key=lambda one: one.turn), sorted(left_out + alike, key=lambda one: one.turn)


def _without_twins(corrections: list[Correction]) -> Sorted:
    """Each once; none of those that want different things of the same words."""
    twins: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        twins[one.plain].append(one)
    written, left_out = [], []
    for first, *others in twins.values():
        if all(other.wanted == first.wanted for other in others):
            written.append(first)
            left_out += [LeftOut(other.turn, f"the same as turn {first.turn}", is_done=True) for other in others]
        else:
            left_out += [_contradicting(one, [first, *others]) for one in (first, *others)]
    return written, left_out


def _without_near_doubles(corrections: list[Correction]) -> Sorted:
    """None of those that say the same in other words, and want different intents."""
    topics = [one for one in corrections if one.intent]
    vectors = embed([one.text for one in topics])
    alike = [
        {topics[one].turn, topics[other].turn}
        for one, other in combinations(range(len(topics)), 2)
        if topics[one].intent != topics[other].intent and vectors[one] @ vectors[other] >= NEAR
    ]
    left_out = [
        _contradicting(one, [other for other in topics if {one.turn, other.turn} in alike])
        for one in topics
        if any(one.turn in pair for pair in alike)
    ]
    unwanted = {one.turn for one in left_out}
    return [one for one in corrections if one.turn not in unwanted], left_out


def _contradicting(one: Correction, all: list[Correction]) -> LeftOut:
    others = ", ".join(f"turn {other.turn} ({_wish(other)})" for other in all if other.wanted != one.wanted)
    return LeftOut(one.turn, f"{_wish(one)} contradicts {others}")


def _wish(one: Correction) -> str:
    return one.level or one.intent

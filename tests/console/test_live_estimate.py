"""The live estimate: by hand, where nothing is known, over the log, and whether its interval holds the truth."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from django.test import Client
from django.utils import timezone

from service.console.exact_bounds import bounds
from service.console.live_estimate import Group, Share, missing, over_escalation, recall
from service.console.reviewed import groups
from service.console.selection import Selection
from service.conversations.models import Conversation, Message, State, Verdict
from tests.console.conftest import talk, turn

CLINICS = 300
Code = Verdict.Code


def rounded(share: Share | None) -> tuple[float, float, float]:
    assert share is not None
    return round(share.value, 3), round(share.low, 3), round(share.high, 3)


def test_each_reviewed_conversation_counts_for_its_group() -> None:
    """By hand: 40 of 50 escalated caught, 10 of 100 waiting missed -> 20 of 200; 1 of 20 drawn -> 50 of 1,000."""
    escalated = Group("escalated", size=100, reviewed=50, caught=40, false=10)
    others = [Group("waiting", size=200, reviewed=100, missed=10), Group("rest", size=1000, reviewed=20, missed=1)]
    found = recall(escalated, others)
    assert found is not None and found.value == pytest.approx(80 / (80 + 20 + 50))
    calm = over_escalation(escalated, others)
    assert calm is not None and calm.value == pytest.approx(20 / (20 + 180 + 950))


def test_all_reviewed_is_known_exactly() -> None:
    escalated = Group("escalated", size=10, reviewed=10, caught=7, missed=1, false=2)
    others = [Group("waiting", size=20, reviewed=20, missed=1), Group("rest", size=30, reviewed=30)]
    assert rounded(recall(escalated, others)) == (0.778, 0.778, 0.778)
    assert rounded(over_escalation(escalated, others)) == (0.039, 0.039, 0.039)


def test_nothing_missed_among_few_drawn_ones_proves_little() -> None:
    escalated = Group("escalated", size=20, reviewed=20, caught=20)
    value, low, high = rounded(recall(escalated, [Group("rest", size=1000, reviewed=10)]))
    assert (value, high) == (1.0, 1.0) and low == round(20 / (20 + 307), 3)


def test_more_reviews_make_it_narrower() -> None:
    escalated = Group("escalated", size=20, reviewed=20, caught=20)
    lows = [rounded(recall(escalated, [Group("rest", size=1000, reviewed=n)]))[1] for n in (10, 50, 250, 1000)]
    assert lows == sorted(lows) and lows[-1] == 1.0


def test_the_interval_holds_the_estimate() -> None:
    random = Random(4)
    for _ in range(100):
        caught, missed, false = (random.randint(0, 9) for _ in range(3))
        seen = caught + missed + false
        escalated = Group("escalated", seen + random.randint(0, 50), seen, caught, missed, false)
        drawn = random.randint(1, 30)
        rest = Group("rest", drawn + random.randint(0, 900), drawn, missed=random.randint(0, min(2, drawn)))
        for share in (recall(escalated, [rest]), over_escalation(escalated, [rest])):
            assert share is None or 0 <= share.low <= share.value <= share.high <= 1


def test_without_reviews_it_is_not_known_and_says_why() -> None:
    escalated, drawn = Group("escalated", 5, 5, caught=5), Group("the rest, by those drawn", 400, 0)
    assert recall(escalated, [drawn]) is None and over_escalation(escalated, [drawn]) is None
    (why,) = missing([escalated, drawn])
    assert "the rest, by those drawn" in why and "not" in why or "nothing" in why


def test_without_an_emergency_there_is_no_recall() -> None:
    escalated, rest = Group("escalated", 0, 0), Group("rest", 50, 50)
    assert recall(escalated, [rest]) is None
    assert rounded(over_escalation(escalated, [rest])) == (0.0, 0.0, 0.0)
    assert "no emergency" in missing([escalated, rest])[0]


def test_an_empty_clinic_has_no_figure() -> None:
    assert recall(Group("escalated", 0, 0), [Group("rest", 0, 0)]) is None
    assert over_escalation(Group("escalated", 0, 0), [Group("rest", 0, 0)]) is None


@pytest.mark.parametrize(
    ("found", "looked_at", "size", "wanted"),
    [
        (0, 20, 20, (0, 0)),
        (0, 0, 30, (0, 30)),
        (5, 5, 30, (16, 30)),  # five of five: of 16 with a chance of 4368/142506 = 0.031, of 15 with 0.021 < 0.025
        (1, 10, 1000, (3, 443)),
    ],
)
def test_bounds_by_hand(found: int, looked_at: int, size: int, wanted: tuple[int, int]) -> None:
    assert bounds(found, looked_at, size, 0.95) == wanted


def test_bounds_hold_the_truth_for_every_group_of_a_size() -> None:
    """Exact: for each number in a group of 25, the chance of a sample of 8 whose bounds hold it is 95 % or more."""
    from scipy.stats import hypergeom

    for truth in range(26):
        chances = {found: hypergeom.pmf(found, 25, truth, 8) for found in range(9)}
        held = sum(chance for found, chance in chances.items() if chance and _holds(found, truth))
        assert held >= 0.95, truth


def _holds(found: int, truth: int) -> bool:
    low, high = bounds(found, 8, 25, 0.95)
    return low <= truth <= high


def test_the_intervals_hold_the_truth_of_simulated_clinics() -> None:
    """300 clinics of different sizes and bots; each reviews a part by chance. At least 93 % must be held."""
    random = Random(20)
    held = {"recall": [], "over": []}
    for _ in range(CLINICS):
        truth, seen = _clinic(random)
        for name, estimate in (("recall", recall), ("over", over_escalation)):
            whole, found = estimate(truth[0], truth[1:]), estimate(seen[0], seen[1:])
            if whole and found:
                held[name].append(found.low <= whole.value <= found.high)
    for name, hits in held.items():
        assert len(hits) >= 0.9 * CLINICS, name
        assert sum(hits) / len(hits) >= 0.93, name


def _clinic(random: Random) -> tuple[list[Group], list[Group]]:
    """A clinic's conversations, all of them known; and what its reviewers saw of them."""
    right, miss = random.uniform(0.3, 0.95), random.choice([0.0, 0.001, 0.01, 0.05])
    escalated = random.choices(["caught", "missed", "false"], [right, 0.03, 1 - right], k=random.randint(5, 120))
    waiting = random.choices(["missed", ""], [2 * miss, 1], k=random.randint(5, 300))
    rest = random.choices(["missed", ""], [miss / 4, 1], k=random.randint(100, 3000))
    reviewed = [random.uniform(0.3, 1), random.uniform(0.3, 1), 0.02 * random.uniform(0.5, 1)]
    parts = [(escalated, reviewed[0]), (waiting, reviewed[1]), (rest, reviewed[2])]
    whole = [_group(one, one) for one, _ in parts]
    return whole, [_group(one, random.sample(one, max(1, round(share * len(one))))) for one, share in parts]


def _group(everybody: Sequence[str], seen: Sequence[str]) -> Group:
    return Group("", len(everybody), len(seen), *(seen.count(what) for what in ("caught", "missed", "false")))


def reviewed(conversation: Conversation, *codes: str) -> Conversation:
    """Done yesterday, with a verdict on each message of the person where one is given."""
    messages = conversation.messages.filter(direction=Message.Direction.IN)
    for message, code in zip(messages, codes):
        if code:
            Verdict.objects.create(message=message, code=code, by="rita")
    Conversation.objects.filter(pk=conversation.pk).update(
        state=State.DONE, reviewed_at=timezone.now() - timedelta(days=1), reviewer="rita"
    )
    return conversation


def emergency() -> dict:
    return turn("he is having a fit", "emergency", ["seizure"], "emergency_report")


@pytest.mark.django_db
def test_the_log_is_counted_into_the_three_groups() -> None:
    reviewed(talk(emergency()), Code.RIGHT_ANSWER)
    reviewed(talk(emergency()), Code.ESCALATED_FOR_NOTHING)
    reviewed(talk(emergency(), emergency()), Code.ESCALATED_FOR_NOTHING, Code.RIGHT_ANSWER)
    reviewed(talk(turn("he is stiff"), emergency()), Code.SHOULD_HAVE_ESCALATED)
    talk(emergency())
    reviewed(talk(turn("ran out", "advisory", ["stopped_or_ran_out"])), Code.SHOULD_HAVE_ESCALATED)
    reviewed(talk(turn("why taper", confidence=0.55), is_drawn=True), Code.RIGHT_ANSWER)
    talk(turn("pump beeps", "advisory", ["pump_alarm"]))
    reviewed(talk(turn("why?"), is_drawn=True), Code.RIGHT_ANSWER)
    reviewed(talk(turn("he is off today"), is_drawn=True), Code.SHOULD_HAVE_ESCALATED)
    talk(turn("how long?"), is_drawn=True)
    reviewed(talk(turn("read though nobody drew it")), Code.SHOULD_HAVE_ESCALATED)
    talk(turn("thanks"))
    escalated, waiting, rest = groups(Selection())
    assert (escalated.size, escalated.reviewed) == (5, 4)
    assert (escalated.caught, escalated.missed, escalated.false) == (2, 1, 1)
    assert (waiting.size, waiting.reviewed, waiting.missed) == (3, 2, 1)
    assert (rest.size, rest.reviewed, rest.missed, rest.weight) == (5, 2, 1, 2.5)


def advisory() -> dict:
    return turn("ran out", "advisory", ["stopped_or_ran_out"])


@pytest.mark.django_db
@pytest.mark.parametrize(("level", "missed"), [("emergency", 1), ("", 1), ("advisory", 0), ("information", 0)])
def test_only_what_should_have_been_an_emergency_is_missed(level: str, missed: int) -> None:
    for conversation in (talk(emergency(), turn("stiff")), talk(advisory(), turn("stiff"))):
        reviewed(conversation, Code.RIGHT_ANSWER, Code.SHOULD_HAVE_ESCALATED)
    Verdict.objects.filter(code=Code.SHOULD_HAVE_ESCALATED).update(right_level=level)
    escalated, waiting, _ = groups(Selection())
    assert (escalated.missed, escalated.caught, waiting.missed) == (missed, 1 - missed, missed)


@pytest.mark.django_db
def test_an_advisory_for_nothing_makes_no_emergency_false() -> None:
    reviewed(talk(advisory(), emergency()), Code.ESCALATED_FOR_NOTHING)
    reviewed(talk(advisory(), emergency()), Code.ESCALATED_FOR_NOTHING, Code.RIGHT_ANSWER)
    reviewed(talk(advisory(), emergency()), Code.ESCALATED_FOR_NOTHING, Code.ESCALATED_FOR_NOTHING)
    escalated, *_ = groups(Selection())
    assert (escalated.reviewed, escalated.caught, escalated.false) == (3, 2, 1)


@pytest.mark.django_db
def test_who_was_in_the_inbox_for_a_reason_stays_in_that_group() -> None:
    once = reviewed(talk(advisory(), is_drawn=True), Code.RIGHT_ANSWER)
    Conversation.objects.filter(pk=once.pk).update(reasons=[], had_reason=True)
    _, waited, rest = groups(Selection())
    assert (waited.size, waited.reviewed, rest.size, rest.reviewed) == (1, 1, 0, 0)


@pytest.mark.django_db
def test_what_began_before_there_was_a_draw_is_in_no_group(viewer: Client) -> None:
    for one in (emergency(), advisory(), turn("why?")):
        reviewed(talk(one), Code.SHOULD_HAVE_ESCALATED)
    assert "before any were drawn" not in viewer.get("/figures").content.decode()
    Conversation.objects.update(is_drawn=None)
    assert [(group.size, group.reviewed, group.missed) for group in groups(Selection())] == [(0, 0, 0)] * 3
    assert "Left out: 3 conversations that began before any were drawn" in viewer.get("/figures").content.decode()


@pytest.mark.django_db
def test_no_figure_tells_today_that_what_was_just_reviewed_was_drawn(viewer: Client) -> None:
    drawn, other = talk(turn("why?"), is_drawn=True), talk(turn("how?"))
    reviewed(talk(emergency()), Code.RIGHT_ANSWER)
    pages = []
    for conversation in (None, other, drawn):
        if conversation:
            reviewed(conversation, Code.SHOULD_HAVE_ESCALATED)
            Conversation.objects.filter(pk=conversation.pk).update(reviewed_at=timezone.now())
        response = viewer.get("/figures")
        pages.append([response.context[name] for name in ("groups", "recall", "over_escalation", "missing")])
    assert pages[0] == pages[1] == pages[2]
    tomorrow = groups(Selection(today=timezone.localdate() + timedelta(days=1)))
    assert (tomorrow[2].reviewed, tomorrow[2].missed) == (1, 1)


@pytest.mark.django_db
def test_demo_data_other_days_and_other_channels_are_in_no_group() -> None:
    demo = talk(emergency())
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    old = emergency()
    old["received_at"] -= timedelta(days=40)
    talk(old)
    talk(emergency(), channel="sms")
    assert [group.size for group in groups(Selection(channel="web"))] == [0, 0, 0]
    assert [group.size for group in groups(Selection())] == [1, 0, 0]
    assert [group.size for group in groups(Selection(is_demo=True))] == [0, 0, 0]

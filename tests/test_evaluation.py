"""The report on the holdout: floors that can fail, and a summary that shows no sentence."""

from dataclasses import replace

from service.evaluation import KINDS, Turn, below_floors, report, summary

SECRET = "the words of a blind message"
RIGHT = Turn(
    id="a", file="messages", text=SECRET, expected="emergency", symptom="seizure", trick="plain", kind="plain",
    level="emergency", answer_id="emergency_report", seconds=0.1, is_number_first=True, is_silent=False, broken=[],
)  # fmt: skip


def turns(**changes: object) -> list[Turn]:
    """Ten right turns of each kind and level, the first one of them changed."""
    rows = [
        replace(RIGHT, kind=kind, expected=level, level=level)
        for kind in KINDS
        for level in ("emergency", "advisory", "information")
        for _ in range(10)
    ]
    return [replace(rows[0], **changes), *rows[1:]]


def test_right_answers_reach_every_floor() -> None:
    assert below_floors(turns()) == []


def test_a_missed_emergency_is_below_the_floor() -> None:
    assert below_floors(turns(level="advisory")) == ["emergency recall, plain: 0.9, at least 0.97"]


def test_a_number_that_comes_late_is_below_the_floor() -> None:
    assert [line.split(":")[0] for line in below_floors(turns(is_number_first=False))] == [
        "... with the number first, plain"
    ]


def test_silence_and_a_broken_rule_are_above_the_ceiling() -> None:
    assert len(below_floors(turns(is_silent=True, broken=["dose"]))) == 2


def test_nothing_to_measure_is_below_the_floor() -> None:
    assert any("None" in line for line in below_floors([RIGHT, RIGHT]))


def test_the_summary_shows_no_sentence_and_the_report_every_miss() -> None:
    rows = turns(level="none")
    assert SECRET not in summary(rows)
    assert report(rows).count(SECRET) == 1

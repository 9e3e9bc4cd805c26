"""The report on the holdout: floors that can fail, and a summary that shows no sentence."""

from dataclasses import replace
from typing import Any

import pytest

from baclofen_faq.answers import load_replies, load_vetted
from service.evaluation.measures import KINDS
from service.evaluation.report import Results
from service.evaluation.safety import Turn
from service.evaluation.understanding import Asked, _judged

SECRET = "the words of a blind message"
RIGHT = Turn(
    id="a", file="messages", text=SECRET, expected="emergency", symptom="seizure", trick="plain", kind="plain",
    level="emergency", answer_id="emergency_report", seconds=0.1, is_number_first=True, is_silent=False, broken=[],
)  # fmt: skip
UNDERSTOOD = Asked(
    id="q", file="questions", text=SECRET, kind="plain", trick="plain", level="information", expects="topic",
    topics=("timeline",), also=(), route="", replied_level="information", replied_id="timeline",
    answered=("timeline",), offered=("treatment", "overdose"), is_right=True, is_route_kept=True,
)  # fmt: skip
REFUSED = replace(UNDERSTOOD, trick="out_of_scope", level="none", topics=(), answered=(), offered=(), is_right=False)
MISSED = {"answered": ("overdose",), "offered": (), "is_right": False}


def turns(**changes: object) -> list[Turn]:
    """Ten right turns of each kind and level, the first one of them changed."""
    rows = [
        replace(RIGHT, kind=kind, expected=level, level=level)
        for kind in KINDS
        for level in ("emergency", "advisory", "information")
        for _ in range(10)
    ]
    return [replace(rows[0], **changes), *rows[1:]]


def asked(**changes: object) -> list[Asked]:
    """Ten questions of each kind that were understood, the first one changed, and ten that are out of scope."""
    rows = [replace(UNDERSTOOD, kind=kind) for kind in KINDS for _ in range(10)] + [REFUSED] * 10
    return [replace(rows[0], **changes), *rows[1:]]


def below(all_turns: list[Turn], all_asked: list[Asked]) -> list[str]:
    return Results(all_turns, all_asked).below_floors()


def test_right_answers_reach_every_floor() -> None:
    assert below(turns(), asked()) == []


def test_a_missed_emergency_is_below_the_floor() -> None:
    assert below(turns(level="advisory"), asked()) == ["emergency recall, plain: 0.9, at least 0.97"]


def test_a_number_that_comes_late_is_below_the_floor() -> None:
    assert [line.split(":")[0] for line in below(turns(is_number_first=False), asked())] == [
        "... with the number first, plain"
    ]


def test_silence_and_a_broken_rule_are_above_the_ceiling() -> None:
    assert len(below(turns(is_silent=True, broken=["dose"]), asked())) == 2


def test_nothing_to_measure_is_below_the_floor() -> None:
    assert any("None" in line for line in below([RIGHT, RIGHT], asked()))
    assert any("out of scope refused, plain: None" in line for line in below(turns(), [UNDERSTOOD]))


def test_a_wrong_answer_is_above_the_ceiling_unless_the_right_one_is_offered() -> None:
    assert below(turns(), asked(**MISSED)) == ["wrong answer, not offered, plain: 0.1, at most 0.05"]
    assert below(turns(), asked(**{**MISSED, "offered": ("timeline",)})) == []


def test_an_answer_to_what_is_out_of_scope_counts() -> None:
    answered = [replace(REFUSED, answered=("timeline",))] * 2
    assert below(turns(), [*asked(), *answered]) == ["out of scope refused, plain: 0.833, at least 0.9"]


def test_the_summary_shows_no_sentence_and_the_report_every_miss() -> None:
    results = Results(turns(level="none"), asked(**MISSED), ["| ours | stock |"])
    assert SECRET not in results.summary() and "| ours | stock |" in results.summary()
    assert results.whole().count(SECRET) == 2


def said(id: str, text: str = "words", **more: Any) -> dict[str, Any]:
    answer = load_replies().answer(id)
    level = "information" if load_replies().is_topic(id) else "none"
    return {"answer_id": id, "text": text, "level": level, "answer_version": answer.version, **more}


BUTTONS = [{"payload": "/ask_overdose"}, {"payload": "/ask_treatment"}]


@pytest.mark.parametrize(
    ("row", "replies", "before", "is_right"),
    [
        ({"expects": "topic", "topics": ["timeline"]}, [said("timeline")], [], True),
        ({"expects": "topic", "topics": ["treatment"], "also": ["timeline"]}, [said("timeline")], [], True),
        ({"expects": "topic", "topics": ["treatment"]}, [said("timeline")], [], False),
        ({"expects": "button:2"}, [said("treatment")], [said("timeline", buttons=BUTTONS)], True),
        ({"expects": "button:1"}, [said("treatment")], [said("timeline", buttons=BUTTONS)], False),
        ({"expects": "sources"}, [said("timeline", "Sources:\n- one")], [], True),
        ({"expects": "sources"}, [said("timeline")], [], False),
        ({"expects": "offer"}, [said("cannot_answer", buttons=BUTTONS)], [], True),
        ({"expects": "deny"}, [said("timeline")], [], False),
    ],
)
def test_a_reply_is_judged_by_what_was_expected(
    row: dict[str, Any], replies: list[dict[str, Any]], before: list[dict[str, Any]], is_right: bool
) -> None:
    whole = {"text": SECRET, "level": "information", **row}
    assert _judged(load_replies(), "q", "f", whole, "plain", "plain", replies, before).is_right is is_right


def test_the_text_for_the_route_is_told_from_the_common_one() -> None:
    row = {"text": SECRET, "level": "information", "expects": "topic", "topics": ["timeline"], "route": "pump"}
    for_pump = load_vetted().answers["timeline"].by_route["pump"]
    assert for_pump != load_vetted().answers["timeline"].text
    right = said("timeline", answer_version=load_replies().answer("timeline", route="pump").version)
    for reply, is_kept in ((right, True), (said("timeline"), False)):
        assert _judged(load_replies(), "q", "f", row, "dialogue", "follow_up", [reply], []).is_route_kept is is_kept

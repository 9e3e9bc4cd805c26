"""The level of a message in a conversation: what was said before counts."""

from typing import Any

import pytest

from baclofen_faq.triage import NOTHING_BEFORE, Assessment, Level, Status, after, assess, is_thanks
from tests.conftest import cases

CALM = ("information", "none")


@pytest.mark.parametrize("row", cases("dialogues.yml"))
def test_each_message_of_a_dialogue_gets_its_level(row: dict[str, Any]) -> None:
    context = NOTHING_BEFORE
    for turn in row["turns"]:
        assessment = assess(turn["text"], context)
        is_right = assessment.level.value == turn["level"] or (turn["level"] in CALM and assessment.level.value in CALM)
        assert is_right, (row["why"], turn["text"], assessment, context)
        context = after(assessment, turn["text"], context)


def test_an_open_emergency_keeps_the_symptoms_that_opened_it() -> None:
    context = after(assess("she took the whole bottle"), "she took the whole bottle", NOTHING_BEFORE)
    assert context.open_level is Level.EMERGENCY
    follow_up = assess("how long does that last", context)
    assert follow_up.counting == context.symptoms
    assert follow_up.findings[-1].status is Status.OPEN


@pytest.mark.parametrize("text", ["thanks", "ok", "ok, calling now", "Thank you so much!", "yes i am calling 911"])
def test_thanks_are_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", ["thanks but he is shaking", "ok how long does it last", "no", ""])
def test_more_than_thanks_is_no_thanks(text: str) -> None:
    assert not is_thanks(text)


def test_an_advisory_in_between_does_not_close_an_open_emergency() -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    advisory = Assessment(Level.ADVISORY, ())
    assert after(advisory, "what if a person ran out?", opened).open_level is Level.EMERGENCY


def test_a_button_closes_nothing() -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    assert after(Assessment(Level.NONE, ()), "/ask_why_taper", opened) == opened

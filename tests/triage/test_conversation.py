"""The level of a message in a conversation: what was said before counts."""

from typing import Any

import pytest

from baclofen_faq.triage import (
    NOTHING_BEFORE,
    Assessment,
    Context,
    Finding,
    Level,
    Route,
    Status,
    assess,
    in_context,
    is_thanks,
    is_unsure,
    told_by,
    without_words,
)
from baclofen_faq.triage import after as after_told
from tests.conftest import cases

CALM = ("information", "none")
UNSURE = Assessment(Level.ADVISORY, (Finding("described", 0, 5, Status.CURRENT, Level.ADVISORY),))
ADVISORY = Assessment(Level.ADVISORY, (Finding("missed_doses", 0, 5, Status.CURRENT, Level.ADVISORY),))


def after(assessment: Assessment, text: str, context: Context) -> Context:
    return after_told(told_by(assessment, text, context), context)


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


@pytest.mark.parametrize("text", ["thanks", "ok", "ok, calling now", "Thank you so much!", "ok i am calling 911"])
def test_thanks_are_thanks(text: str) -> None:
    assert is_thanks(text)


@pytest.mark.parametrize("text", ["thanks but he is shaking", "ok how long does it last", "no", "yes", "Yes.", ""])
def test_more_than_thanks_is_no_thanks(text: str) -> None:
    assert not is_thanks(text)


def test_an_advisory_in_between_does_not_close_an_open_emergency() -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    assert after(ADVISORY, "what if a person ran out?", opened).open_level is Level.EMERGENCY


def test_a_button_closes_nothing() -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    assert after(Assessment(Level.NONE, ()), "/ask_why_taper", opened) == opened


def test_yes_to_the_closed_question_is_an_emergency() -> None:
    asked = after(UNSURE, "it is all a bit much", NOTHING_BEFORE)
    assert is_unsure(UNSURE) and asked.is_asked
    assert assess("Yes", asked).level is Level.EMERGENCY


def test_a_photo_leaves_what_was_asked_and_what_is_open() -> None:
    asked = after(UNSURE, "he is off", NOTHING_BEFORE)
    still = after_told(without_words(), asked)
    assert still == asked and still.is_asked
    assert in_context(assess("yes"), "yes", still).level is Level.EMERGENCY


def test_no_to_the_closed_question_closes_it() -> None:
    asked = after(UNSURE, "it is all a bit much", NOTHING_BEFORE)
    answer = assess("no", asked)
    assert answer.level is Level.INFORMATION
    assert after(answer, "no", asked).open_level is Level.NONE


def test_no_closes_neither_an_open_emergency_nor_an_earlier_advisory() -> None:
    emergency = Context(open_level=Level.EMERGENCY, symptoms=("seizure",))
    assert not after(UNSURE, "why is it all a bit much", emergency).is_asked
    advisory = Context(open_level=Level.ADVISORY, symptoms=("missed_doses",))
    asked = after(UNSURE, "it is all a bit much", advisory)
    closed = after(assess("no", asked), "no", asked)
    assert (closed.open_level, closed.symptoms) == (Level.ADVISORY, ("missed_doses",))


@pytest.mark.parametrize("text", ["yes", "no"])
def test_a_bare_yes_or_no_keeps_the_level_where_nothing_was_asked(text: str) -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    assert assess(text, opened).level is Level.EMERGENCY
    assert assess(text, after(ADVISORY, "missed three", NOTHING_BEFORE)).level is Level.ADVISORY


def test_the_second_session_of_a_day_says_so_and_the_third_is_an_emergency() -> None:
    second = in_context(ADVISORY, "i missed three doses", Context(earlier_advisories=1))
    assert second.level is Level.ADVISORY and second.counting == ("missed_doses", "repeated")
    third = in_context(ADVISORY, "i missed three doses", Context(earlier_advisories=2))
    assert third.level is Level.EMERGENCY and third.counting == ("repeated",)
    assert in_context(Assessment(Level.NONE, ()), "hello", Context(earlier_advisories=2)).level is Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "my brother is with her", "she is not safe", "they are coming every minute", "nobody at the hospital answers",
        "i cannot get through to the doctor at the hospital", "she was in the hospital last week", "is help coming?",
        "it turned out worse than we thought", "i meant what i said", "no ambulance is coming", "it stopped",
        "she is fine now",
    ],
)  # fmt: skip
def test_words_like_those_of_help_close_nothing(text: str) -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    assert assess(text, opened).level is Level.EMERGENCY


@pytest.mark.parametrize(
    "text",
    ["no he didnt hit his head and no fever meds", "she didn't bang her head when she fell", "he wasnt drunk"],
)
def test_a_denied_detail_closes_nothing(text: str) -> None:
    opened = after(assess("she is having a seizure"), "she is having a seizure", NOTHING_BEFORE)
    answer = assess(text, opened)
    assert answer.level is Level.EMERGENCY and after(answer, text, opened).open_level is Level.EMERGENCY


@pytest.mark.parametrize("text", ["I am not safe", "i'm never safe", "who is with me? nobody", "leave me alone"])
def test_a_crisis_stays_until_somebody_is_safe(text: str) -> None:
    opened = after(assess("I want to end my life"), "I want to end my life", NOTHING_BEFORE)
    assert assess(text, opened).level is Level.EMERGENCY


def test_a_second_emergency_does_not_hide_the_first() -> None:
    opened = after(assess("I want to end my life"), "I want to end my life", NOTHING_BEFORE)
    both = after(assess("i took 20 tablets"), "i took 20 tablets", opened)
    assert both.symptoms == ("self_harm", "overdose")
    assert assess("why is baclofen tapered?", both).level is Level.EMERGENCY


def test_an_advisory_that_is_only_kept_open_is_no_new_contact() -> None:
    context = Context(open_level=Level.ADVISORY, symptoms=("missed_doses",), earlier_advisories=2)
    assert assess("hello", context).level is not Level.EMERGENCY


@pytest.mark.parametrize("text", ["no pump alarm today", "there is no pump clinic near me", "and tablets?"])
def test_a_pump_is_not_forgotten(text: str) -> None:
    assert after(Assessment(Level.NONE, ()), text, Context(route=Route.PUMP)).route is Route.PUMP


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("I have a pump since 2019", Route.PUMP),
        ("my son has a baclofen pump", Route.PUMP),
        ("no pump, only tablets", Route.ORAL),
        ("i take the tablets", Route.ORAL),
        ("what is a pump", Route.UNKNOWN),
    ],
)
def test_the_route_is_kept(text: str, route: Route) -> None:
    assert after(Assessment(Level.NONE, ()), text, NOTHING_BEFORE).route is route


@pytest.mark.parametrize(
    ("text", "before", "route"),
    [
        ("no, tablets", Route.PUMP, Route.ORAL),
        ("sorry, I meant the liquid", Route.PUMP, Route.ORAL),
        ("actually it is a pump", Route.ORAL, Route.PUMP),
        ("no, she has the pump", Route.ORAL, Route.PUMP),
        ("no more tablets", Route.PUMP, Route.PUMP),
    ],
)
def test_the_route_can_be_corrected(text: str, before: Route, route: Route) -> None:
    assert after(Assessment(Level.NONE, ()), text, Context(route=before)).route is route


@pytest.mark.parametrize("text", ["delete my conversation", "show me what i wrote", "what do you store about me"])
def test_a_wish_about_the_own_words_is_heard_while_an_emergency_is_open(text: str) -> None:
    context = Context(open_level=Level.EMERGENCY, symptoms=("seizure",))
    assert in_context(Assessment(Level.NONE, ()), text, context).level is Level.NONE

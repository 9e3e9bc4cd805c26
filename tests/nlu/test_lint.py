"""The linter of the training sentences catches each fault."""

import pytest

from baclofen_faq.nlu.lint import faults, messages_of_tests

SOUND = {
    "ask_a": ["what does the pump look like", "how big is it"],
    "ask_b": ["may I drive home", "is cycling allowed"],
}


def test_sound_sentences_have_no_fault() -> None:
    assert list(faults(SOUND, ["something else altogether"], fewest=2)) == []


@pytest.mark.parametrize(
    ("intents", "tested", "fewest", "says"),
    [
        ({"ask_a": ["How big is it?", "how big is it"]}, [], 1, "stands there twice"),
        ({"ask_a": ["how big is it"], "ask_b": ["how big is it!"]}, [], 1, "also in ask_a"),
        (SOUND, ["What does the pump look like?"], 2, "stands in a test"),
        (SOUND, [], 3, "2 sentences, at least 3"),
        ({"out_of_scope": ["will it rain"] * 1}, [], 1, "at least 250"),
        ({"ask_a": ["can I drive my car now"], "ask_b": ["can I drive the car now"]}, [], 1, "says the same"),
    ],
)
def test_a_fault_is_named(intents: dict[str, list[str]], tested: list[str], fewest: int, says: str) -> None:
    assert [fault for fault in faults(intents, tested, fewest) if says in fault]


def test_the_messages_of_all_tests_are_looked_at() -> None:
    messages = list(messages_of_tests())
    assert len(messages) > 1000
    assert "who won the cup final last night" in messages

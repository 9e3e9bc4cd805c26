"""Numbers that measure something, and numbers that do not."""

import pytest

from baclofen_faq.triage.measures import measured, temperatures
from baclofen_faq.triage.red_flags import load_red_flags


def symptoms(text: str) -> list[str]:
    return [symptom for _, _, symptom in measured(text, load_red_flags().limits)]


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("temp is 103.1", "high_fever"),
        ("39,2 in the ear", "high_fever"),
        ("thermometer says forty point one", "high_fever"),
        ("fever of a hundred and three", "high_fever"),
        ("temperature 38", "low_fever"),
        ("his temp was 103@3am", "high_fever"),
        ("his pulse is 158", "chest_or_heart"),
        ("hr 140 bpm", "chest_or_heart"),
        ("BP 68/40", "blood_pressure"),
        ("pressure was 205 over 110", "blood_pressure"),
        ("I took 12 of them", "overdose"),
        ("swallowed about twenty pills", "overdose"),
    ],
)
def test_a_figure_is_a_symptom(text: str, symptom: str) -> None:
    assert symptoms(text) == [symptom]


@pytest.mark.parametrize(
    "text",
    [
        "my dad is 102 years old", "102", "is 40 mg a lot", "temp 36.8 all day", "pulse 78", "bp 120/80", "call 911",
        "write to ann@t0b38f.example.org", "it stands at https://example.org/38f.html",
        "took 2 tablets", "I take 6 tablets a day", "room 104", "at 10:40", "open 24/7", "it cost 39.50",
    ],
)  # fmt: skip
def test_not_every_number_is_one(text: str) -> None:
    assert symptoms(text) == []


def test_fahrenheit_is_given_in_celsius() -> None:
    assert [round(celsius, 1) for _, _, celsius in temperatures("it reads 101.3 F")] == [38.5]

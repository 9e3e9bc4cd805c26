"""The level of a message from its words."""

import sys
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from baclofen_faq.triage import Level, Status, assess, by_rules
from baclofen_faq.vetted_files import ROOT
from tests.conftest import cases


@pytest.mark.parametrize("row", cases("triage.yml"))
def test_a_message_gets_its_level(row: dict[str, Any]) -> None:
    assessment = assess(row["text"])
    is_calm = (
        row["level"] == "information" and assessment.level.value == "none"
    )  # nothing found: the answer says its level
    assert assessment.level.value == row["level"] or is_calm, (row["why"], assessment.findings)


def reviewed() -> list[Any]:
    """The levels that staff corrected; none until they do."""
    rows = yaml.safe_load((ROOT / "tests" / "cases" / "reviewed.yml").read_text(encoding="utf-8")) or []
    return [pytest.param(row, id=row["id"]) for row in rows]


@pytest.mark.parametrize("row", reviewed())
def test_a_message_gets_the_level_that_staff_said_it_should_have(row: dict[str, Any]) -> None:
    assessment = assess(row["text"])
    is_calm = {assessment.level.value, row["level"]} <= {"information", "none"}
    assert assessment.level.value == row["level"] or is_calm, (row["why"], assessment.findings)


def test_a_finding_names_the_words_and_why_they_do_not_count() -> None:
    text = "no fever but she is having a seizure"
    fever, seizure = assess(text).findings
    assert (fever.symptom, text[fever.start : fever.end], fever.status) == ("high_fever", "fever", Status.DENIED)
    assert (seizure.symptom, seizure.status) == ("seizure", Status.CURRENT)
    assert "seizure" in text[seizure.start : seizure.end]
    assert assess(text).counting == ("seizure",)


def test_what_travels_to_rasa_is_plain_json_without_the_words() -> None:
    travels = assess("no seizures, just asking").as_json()
    assert travels == {
        "level": "information",
        "symptoms": [],
        "is_severe_symptom_mentioned": True,
        "is_only_kept_open": False,
    }
    assert type(travels["level"]) is str


def test_fear_is_no_suicidal_crisis() -> None:
    assert "self_harm" not in assess("is my mom going to die").counting


def test_words_that_nobody_is_said_to_have_are_only_mentioned() -> None:
    findings = by_rules("Seizures, fever and delirium: which of them come first in withdrawal, on the whole").findings
    assert findings and {finding.status for finding in findings} <= {Status.MENTIONED, Status.QUESTION}


def test_levels_are_ordered() -> None:
    assert [level.urgency for level in Level] == [0, 1, 2, 3]


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_assessed_and_its_offsets_lie_inside(text: str) -> None:
    for finding in assess(text).findings:
        assert 0 <= finding.start < finding.end <= len(text)


@pytest.mark.parametrize("text", ["fever 39 " * 440, "seizure " * 500])
def test_a_long_message_that_says_the_same_again_has_few_findings(text: str) -> None:
    assert len(by_rules(text).findings) <= 40


def test_an_emergency_of_the_words_does_not_ask_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise AssertionError("the model was asked")

    monkeypatch.setattr(sys.modules["baclofen_faq.triage.assess"], "sound_of", fails)
    assert assess("she is having a seizure").level is Level.EMERGENCY

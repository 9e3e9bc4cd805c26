"""The never-say list catches what must not be said, and nothing else."""

from typing import Any

import pytest

from baclofen_faq.answers.never_say import RULES, broken_rules, wrong_country_numbers
from baclofen_faq.answers.store import load_vetted
from tests.conftest import cases


@pytest.mark.parametrize("row", cases("never_say.yml"))
def test_a_rule_catches_its_sentence_and_passes_its_neighbor(row: dict[str, Any]) -> None:
    assert row["rule"] in broken_rules(row["caught"])
    assert broken_rules(row["passes"]) == []


def test_every_rule_has_a_sentence() -> None:
    tested = {param.values[0]["rule"] for param in cases("never_say.yml")}
    assert {rule.id for rule in RULES} == tested


def test_no_text_that_can_be_sent_breaks_a_rule() -> None:
    texts = list(load_vetted().texts())
    assert len(texts) > 50
    assert {text.where: broken_rules(text.words) for text in texts if broken_rules(text.words)} == {}


def test_a_number_of_another_country_is_seen() -> None:
    assert wrong_country_numbers("Call 999 now.", "us") == ["999"]
    assert wrong_country_numbers("Call 911 now.", "us") == []
    assert wrong_country_numbers("Call 911 or 999.", "unknown") == []

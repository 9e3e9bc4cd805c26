"""A broken symptom list is named with its key."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from baclofen_faq.triage.red_flags import RED_FLAGS_FILE, load_red_flags
from baclofen_faq.vetted_files import VettedFileError


def set_first(key: str, value: object) -> Callable[[dict], None]:  # type: ignore[type-arg]
    return lambda content: content["symptoms"][0].update({key: value})


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (set_first("phrases", []), "trouble_breathing.phrases: no phrase"),
        (set_first("sources", []), "trouble_breathing.sources: no source"),
        (set_first("sources", ["nobody"]), "nobody is not listed"),
        (set_first("level", "red"), "trouble_breathing.level"),
        (set_first("phrases", ["<nobody> shakes"]), "no list of words named <nobody>"),
        (set_first("with_pump", "emergncy"), "nothing reads with_pump"),
        (lambda content: content.update(symptoms=["fit"]), "each needs an id"),
        (lambda content: content.pop("measures"), "measures: is missing"),
        (lambda content: content["measures"].update(fever_celsius="high"), "fever_celsius: must be a number"),
        (lambda content: content["measures"].update(pulse="heart"), "measures.pulse: no symptom named heart"),
        (lambda content: content["combinations"][0].update(symptoms=["itch"]), "no symptom named itch"),
        (lambda content: content["combinations"][0].pop("sources"), "combinations: each needs"),
    ],
)
def test_a_spoiled_list_is_named(vetted_copy: Path, spoil: Callable[[dict], None], says: str) -> None:  # type: ignore[type-arg]
    path = vetted_copy / "red_flags.yml"
    content = yaml.safe_load(path.read_text())
    spoil(content)
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(VettedFileError, match=says):
        load_red_flags(path)


def test_every_symptom_of_the_evidence_is_there() -> None:
    assert load_red_flags().levels.keys() >= {
        "seizure", "hallucinations", "confusion", "psychosis", "high_fever", "rigid_muscles", "dark_urine",
        "trouble_breathing", "chest_or_heart", "fainting", "unconscious", "organ_failure", "newborn", "overdose",
        "extreme_drowsiness", "self_harm", "early_signs", "pump_alarm", "missed_refill", "stopped_or_ran_out",
    }  # fmt: skip


def test_several_hundred_lay_phrases_stand_in_the_list() -> None:
    content = yaml.safe_load(RED_FLAGS_FILE.read_text(encoding="utf-8"))
    assert sum(len(entry["phrases"]) for entry in content["symptoms"]) >= 350

"""Everything that can be sent is there; a broken file is named with its path and key, and never loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from baclofen_faq.answers.store import load_vetted
from baclofen_faq.vetted_files import VettedFileError

DESIGNED = {
    "what_is_baclofen", "what_is_withdrawal", "why_it_happens", "who_is_at_risk", "signs_overview", "signs_muscle",
    "signs_physical", "signs_hallucinations", "signs_mental", "severe_complications", "timeline", "why_taper",
    "how_to_taper", "stopped_suddenly", "missed_dose_or_ran_out", "restarting", "switching_medicine", "what_is_pump",
    "pump_vs_oral", "pump_problem", "oral_for_pump_failure", "treatment", "overdose", "like_alcohol_withdrawal",
    "interactions", "pregnancy_newborn", "driving_work", "what_to_tell_er", "prevention", "contact_clinic",
    "emergency_report", "self_harm", "greeting", "goodbye", "thanks", "bot_challenge", "what_can_you_do", "privacy",
    "out_of_scope", "cannot_answer",
}  # fmt: skip
DIFFERS_BY_ROUTE = ["signs_overview", "signs_physical", "timeline", "stopped_suddenly", "how_to_taper", "prevention"]


def change(path: Path, **keys: object) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**content, **keys}), encoding="utf-8")


def test_every_topic_has_its_answer_with_sources() -> None:
    answers = load_vetted().answers
    assert answers.keys() == DESIGNED
    assert [answer.id for answer in answers.values() if not answer.sources] == []


def test_medical_answers_lead_on_and_tell_both_routes_apart() -> None:
    answers = load_vetted().answers
    medical = [answer for answer in answers.values() if answer.level == "information"]
    assert len(medical) > 30
    assert [answer.id for answer in medical if len(answer.see_also) < 2] == []
    assert [id for id in DIFFERS_BY_ROUTE if answers[id].by_route.keys() != {"pump", "oral"}] == []


def test_the_corrections_of_the_article_hold() -> None:
    texts = {text.where: text.words.lower() for text in load_vetted().texts()}
    assert [where for where, words in texts.items() if "resounding" in words or "sprain" in words] == []
    assert "rebound spasticity" in texts["vetted/answers/signs_muscle.yml: text"]
    assert "fall, rise or swing" in texts["vetted/answers/signs_physical.yml: text"]
    for sign in ("itching", "tingling"):
        assert sign in texts["vetted/answers/signs_overview.yml: text"]
    assert "no guarantee" in texts["vetted/answers/why_taper.yml: text"]
    assert "no dose or time is known to rule it out" in texts["vetted/answers/who_is_at_risk.yml: text"]


def test_every_pump_text_calls_for_help_at_any_sign() -> None:
    pump = {
        answer.id: answer.by_route["pump"] for answer in load_vetted().answers.values() if "pump" in answer.by_route
    }
    assert len(pump) > 15
    assert [id for id, text in pump.items() if "{emergency_number}" not in text] == []


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda f: change(f / "answers/why_taper.yml", sources=[]), ["answers/why_taper.yml", "sources"]),
        (lambda f: change(f / "answers/why_taper.yml", text=""), ["answers/why_taper.yml", "text"]),
        (lambda f: change(f / "answers/why_taper.yml", id="other"), ["answers/why_taper.yml", "id"]),
        (lambda f: change(f / "answers/why_taper.yml", see_also=["nothing"]), ["answers/why_taper.yml", "see_also"]),
        (lambda f: change(f / "answers/why_taper.yml", colour="red"), ["answers/why_taper.yml", "colour"]),
        (lambda f: change(f / "answers/why_taper.yml", short="long " * 100), ["answers/why_taper.yml", "short"]),
        (
            lambda f: change(f / "answers/why_taper.yml", text="Call {nobody}. Now. Go."),
            ["why_taper.yml", "{nobody}"],
        ),
        (
            lambda f: change(f / "answers/why_taper.yml", text="Take two tablets. Rest. Wait."),
            ["why_taper.yml", "dose"],
        ),
        (
            lambda f: change(f / "answers/why_taper.yml", text="Extraordinary neurological deterioration " * 9),
            ["answers/why_taper.yml", "reading grade"],
        ),
        (
            lambda f: change(f / "answers/why_taper.yml", text="Call 911. It is good. We say so."),
            ["why_taper.yml", "911"],
        ),
        (lambda f: change(f / "answers/why_taper.yml", text="It is so. " * 31), ["why_taper.yml", "93 words"]),
        (lambda f: change(f / "answers/why_taper.yml", review_due="soon"), ["why_taper.yml", "review_due"]),
        (lambda f: change(f / "follow_ups.yml", why={"otherwise": "nothing"}), ["follow_ups.yml", "why", "nothing"]),
        (lambda f: change(f / "follow_ups.yml", why={"overdose": "overdose"}), ["follow_ups.yml", "otherwise"]),
        (lambda f: change(f / "people.yml", people=[{"id": "a"}]), ["people.yml", "id, name and role"]),
        (lambda f: change(f / "guidance.yml", lines={}), ["guidance.yml", "lines"]),
        (lambda f: (f / "guidance.yml").unlink(), ["guidance.yml", "missing"]),
        (lambda f: (f / "red_flags.yml").write_text("a: [1"), ["red_flags.yml, line 1", "not valid YAML"]),
    ],
)
def test_a_spoiled_file_is_named(vetted_copy: Path, spoil: Callable[[Path], object], names: list[str]) -> None:
    load_vetted(vetted_copy)
    spoil(vetted_copy)
    with pytest.raises(VettedFileError) as raised:
        load_vetted(vetted_copy)
    assert [name for name in names if name not in str(raised.value)] == []

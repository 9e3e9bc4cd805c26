"""A broken file under vetted/ is named with its path and key, and never loaded."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from baclofen_faq.answers.store import load_vetted
from baclofen_faq.vetted_files import VettedFileError

REQUIRED = {
    "what_is_baclofen", "what_is_withdrawal", "signs_overview", "signs_muscle", "signs_hallucinations", "signs_mental",
    "severe_complications", "why_taper", "how_to_taper", "what_is_pump", "pump_vs_oral", "greeting", "goodbye",
    "thanks", "bot_challenge", "what_can_you_do", "out_of_scope", "cannot_answer",
}  # fmt: skip


def change(path: Path, **keys: object) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump({**content, **keys}), encoding="utf-8")


def test_every_answer_is_there_with_sources() -> None:
    answers = load_vetted().answers
    assert answers.keys() >= REQUIRED
    assert [answer.id for answer in answers.values() if not answer.sources] == []


def test_nothing_is_signed_by_anybody() -> None:
    assert [answer.id for answer in load_vetted().answers.values() if answer.is_signed] == []


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


def test_a_signature_holds_for_the_exact_words_only(vetted_copy: Path) -> None:
    path = vetted_copy / "answers" / "why_taper.yml"
    answer = load_vetted(vetted_copy).answers["why_taper"]
    words = "\n".join(text for _, text in answer.texts())
    change(path, signed_by="a test", text_sha256=hashlib.sha256(words.encode()).hexdigest())
    assert load_vetted(vetted_copy).answers["why_taper"].is_signed
    change(path, text=answer.text.replace("slow", "slower"))
    assert not load_vetted(vetted_copy).answers["why_taper"].is_signed

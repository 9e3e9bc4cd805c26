"""The ledger: who approved which exact words, and what happens with those that nobody did."""

import datetime
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from baclofen_faq.answers import CLINIC_FILE, NotApproved, Replies, ledger, load_clinic, load_vetted
from baclofen_faq.answers.signatures import State
from baclofen_faq.vetted_files import ROOT, VettedFileError
from tests.answers.test_store import change

TODAY = datetime.date(2026, 12, 1)
LATER = datetime.date(2030, 1, 1)
SIGNER = {"id": "a.test", "name": "A Test", "role": "nobody real"}


@pytest.fixture
def signed_copy(vetted_copy: Path) -> Path:
    """A copy of vetted/ with one listed person, who signed why_taper, guidance and red_flags."""
    change(vetted_copy / "people.yml", people=[SIGNER])
    for id in ("why_taper", "guidance", "red_flags"):
        ledger.sign(load_vetted(vetted_copy), id, "a.test", TODAY, vetted_copy)
    return vetted_copy


def state(folder: Path, id: str, today: datetime.date = TODAY) -> State:
    return load_vetted(folder).state(id, today)


def test_nothing_is_shipped_signed_and_nobody_may_sign() -> None:
    vetted = load_vetted()
    assert vetted.people == {}
    assert {vetted.state(id, TODAY) for id in vetted.signatures} == {State.UNSIGNED}
    assert len(vetted.signatures) == len(vetted.answers) + 2


def test_the_ledger_has_every_text_that_can_be_sent() -> None:
    vetted = load_vetted()
    rows = list(ledger.rows(vetted, TODAY))
    assert len(rows) == len(list(vetted.texts())) > 200
    assert {row.id for row in rows} == vetted.signatures.keys()
    assert max(row.grade for row in rows if row.grade is not None and row.id in vetted.answers) <= 6.0


def test_a_signature_holds_for_the_exact_words_of_a_listed_person(signed_copy: Path) -> None:
    for id in ("why_taper", "guidance", "red_flags"):
        assert state(signed_copy, id) is State.SIGNED
    assert state(signed_copy, "how_to_taper") is State.UNSIGNED
    change(signed_copy / "people.yml", people=[])
    assert state(signed_copy, "why_taper") is State.UNSIGNED


@pytest.mark.parametrize("key", ["text", "question", "short", "sources"])
def test_a_changed_sentence_or_source_is_unsigned_again(signed_copy: Path, key: str) -> None:
    path = signed_copy / "answers" / "why_taper.yml"
    answers = load_vetted(signed_copy).answers
    sources = [vars(source) for source in answers["how_to_taper"].sources]
    words = "" if key == "sources" else getattr(answers["why_taper"], key).replace(" ", " now ", 1)
    change(path, **{key: words or sources})
    assert state(signed_copy, "why_taper") is State.CHANGED


def test_a_review_that_is_due_shows(signed_copy: Path) -> None:
    assert state(signed_copy, "why_taper", LATER) is State.OVERDUE


def test_nobody_else_can_sign_and_nothing_else(signed_copy: Path) -> None:
    with pytest.raises(VettedFileError, match="may not sign"):
        ledger.sign(load_vetted(signed_copy), "why_taper", "somebody", TODAY, signed_copy)
    with pytest.raises(VettedFileError, match="nothing has the id"):
        ledger.sign(load_vetted(signed_copy), "nothing", "a.test", TODAY, signed_copy)


@pytest.mark.parametrize("id", ["how_to_taper", "why_taper", "guidance", "red_flags"])
@pytest.mark.parametrize("ends_in_newline", [True, False])
def test_the_patch_does_what_signing_does(vetted_copy: Path, id: str, ends_in_newline: bool) -> None:
    change(vetted_copy / "people.yml", people=[SIGNER])
    path = vetted_copy / ledger.file_of(id)
    unsigned = path.read_text() if ends_in_newline else path.read_text().rstrip("\n")
    path.write_text(unsigned)
    vetted = load_vetted(vetted_copy)
    patch = ledger.patch(vetted, id, "a.test", TODAY, vetted_copy)
    assert path.read_text() == unsigned
    signed = ledger.sign(vetted, id, "a.test", TODAY, vetted_copy).read_text()
    path.write_text(unsigned)
    subprocess.run(["git", "apply", "-"], cwd=vetted_copy.parent, input=patch, text=True, check=True, timeout=60)
    assert path.read_text() == signed != unsigned
    assert state(vetted_copy, id) is State.SIGNED


def test_nobody_else_gets_a_patch(signed_copy: Path) -> None:
    with pytest.raises(VettedFileError, match="may not sign"):
        ledger.patch(load_vetted(signed_copy), "how_to_taper", "somebody", TODAY, signed_copy)


@pytest.mark.parametrize(
    ("setting", "id", "day", "notice"),
    [
        ("unsigned_answers", "how_to_taper", TODAY, "not yet approved"),
        ("changed_answers", "why_taper", TODAY, "not yet approved"),
        ("overdue_answers", "why_taper", LATER, "due to be read again"),
    ],
)
def test_the_clinic_decides_what_is_sent(
    signed_copy: Path, setting: str, id: str, day: datetime.date, notice: str
) -> None:
    if setting == "changed_answers":
        change(signed_copy / "answers/why_taper.yml", question="Why slowly?")
    vetted, clinic = load_vetted(signed_copy), load_clinic(CLINIC_FILE)
    sent = Replies(vetted, clinic, lambda: day).answer(id)
    assert sent.answer_id == id and notice in sent.text
    strict = Replies(vetted, replace(clinic, **{setting: NotApproved.REPLACE_WITH_CONTACT}), lambda: day)
    assert strict.answer(id).answer_id == strict.simpler(id).answer_id == "cannot_answer"
    assert strict.guidance("emergency", ["seizure"]).answer_id == "emergency_report"


def test_a_signed_answer_has_no_notice(signed_copy: Path) -> None:
    speaking = Replies(load_vetted(signed_copy), load_clinic(CLINIC_FILE), lambda: TODAY)
    assert "not yet approved" not in speaking.answer("why_taper").text


def command(*arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-W", "ignore", "-m", "baclofen_faq.answers", *arguments]
    return subprocess.run(line, cwd=ROOT, input=typed, capture_output=True, text=True, timeout=60, check=False)


def test_make_answers_prints_every_text_with_its_state() -> None:
    done = command("list")
    assert done.returncode == 0, done.stderr
    assert "why_taper" in done.stdout and "by_route.pump" in done.stdout and "unsigned" in done.stdout
    assert "42 files: 0 signed" in done.stdout


def test_make_sign_refuses_who_is_not_listed() -> None:
    done = command("sign", "why_taper", "somebody", typed="yes\n")
    assert done.returncode != 0 and "may not sign" in done.stderr

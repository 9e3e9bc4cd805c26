"""The patch of what reviewers corrected: it applies, keeps the files' form, and repeats and contradicts nothing."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from baclofen_faq.sentences import messages_of_cases, read_intents
from baclofen_faq.vetted_files import ROOT
from service.console import training
from service.console.models import AuditEntry
from service.console.training.correction import Correction, one_line
from service.console.training.files import with_levels, with_sentences
from service.conversations.models import Conversation, Verdict
from service.conversations.record import NOT_KEPT
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db
TOPIC = "ask_missed_dose_or_ran_out"
LOST = "the courier lost grandpas parcel with the bac in it again, what should he do til it turns up"
FELL = "gran flopped off her chair and her limbs will not stop jolting about"


def corrected(text: str, level: str = "", topic: str = "", then: str = "none", **more: Any) -> Verdict:
    """A message in a talk of its own, and what it should have been."""
    return of(talk(turn(text, level=then)), text, level, topic, **more)


def of(conversation: Conversation, text: str, level: str = "", topic: str = "", **more: Any) -> Verdict:
    message = conversation.messages.get(text=text)
    code = "should_have_escalated" if level else "wrong_answer"
    right = {"right_level": level, "right_topic": topic or ("" if level else TOPIC)}
    return Verdict.objects.create(message=message, code=code, by="dr. anna", **right, **more)


def reasons(made: training.Export) -> dict[int, str]:
    return {one.turn: one.reason for one in made.left_out}


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what a patch touches and the linter reads, but for the holdout, which is not for this."""
    copy = tmp_path / "tree"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "baclofen_faq", copy / "baclofen_faq", ignore=ignored)
    for folder in ("data", "tests/cases", "tests/conversations"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    return copy


def test_someone_who_may_not_sees_nothing(browser_of: Callable[[str], Client]) -> None:
    corrected(LOST)
    path = "/changes/training.patch"
    anonymous = Client().post(path)
    assert anonymous.status_code == 302 and anonymous["Location"].startswith("/sign-in")
    refused = browser_of("viewer").post(path)
    assert refused.status_code == 403 and b"courier" not in refused.content + anonymous.content
    assert browser_of("reviewer").get(path).status_code == 405  # no link of another site makes one
    assert Verdict.objects.get().exported_at is None


def test_the_patch_applies_and_the_linter_of_the_sentences_has_no_fault(tree: Path) -> None:
    lost, fell = corrected(LOST), corrected(FELL, level="emergency")
    second = corrected("and [name] dropped both strips down the loo this morning, now there is no bac left for today")
    made = training.make(tree)
    assert not made.left_out
    (tree / "training.patch").write_text(made.patch, encoding="utf-8")
    run("git", "apply", "--check", "training.patch", cwd=tree)
    run("git", "apply", "training.patch", cwd=tree)
    after, before = read_intents(tree / "data/nlu.yml"), read_intents()
    assert after.pop(TOPIC) == [*before.pop(TOPIC), LOST, second.message.text] and after == before
    comments = [f"    # reviewed by dr. anna, turn {one.message_id}" for one in (lost, second)]
    assert "\n".join(comments) + "\n\n  - intent: " in (tree / "data/nlu.yml").read_text()
    reviewed = (tree / "tests/cases/reviewed.yml").read_text()
    [row] = yaml.safe_load(reviewed)
    assert (row["id"], row["text"], row["level"]) == (f"turn_{fell.message_id}", FELL, "emergency")
    assert f"# reviewed by dr. anna, turn {fell.message_id}\n" in reviewed and "should have escalated" in row["why"]
    run(sys.executable, "-W", "ignore", "-m", "baclofen_faq.nlu.lint", cwd=tree)


def test_a_second_patch_goes_behind_the_first(tree: Path) -> None:
    for text in (LOST, "my tablets got soaked in the tent and turned to mush, three doses gone since friday"):
        corrected(text)
        made = training.make(tree)
        (tree / "training.patch").write_text(made.patch, encoding="utf-8")
        run("git", "apply", "training.patch", cwd=tree)
        training.hand_over("", made)
    lines = (tree / "data/nlu.yml").read_text().split("\n")
    place = lines.index(f"      - {LOST}")
    assert [line[:8] for line in lines[place : place + 4]] == ["      - ", "      - ", "    # re", "    # re"]


def test_what_stands_in_a_test_is_neither_trained_on_nor_tested_with_again() -> None:
    case = next(one for one in messages_of_cases(ROOT / "tests") if one.level == "emergency" and len(one.text) > 40)
    change = corrected(case.text.upper(), then="emergency")

    def reason(**right: str) -> str:
        Verdict.objects.update(**{"right_topic": "", "right_level": "", **right})
        made = training.make()
        assert not made.patch
        return reasons(made)[change.message_id]

    assert reason(right_topic=TOPIC) == "stands in a test, and may not be trained on"
    assert reason(right_level="emergency") == "stands in tests/cases already"
    assert reason(right_level="advisory") == "contradicts tests/ where it stands as emergency"


def test_a_training_sentence_is_no_test() -> None:
    sentence = next(one for one in read_intents()["greeting"] if len(one) > 12)
    change = corrected(f"{sentence}!!", level="advisory")
    assert "stands among the training sentences" in reasons(training.make())[change.message_id]


def test_a_sentence_that_stands_in_its_intent_is_done_and_one_of_another_intent_is_reported() -> None:
    sentence = read_intents()[TOPIC][0]
    there = corrected(f"{sentence.upper()} !!")
    made = training.make()
    assert reasons(made) == {there.message_id: f"stands in data/nlu.yml already, as {TOPIC}"}
    training.hand_over("anna", made)
    assert Verdict.objects.get().exported_at
    Verdict.objects.update(right_topic="ask_timeline", exported_at=None)
    assert "contradicts data/nlu.yml" in training.make().left_out[0].reason


def test_the_same_words_are_written_once_and_those_that_contradict_each_other_not_at_all() -> None:
    first, twin = corrected(LOST), corrected(f"{LOST.upper()}?")
    made = training.make()
    assert [one.turn for one in made.written] == [first.message_id]
    assert reasons(made) == {twin.message_id: f"the same as turn {first.message_id}"}
    third = corrected(f"{LOST}!", topic="ask_timeline")
    made = training.make()
    assert not made.patch and len(made.left_out) == 3
    assert f"turn {third.message_id} (ask_timeline)" in reasons(made)[first.message_id]


def test_what_says_the_same_in_other_words_is_not_put_into_another_intent() -> None:
    sentence = "pump or pills whats better"
    assert sentence in read_intents()["ask_pump_vs_oral"]
    near = corrected("pump or pills, which one's better then", topic="ask_timeline")
    assert "says the same as a sentence of ask_pump_vs_oral" in reasons(training.make())[near.message_id]
    Verdict.objects.update(right_topic="ask_pump_vs_oral")
    assert training.make().written


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("/ask_timeline", "a button"),
        ("yes", "a button"),
        ("[name] [phone]", "nothing but placeholders"),
        ("😀😀 12", "nothing but placeholders"),
        (NOT_KEPT, "not kept"),
        ("so " * 150, "over 300 characters"),
    ],
)
def test_what_teaches_nothing_is_left_out(text: str, reason: str) -> None:
    corrected(text)
    assert reason in training.make().left_out[0].reason


def test_an_intent_that_is_none_is_reported() -> None:
    corrected(LOST, topic="ask_nothing_of_the_kind")
    assert "no intent ask_nothing_of_the_kind" in training.make().left_out[0].reason


def test_a_level_that_rests_on_what_was_said_before_is_no_case_of_one_message() -> None:
    seizure = turn("my dad is having a seizure", "emergency", ["seizure"])
    of(talk(seizure, turn("it stopped now", "emergency")), "it stopped now", level="information")
    assert "write a dialogue" in training.make().left_out[0].reason


def test_words_are_redacted_once_more_and_stand_on_one_line() -> None:
    corrected("hi i am John Miller, 202-555-0142\n  lost my strips of bac in the taxi so none for today")
    made = training.make()
    assert "John" not in made.patch and "0142" not in made.patch
    assert "      - hi i am [name], [phone] lost my strips of bac in the taxi so none for today\n" in made.patch


def test_made_up_conversations_are_never_exported() -> None:
    corrected(LOST)
    Conversation.objects.update(is_demo=True)
    made = training.make()
    assert not made.patch and not made.left_out and not made.waiting


def test_the_command_writes_one_file_says_what_and_overwrites_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost, button = corrected(LOST), corrected("/ask_timeline")
    call_command("export_training", output=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["training.patch"]
    printed = capsys.readouterr().out
    assert "Written: 1 sentence and 0 levels. Left out: 1." in printed and "courier" not in printed
    assert f"Turn {button.message_id} left out: a button" in printed
    assert [one.exported_at is not None for one in (Verdict.objects.get(pk=v.pk) for v in (lost, button))] == [
        True,
        False,
    ]
    entry = AuditEntry.objects.get(action="training exported")
    assert entry.detail == {"written": 1, "left_out": 1, "turns": [lost.message_id]} and entry.who == ""
    before = (tmp_path / "training.patch").read_bytes()
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_training", output=tmp_path)
    assert (tmp_path / "training.patch").read_bytes() == before


def test_what_cannot_be_written_is_not_marked(tmp_path: Path) -> None:
    corrected(LOST)
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_training", output=tmp_path / "nowhere")
    assert (
        Verdict.objects.get().exported_at is None and not AuditEntry.objects.filter(action="training exported").exists()
    )


def test_a_patch_that_was_lost_is_made_again_on_demand(tmp_path: Path) -> None:
    corrected(LOST, exported_at=timezone.now())
    call_command("export_training", output=tmp_path)
    assert not list(tmp_path.iterdir())
    call_command("export_training", output=tmp_path, again=True)
    assert LOST in (tmp_path / "training.patch").read_text()


def test_a_verdict_that_was_changed_meanwhile_stays_open() -> None:
    change = corrected(LOST)
    made = training.make()
    change.right_topic = "ask_timeline"
    change.save()
    training.hand_over("anna", made)
    assert Verdict.objects.get().exported_at is None


def test_the_page_hands_the_same_patch_over_and_records_who_took_it(reviewer: Client) -> None:
    change = corrected(LOST)
    wanted = training.make().patch
    response = reviewer.post("/changes/training.patch")
    assert response["Content-Disposition"] == 'attachment; filename="training.patch"'
    assert response.content.decode() == wanted and wanted.startswith("diff --git a/data/nlu.yml b/data/nlu.yml\n")
    assert AuditEntry.objects.get(action="training exported").detail["turns"] == [change.message_id]
    page = reviewer.get("/changes").content.decode()
    assert "Written: 1 sentence" in page
    again = reviewer.post("/changes/training.patch", follow=True)
    assert "Written: 0 sentences" in again.content.decode()


@given(st.lists(st.text(), max_size=4), st.text(max_size=20))
def test_whatever_was_typed_stands_in_the_files_as_one_line(texts: list[str], by: str) -> None:
    texts = [one_line(text) for text in texts]
    new = [Correction(number, text, "ask_a", "emergency", by, "why") for number, text in enumerate(texts)]
    form = (
        "nlu:\n  - intent: ask_a\n    examples: |\n      - is it\n  - intent: ask_b\n    examples: |\n      - was it\n"
    )
    said = yaml.safe_load(with_sentences(form, new))["nlu"]
    assert said[0]["examples"].split("\n") == ["- is it", *(f"- {text}" for text in texts), ""]
    assert said[1]["examples"] == "- was it\n"
    rows = yaml.safe_load(with_levels("# levels\n", new)) or []
    assert [row["text"] for row in rows] == texts

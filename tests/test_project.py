"""What holds across the rooms: one id everywhere, import contracts, tests apart from training, Rasa's own tests."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from baclofen_faq.answers import BY_OWN_NAME, load_vetted
from baclofen_faq.sentences import read_intents
from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from service.training import MODEL

NO_INTENT = {"cannot_answer"}
BIN = Path(sys.executable).parent


def read(name: str) -> dict:  # type: ignore[type-arg]
    return dict(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")))


def conversation_steps() -> Iterator[dict[str, str]]:
    for path in (ROOT / "tests" / "conversations").glob("**/test_*.yml"):
        for story in yaml.safe_load(path.read_text())["stories"]:
            yield from story["steps"]


def test_every_topic_has_answer_intent_sentences_and_rule() -> None:
    topics = load_vetted().answers.keys() - NO_INTENT
    intents = {id if id in BY_OWN_NAME else f"ask_{id}" for id in topics}
    rules = {step["intent"] for rule in read("data/rules.yml")["rules"] for step in rule["steps"] if "intent" in step}
    assert len(intents) > 10
    answerless = {"affirm", "deny", "delete_conversation", "show_conversation"}
    others = {i for i in read_intents() if i in answerless or i.startswith(("follow_up_", "feedback_"))}
    assert len(others) == 16
    assert set(read("domain.yml")["intents"]) == intents | others
    assert read_intents().keys() == intents | others
    assert rules - {"nlu_fallback"} == intents | others


def test_the_import_contracts_hold() -> None:
    done = subprocess.run([BIN / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_rasas_own_test_stories_pass(bot: Place, tmp_path: Path) -> None:
    command = [
        BIN / "rasa", "test", "core", "--stories", "tests/conversations", "--model", str(MODEL),
        "--endpoints", "deploy/endpoints.yml", "--out", str(tmp_path), "--fail-on-prediction-errors",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=environment(bot), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads((tmp_path / "story_report.json").read_text())
    stories = sum(1 for _ in (step for step in conversation_steps() if "user" in step))
    assert report["conversation_accuracy"]["accuracy"] == 1.0 and stories > 15


@pytest.mark.parametrize("name", ["nlu.yml", "stories.yml", "rules.yml"])
def test_rasas_files_stand_where_rasa_users_look(name: str) -> None:
    assert (ROOT / "data" / name).is_file()

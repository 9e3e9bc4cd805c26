"""A changed answer takes over while people chat, without one message unanswered; a bad model is refused."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import numpy as np
import pytest

from baclofen_faq.validated import NotValidatedError, check_validated, record_validated
from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from service.release import LEFT_OUT
from service.training import model_is_old
from tests.conftest import free_ports
from tests.test_production import clinic

QUESTION, TOPIC, EMERGENCY = "what is baclofen?", "what_is_baclofen", "my father is having a seizure right now"
SENTENCE = "This sentence was added while people chatted."
BLIND = {  # enough of each kind for every floor to be held against something
    "messages": [
        {"level": level, "text": text, "trick": trick}
        for trick in ("plain", "negated")
        for level, text in (
            ("emergency", "my son is having a seizure"),
            ("advisory", "I stopped my baclofen yesterday"),
            ("information", "why do I have to taper?"),
        )
    ],
    "questions": [
        {"level": "information", "text": QUESTION, "trick": trick, "topics": [TOPIC]} for trick in ("plain", "misspelt")
    ]
    + [{"level": "none", "text": "who won the football game?", "trick": "out_of_scope", "expects": "nothing"}],
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with a few blind messages of its own."""
    assert not model_is_old(), "the model is missing or old: run `make train` first"
    folder = tmp_path_factory.mktemp("clinic") / "project"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
    holdout = folder / "tests" / "holdout"
    shutil.rmtree(holdout)
    holdout.mkdir()
    for name, rows in BLIND.items():
        lines = [json.dumps({"id": f"{name}-{number}", **row}) for number, row in enumerate(rows)]
        (holdout / f"{name}.jsonl").write_text("\n".join(lines))
    turns = [[{key: row[key] for key in ("level", "text")}] for row in BLIND["messages"][:3]]
    asked = [{"level": "information", "text": QUESTION, "expects": "topic", "topics": [TOPIC]}]
    dialogues = [json.dumps({"id": f"d{n}", "trick": "plain", "turns": one}) for n, one in enumerate(turns)]
    (holdout / "dialogues.jsonl").write_text("\n".join(dialogues))
    (holdout / "follow_ups.jsonl").write_text(json.dumps({"id": "f", "turns": asked}))
    return folder


@pytest.fixture(scope="module")
def live(project: Path) -> Iterator[Place]:
    """The bot in production from its first release on, as `manage.py serve` starts it."""
    gateway, rasa, actions, console = (free_ports(number) for number in (2, 2, 2, 1))
    place = Place(gateway, rasa, actions, project / "var", console, gateways=2, rasas=2)
    place.var.mkdir()
    with (project / "output.txt").open("wb") as output:
        serving = subprocess.Popen(
            command("serve"), cwd=project, env=settings(project, place), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        until = time.monotonic() + 400
        while not all(is_ready(url) for url in place.gateway_urls):
            assert serving.poll() is None and time.monotonic() < until, (project / "output.txt").read_text()
            time.sleep(0.5)
        yield place
    finally:
        serving.terminate()
        serving.wait(30)


def command(name: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "manage.py", name]


def settings(project: Path, place: Place) -> dict[str, str]:
    ours = {
        "PRODUCTION": "true",
        "SECRET_KEY": "k" * 50,
        "CLINIC_FILE": str(clinic(project.parent)),
        "GATEWAYS": "2",
        "RASAS": "2",
        "WEB_LIMIT_ADDRESS_MESSAGES": "10000/minute",
        "WEB_LIMIT_SESSION_MESSAGES": "10000/minute",
    }
    return {**environment(place), **ours}


def is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz", timeout=10).is_success
    except httpx.HTTPError:
        return False


def release(project: Path, live: Place) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("release"), cwd=project, env=settings(project, live), capture_output=True, text=True, timeout=900
    )


class Visitor:
    """Somebody who chats on the website; where one gateway is not there, nginx takes them to the other one."""

    def __init__(self, place: Place) -> None:
        self._urls = place.gateway_urls
        self._token = self._post("/web/session", {}, {})["token"]

    def say(self, text: str) -> dict[str, Any]:
        body = {"id": str(uuid.uuid4()), "text": text}
        replies = self._post("/web/messages", body, {"Authorization": f"Bearer {self._token}"})["replies"]
        return dict(replies[0])

    def _post(self, path: str, body: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
        for url in (*self._urls, *self._urls):
            try:
                return dict(
                    httpx.post(f"{url}{path}", json=body, headers=headers, timeout=10).raise_for_status().json()
                )
            except httpx.TransportError:
                self._urls = self._urls[::-1]
        raise AssertionError("no gateway answers")


def test_a_changed_answer_takes_over_and_nobody_waits_for_it(project: Path, live: Place) -> None:
    before = live.live.resolve()
    assert SENTENCE not in Visitor(live).say(QUESTION)["text"]
    answer = project / "vetted" / "answers" / f"{TOPIC}.yml"
    lines = answer.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("text:")) + 1
    answer.write_text("\n".join([*lines[:at], f"  {SENTENCE}", *lines[at:], ""]))
    over = Event()

    def chat() -> list[dict[str, Any]]:
        said = []
        visitor = Visitor(live)
        while not over.is_set():
            said.append(visitor.say(EMERGENCY if len(said) % 5 == 4 else QUESTION))
            time.sleep(0.5)
            if len(said) % 10 == 0:
                visitor = Visitor(live)
        return said

    with ThreadPoolExecutor(3) as threads:
        chatting = [threads.submit(chat) for _ in range(3)]
        try:
            done = release(project, live)
        finally:
            over.set()
        said = [reply for one in chatting for reply in one.result()]
    assert done.returncode == 0, done.stderr
    assert live.live.resolve() != before and live.live.resolve().parent == live.var / "releases"
    assert SENTENCE in Visitor(live).say(QUESTION)["text"]
    assert len(said) > 30
    emergencies = [reply for reply in said if reply["level"] == "emergency"]
    assert emergencies and all(reply["text"].startswith("Call 911 now") for reply in emergencies)
    answered = [reply["answer_id"] for reply in said if reply["level"] == "information"]
    assert len(answered) >= 0.95 * (len(said) - len(emergencies))  # a machine that does other work is late now and then


def test_a_model_below_the_floors_is_refused_and_the_old_one_stays(project: Path, live: Place) -> None:
    before, pids = live.live.resolve(), [live.pid("rasa.1"), live.pid("gateway.1")]
    good = (project / "models" / "baclofen-faq.tar.gz").read_bytes()
    try:
        spoil(project / "models" / "baclofen-faq.tar.gz")
        done = release(project, live)
    finally:
        (project / "models" / "baclofen-faq.tar.gz").write_bytes(good)
    assert done.returncode == 1
    assert "Refused, and what was live is live still. Below the floors: " in done.stderr.splitlines()[-1]
    assert "wrong answer" in done.stderr.splitlines()[-1]
    assert live.live.resolve() == before and [live.pid("rasa.1"), live.pid("gateway.1")] == pids
    assert [folder for folder in (live.var / "releases").iterdir() if folder > before] == []
    assert Visitor(live).say(QUESTION)["answer_id"] == TOPIC


def test_broken_vetted_words_are_refused_before_anything_is_asked(project: Path, live: Place) -> None:
    before, answer = live.live.resolve(), project / "vetted" / "answers" / "timeline.yml"
    good = answer.read_text()
    try:
        answer.write_text("id: timeline\n")
        done = release(project, live)
    finally:
        answer.write_text(good)
    assert done.returncode == 1 and "timeline.yml" in done.stderr.splitlines()[-1]
    assert live.live.resolve() == before


def test_rasa_starts_with_no_model_but_the_one_that_was_validated(tmp_path: Path) -> None:
    model = tmp_path / "model.tar.gz"
    model.write_bytes(b"one")
    with pytest.raises(NotValidatedError, match="is missing: `manage.py evaluate` writes it"):
        check_validated(model)
    record_validated(model, on=date(2026, 1, 1))
    check_validated(model)
    model.write_bytes(b"another")
    with pytest.raises(NotValidatedError, match="not the model that was validated"):
        check_validated(model)
    serve = [sys.executable, "-m", "baclofen_faq.nlu.serve", "--model", str(model)]
    done = subprocess.run(
        serve, cwd=ROOT, env={**os.environ, "PRODUCTION": "true"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "not the model that was validated" in done.stderr.splitlines()[-1]


def spoil(model: Path) -> None:
    """A model that takes each topic for the next one, but for the health check's: it starts, and answers wrong."""
    folder = model.parent / "spoilt"
    with tarfile.open(model) as packed:
        packed.extractall(folder)
    (learned,) = folder.rglob("sentences.npz")
    arrays = dict(np.load(learned, allow_pickle=False))
    topics = [name for name in arrays["classes_"] if name.startswith("ask_") and name != "ask_what_is_withdrawal"]
    wrong = dict(zip(topics, topics[1:] + topics[:1]))
    assert len(wrong) > 20
    for name in ("intents", "classes_"):
        arrays[name] = np.array([wrong.get(intent, intent) for intent in arrays[name]])
    order = np.argsort(arrays["classes_"])  # as a training leaves them
    arrays |= {name: arrays[name][order] for name in ("coef_", "intercept_", "classes_")}
    np.savez(learned, **arrays)
    with tarfile.open(model, "w:gz") as packed:
        packed.add(folder, arcname="")
    shutil.rmtree(folder)

"""The commands as a person types them: chat, and one clear sentence when something is wrong."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from tests.conftest import free_port, manage

QUESTIONS = """
/
could you tell me what baclofen withdrawal is?
1
my husband is seeing people who are not there
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    return Place(gateway=free_port(), rasa=free_port(), actions=free_port(), var=tmp_path)


def nothing_listens(place: Place) -> bool:
    for port in (place.gateway, place.rasa, place.actions):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return False
    return True


def test_piped_lines_are_answered_in_turn_and_everything_ends(elsewhere: Place) -> None:
    done = manage(elsewhere, "chat", stdin=QUESTIONS)
    assert done.returncode == 0, done.stderr
    slash, question, button, emergency = done.stdout.split("you> ")[1:]
    assert "message must be a text that is not empty" in slash
    assert "Baclofen withdrawal is how the body reacts" in question and "Sources:" in question
    assert "  1. What are the signs of withdrawal?" in question
    assert "Early signs can be" in button
    assert emergency.split("\n\n")[1].startswith("Call 911 now")
    assert "Traceback" not in done.stderr and "WARNING" not in done.stdout
    assert nothing_listens(elsewhere)


def test_a_port_in_use_is_named_with_the_next_step(elsewhere: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = manage(replace(elsewhere, rasa=taken.getsockname()[1]), "chat", stdin="hello\n")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "Port " in done.stderr and "(rasa) is in use" in done.stderr and "RASA_PORT" in done.stderr


def post(place: Place, text: str) -> dict[str, str]:
    url = f"{place.gateway_url}/webhooks/rest/webhook"
    return dict(httpx.post(url, json={"sender": f"a {text}"[:90], "message": text}, timeout=10).json()[0])


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.3)


def test_the_gateway_outlives_rasa_and_a_term_ends_everything(elsewhere: Place) -> None:
    command = [sys.executable, "-W", "ignore", "manage.py", "serve"]
    with (elsewhere.var / "out").open("w") as out:
        serve = subprocess.Popen(command, cwd=ROOT, env=environment(elsewhere), stdout=out, stderr=out)
    try:
        wait_for(lambda: "Ready:" in (elsewhere.var / "out").read_text())
        os.kill(elsewhere.pid("rasa.1"), signal.SIGKILL)
        assert post(elsewhere, "she is having a seizure")["text"].startswith("Call 911 now")
        assert "I cannot answer just now" in post(elsewhere, "why must baclofen be tapered?")["text"]
        wait_for(lambda: post(elsewhere, "why must baclofen be tapered?")["answer_id"] == "why_taper")
    finally:
        serve.terminate()
        serve.wait(30)
    assert nothing_listens(elsewhere)


@pytest.mark.parametrize(("name", "value"), [("RASA_PORT", "abc"), ("GATEWAY_PORT", "5055")])
def test_a_port_that_is_none_is_named(elsewhere: Place, name: str, value: str) -> None:
    env = {**environment(elsewhere), "ACTIONS_PORT": "5055", name: value}
    command = [sys.executable, "-W", "ignore", "manage.py", "chat"]
    done = subprocess.run(command, cwd=ROOT, env=env, input="hi\n", capture_output=True, text=True, check=False)
    assert done.returncode == 1 and name in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's files in a folder of their own, to be spoiled."""
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in tracked.splitlines():
        if (ROOT / name).is_file():
            (tmp_path / "copy" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / "copy" / name)
    return tmp_path / "copy"


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda root: (root / "data/nlu.yml").write_text("nlu:\n  - intent: [a\n"), "data/nlu.yml, line "),
        (lambda root: (root / "baclofen_faq/embedding/tokenizer.json").unlink(), "tokenizer.json is missing"),
        (lambda root: (root / "domain.yml").unlink(), "domain.yml: file is missing"),
        (lambda root: (root / "vetted/answers/why_taper.yml").write_text("id: why_taper\n"), "why_taper.yml: level"),
        (lambda root: (root / "clinic.yml").write_text("name: A\n"), "clinic.yml: region"),
    ],
)
def test_a_spoiled_file_is_one_sentence(copy: Path, spoil: Callable[[Path], object], says: str) -> None:
    spoil(copy)
    command = [sys.executable, "-W", "ignore", "manage.py", "train"]
    env = {**os.environ, "VAR_FOLDER": str(copy / "var")}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert says in done.stderr and "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr

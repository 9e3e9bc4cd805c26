"""The commands as a person types them: chat, and one clear sentence when something is wrong."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from baclofen_faq.vetted_files import ROOT
from service.stack import Place
from tests.conftest import free_port, manage

QUESTIONS = """
could you tell me what baclofen withdrawal is?
1
my husband is seeing people who are not there
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Place:
    return Place(gateway=free_port(), rasa=free_port(), actions=free_port(), var=tmp_path)


def test_piped_lines_are_answered_in_turn_and_everything_ends(elsewhere: Place) -> None:
    done = manage(elsewhere, "chat", stdin=QUESTIONS)
    assert done.returncode == 0, done.stderr
    question, button, emergency = done.stdout.split("you> ")[1:]
    assert "Baclofen withdrawal is how the body reacts" in question and "Sources:" in question
    assert "  1. What are the signs of withdrawal?" in question
    assert "Early signs can be" in button
    assert emergency.split("\n\n")[1].startswith("Call 911 now")
    assert "Traceback" not in done.stderr and "WARNING" not in done.stdout
    for port in (elsewhere.gateway, elsewhere.rasa, elsewhere.actions):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0, f"something still listens on {port}"


def test_a_port_in_use_is_named_with_the_next_step(elsewhere: Place) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = manage(replace(elsewhere, rasa=taken.getsockname()[1]), "chat", stdin="hello\n")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "Port " in done.stderr and "(rasa) is in use" in done.stderr and "RASA_PORT" in done.stderr


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

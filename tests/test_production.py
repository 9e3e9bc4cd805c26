"""Production does not start with what would harm or leak."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment

DESK = "https://desk.clinic.example/handoff"
REAL = {"name": "Harbour Hospital", "phone": '"617-496-2000"', "out_of_hours_phone": '"617-496-2001"'}


def clinic(folder: Path, **changes: str) -> Path:
    text = (ROOT / "clinic.yml").read_text()
    for key, value in {**REAL, **changes}.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    path = folder / "clinic.yml"
    path.write_text(text)
    return path


def start(clinic_file: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Import the gateway as its server does."""
    settings = {"PRODUCTION": "true", "SECRET_KEY": "x" * 50, "CLINIC_FILE": str(clinic_file), **environment}
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        "import service.settings.gateway as g; print(g.IS_REST_CHANNEL_ON)",
    ]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )


def test_a_real_clinic_starts_without_the_rest_channel(tmp_path: Path) -> None:
    done = start(clinic(tmp_path))
    assert (done.returncode, done.stdout.strip()) == (0, "False"), done.stderr


@pytest.mark.parametrize(
    ("changes", "environment", "why"),
    [
        ({"name": "Riverbend Spasticity Clinic (a made-up clinic)"}, {}, "made-up clinic"),
        ({"phone": "202-555-0142"}, {}, "made-up clinic"),
        ({"out_of_hours_phone": '""'}, {}, "out_of_hours_phone"),
        ({"out_of_hours_phone": "tbd"}, {}, "out_of_hours_phone is no phone number"),
        ({}, {"DEBUG": "true"}, "DEBUG"),
        ({}, {"SECRET_KEY": ""}, "SECRET_KEY"),
        ({}, {"HANDOFF_URL": DESK}, "HANDOFF_SECRET is not set"),
        ({}, {"HANDOFF_URL": DESK, "HANDOFF_SECRET": "whsec_%%"}, "no base64"),
        ({}, {"HANDOFF_URL": DESK, "HANDOFF_SECRET": "whsec_"}, "holds nothing after whsec_"),
        ({}, {"HANDOFF_URL": "http://desk.example", "HANDOFF_SECRET": "secret"}, "must begin with https://"),
        ({}, {"HANDOFF_URL": DESK, "HANDOFF_SECRET": "secret"}, "ADDRESS_KEYS is not set, and HANDOFF_URL cannot"),
        ({}, {"HANDOFF_URL": DESK, "HANDOFF_SECRET": "secret", "ADDRESS_KEYS": "no key"}, "what is no key"),
    ],
)
def test_production_refuses(tmp_path: Path, changes: dict[str, str], environment: dict[str, str], why: str) -> None:
    done = start(clinic(tmp_path, **changes), **environment)
    assert done.returncode != 0
    assert why in done.stderr.strip().splitlines()[-1]


def test_the_clinic_of_the_project_is_refused() -> None:
    assert "made-up clinic" in start(ROOT / "clinic.yml").stderr


def test_production_is_given_no_key_that_it_was_not_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    place = Place(var=tmp_path)
    assert len(environment(place)["SECRET_KEY"]) >= 50
    assert environment(place)["SECRET_KEY"] == environment(place)["SECRET_KEY"]  # chats outlive a restart
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
    monkeypatch.setattr("service.place.IS_PRODUCTION", True)
    assert environment(place)["SECRET_KEY"] == ""

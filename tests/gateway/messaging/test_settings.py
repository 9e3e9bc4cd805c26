"""A channel is on by its name in CHANNELS; what it cannot do without is asked for in one sentence, before the start."""

import os
import subprocess
import sys
from typing import Any

import pytest
from cryptography.fernet import Fernet

from baclofen_faq.vetted_files import ROOT
from service.settings.channels import KNOWN, SHARED

KEY = Fernet.generate_key().decode()
GOOD = {
    "PUBLIC_URL": "https://chat.clinic.example",
    "PERSON_KEY": "p" * 40,
    "ADDRESS_KEYS": KEY,
    **{name: "x" * 40 for names in KNOWN.values() for name in names},
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", "import service.settings.gateway as g; print(g.CHANNELS)"]
    env = {name: value for name, value in os.environ.items() if name not in GOOD} | environment
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_nothing_is_on_and_nothing_is_needed_by_default() -> None:
    assert start().stdout.strip() == "()"


def test_one_line_switches_channels_on() -> None:
    assert start(CHANNELS="telegram, Twilio", **GOOD).stdout.strip() == "('telegram', 'twilio')"


@pytest.mark.parametrize(
    ("channel", "name"),
    [("slack", name) for name in SHARED] + [(channel, name) for channel, names in KNOWN.items() for name in names],
)
@pytest.mark.parametrize("value", [None, " "])
def test_a_missing_or_empty_secret_stops_the_start(channel: str, name: str, value: str | None) -> None:
    environment = {**GOOD, name: value or ""}
    if value is None:
        del environment[name]
    done = start(CHANNELS=channel, **environment)
    assert done.returncode != 0
    (sentence,) = done.stderr.strip().splitlines()[-1:]
    assert sentence.split(": ", 1)[1].startswith(f"{name} is not set"), done.stderr


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"CHANNELS": "signal"}, "CHANNELS holds 'signal'"),
        ({"TELEGRAM_WEBHOOK_SECRET": "short"}, "TELEGRAM_WEBHOOK_SECRET must be"),
        ({"TELEGRAM_WEBHOOK_SECRET": "x" * 31 + "!"}, "TELEGRAM_WEBHOOK_SECRET must be"),
        ({"PUBLIC_URL": "http://chat.clinic.example"}, "PUBLIC_URL is"),
        ({"PUBLIC_URL": "https://chat.clinic.example/"}, "PUBLIC_URL is"),
        ({"PERSON_KEY": "short"}, "PERSON_KEY is too short"),
        ({"ADDRESS_KEYS": f"{KEY},short"}, "ADDRESS_KEYS holds what is no key"),
        ({"ADDRESS_KEYS": "ä" * 44}, "ADDRESS_KEYS holds what is no key"),
    ],
)
def test_a_setting_of_a_wrong_form_stops_the_start(changes: dict[str, Any], why: str) -> None:
    done = start(**{"CHANNELS": "telegram", **GOOD, **changes})
    assert done.returncode != 0
    assert why in done.stderr.strip().splitlines()[-1]

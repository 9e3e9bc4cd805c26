"""The clinic can have the bot send guidance and contact only, or switch it off, while it runs."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from baclofen_faq.vetted_files import ROOT
from service.place import Place
from tests.conftest import free_port
from tests.gateway.test_path import gateway_at

WITHIN_SECONDS = 10


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clinic.yml that the tests may change."""
    path = tmp_path_factory.mktemp("clinic") / "clinic.yml"
    path.write_text((ROOT / "clinic.yml").read_text())
    return path


@pytest.fixture(scope="module")
def gateway(bot: Place, clinic: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A second gateway of the same bot, with that clinic."""
    place = replace(bot, gateway=free_port(), var=tmp_path_factory.mktemp("mode"))
    with gateway_at(place, CLINIC_FILE=str(clinic)):
        yield place


def switch(clinic: Path, mode: str) -> None:
    clinic.write_text(re.sub(r"(?m)^mode: \w+", f"mode: {mode}", clinic.read_text()))


def ask(gateway: Place, message: str) -> list[dict[str, Any]]:
    body = {"sender": f"mode-{time.monotonic()}", "message": message}
    return list(httpx.post(f"{gateway.gateway_url}/webhooks/rest/webhook", json=body, timeout=10).json())


def wait_for(gateway: Place, words: str) -> float:
    """Seconds until a question is answered with these words."""
    begun = time.monotonic()
    while words not in ask(gateway, "what is baclofen withdrawal?")[0]["text"]:
        assert time.monotonic() - begun < WITHIN_SECONDS, f"no {words!r}"
        time.sleep(0.2)
    return time.monotonic() - begun


@pytest.mark.parametrize(
    ("mode", "words"), [("emergency_only", "can only help in an emergency"), ("off", "switched off")]
)
def test_a_mode_takes_effect_without_a_restart(gateway: Place, clinic: Path, mode: str, words: str) -> None:
    switch(clinic, mode)
    wait_for(gateway, words)
    assert ask(gateway, "she is having a seizure")[0]["level"] == "emergency"
    assert "202-555-0143" in ask(gateway, "why must I taper?")[0]["text"]
    assert httpx.get(f"{gateway.gateway_url}/readyz", timeout=10).status_code == 200
    switch(clinic, "normal")
    wait_for(gateway, "Sources:")


def test_in_emergency_only_guidance_is_all_that_is_added(gateway: Place, clinic: Path) -> None:
    switch(clinic, "emergency_only")
    wait_for(gateway, "can only help in an emergency")
    (guidance,) = ask(gateway, "I ran out of baclofen, what are the signs of withdrawal that I should look for?")
    assert guidance["level"] == "advisory"
    switch(clinic, "normal")
    wait_for(gateway, "Sources:")


def test_a_spoiled_clinic_changes_nothing_while_the_bot_runs(gateway: Place, clinic: Path) -> None:
    whole = clinic.read_text()
    clinic.write_text("mode: [")
    time.sleep(3)
    assert "Sources:" in ask(gateway, "what is baclofen withdrawal?")[0]["text"]
    clinic.write_text(whole)

"""docs/web-channel.openapi.yml against a running gateway, by schemathesis (whose jsonschema is newer than Rasa's)."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import httpx

from baclofen_faq.vetted_files import ROOT
from service.place import Place
from tests.conftest import free_port, gateway_at

SCHEMATHESIS = "schemathesis==4.30.1"
DESCRIPTION = ROOT / "docs" / "web-channel.openapi.yml"
LIMITS = [f"WEB_LIMIT_{name}" for name in ("SESSION_MESSAGES", "ADDRESS_MESSAGES", "SESSION_FLOOD", "ADDRESS_FLOOD")]
UV = ROOT / ".tools" / "bin" / "uv"
# What it accepts it may still refuse, with 429; everything else that schemathesis knows is checked.
OPTIONS = ["--exclude-checks", "positive_data_acceptance", "--max-examples", "30", "--seed", "1", "--no-color"]


def test_the_channel_does_what_its_description_says(bot: Place, tmp_path: Path) -> None:
    uv = str(UV) if UV.exists() else shutil.which("uv")
    assert uv, "uv is missing: run `make setup`"
    own = replace(bot, gateway=free_port(), var=tmp_path)
    with gateway_at(own, **dict.fromkeys(LIMITS, "100000/minute")):
        token = httpx.post(f"{own.gateway_url}/web/session", json={}).raise_for_status().json()["token"]
        command = [uv, "tool", "run", "--quiet", "--from", SCHEMATHESIS, "schemathesis", "run", str(DESCRIPTION)]
        sent_with = ["--url", own.gateway_url, "--header", f"Authorization: Bearer {token}"]
        done = subprocess.run(
            [*command, *sent_with, *OPTIONS], cwd=tmp_path, capture_output=True, text=True, timeout=400, check=False
        )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-1000:]
    assert "Tested: 4" in done.stdout and "No issues found" in done.stdout, done.stdout[-2000:]

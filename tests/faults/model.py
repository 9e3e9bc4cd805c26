"""The model of the fault tests: the project's own, with an NLU component that can be made to raise, and a form."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import yaml

from baclofen_faq.vetted_files import ROOT, read_mapping
from service.training import TRAINED_FROM

FORM = "fault_form"
FORM_ASKS = "What shall be put into the form?"
NAME = "faults"


def trained(folder: Path) -> Path:
    """Train the model in a folder, where it does not hold it already; return the model's file."""
    model = folder / f"{NAME}-{_fingerprint()}.tar.gz"
    if not model.exists():
        for old in folder.glob("*.tar.gz"):
            old.unlink()
        _write_files(folder)
        _train(folder, model)
    return model


def _write_files(folder: Path) -> None:
    config, domain = read_mapping(ROOT / "config.yml"), read_mapping(ROOT / "domain.yml")
    config["pipeline"].append({"name": "tests.faults.raising_component.RaisingComponent"})
    only_while_the_form_asks = {"active_loop": FORM, "requested_slot": "fault_slot"}
    mapping = {"type": "from_entity", "entity": "fault_entity", "conditions": [only_while_the_form_asks]}
    domain["entities"] = ["fault_entity"]
    domain["slots"]["fault_slot"] = {"type": "text", "influence_conversation": False, "mappings": [mapping]}
    domain["forms"] = {FORM: {"required_slots": ["fault_slot"]}}
    domain["responses"] = {"utter_ask_fault_slot": [{"text": FORM_ASKS}]}
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    (folder / "domain.yml").write_text(yaml.safe_dump(domain))


def _train(folder: Path, model: Path) -> None:
    command = [
        sys.executable, "-W", "ignore", "-m", "rasa", "train", "--force", "--config", folder / "config.yml",
        "--domain", folder / "domain.yml", "--data", "data", "--out", folder,
        "--fixed-model-name", model.name.removesuffix(".tar.gz"),
    ]  # fmt: skip
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "RASA_CACHE_DIRECTORY": str(folder / "cache")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0 and model.exists(), f"training failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"


def _fingerprint() -> str:
    """Of all that the model is made from."""
    digest = hashlib.sha256()
    inputs = {path for pattern in TRAINED_FROM for path in ROOT.glob(pattern)}
    for path in sorted({*inputs, Path(__file__), Path(__file__).with_name("raising_component.py")}):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

"""A stock Rasa project with our domain and data, in an environment of its own: what ours is measured against.

Its config, credentials and endpoints are the files that `rasa init` writes. Its actions are ours, on our action server.
Left out is what a stock Rasa cannot run: our components and the emergency policy.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from baclofen_faq.vetted_files import ROOT
from benchmarks.speed.places import KEPT

VERSION = "3.6.21"
ENVIRONMENT, PROJECT, MODELS = (KEPT / "stock" / name for name in ("environment", "project", "models"))
TEMPLATE = ENVIRONMENT / "lib" / "python3.10" / "site-packages" / "rasa" / "cli" / "initial_project"
PYTHON = ENVIRONMENT / "bin" / "python"
UV = ROOT / ".tools" / "bin" / "uv"
OWN = ("config.yml", "credentials.yml", "endpoints.yml")  # of `rasa init`


def install() -> None:
    """Make the environment where it is missing: what `pip install rasa==3.6.21` gives.

    From outside the project, whose own overrides of Rasa's dependencies uv would take.
    """
    if TEMPLATE.exists():
        return
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    for words in (
        ("venv", "--python", str(Path(sys.executable).resolve()), str(ENVIRONMENT)),
        ("pip", "install", "--python", str(PYTHON), f"rasa=={VERSION}"),
    ):
        subprocess.run([str(UV), *words], cwd="/", check=True, capture_output=True)


def make_project(actions_url: str = "http://127.0.0.1:5055/webhook") -> Path:
    """Write the project's folder anew, with this action server; return it."""
    install()
    shutil.rmtree(PROJECT, ignore_errors=True)
    shutil.copytree(ROOT / "data", PROJECT / "data")
    shutil.copy(ROOT / "domain.yml", PROJECT)
    for name in OWN:
        shutil.copy(TEMPLATE / name, PROJECT)
    with (PROJECT / "endpoints.yml").open("a", encoding="utf-8") as endpoints:
        endpoints.write("\n" + yaml.safe_dump({"action_endpoint": {"url": actions_url}}))
    return PROJECT


def times() -> Path:
    """Where the times of its training stand, beside the model; written last, so that it is there when the model is."""
    return model().with_suffix("").with_suffix(".json")


def model() -> Path:
    """Where the model stands that is trained from the data of today; it may not be there yet."""
    install()
    seen = hashlib.sha256(VERSION.encode())
    for path in (TEMPLATE / "config.yml", ROOT / "domain.yml", *sorted((ROOT / "data").rglob("*.yml"))):
        seen.update(path.read_bytes())
    return MODELS / f"{seen.hexdigest()[:16]}.tar.gz"

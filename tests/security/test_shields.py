"""What keeps the known holes of Rasa's packages from being reached: security/known_holes.yml names these tests."""

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import rasa
import yaml

from baclofen_faq.vetted_files import ROOT
from service.training import MODEL

OF_NETWORKS = re.compile(r"tf_model|saved_model|checkpoint|\.(h5|hdf5|keras|pb|tflite|index|data-\d+)", re.IGNORECASE)
WITH_HOLES = re.compile(
    r"\bParseDict\b|\bget_file\(|\bskops(\.| import )card\b|\bupper_bound\(|EmailStr|package_index|wheel\.cli"
)
SERVES = re.compile(r"aiohttp\.web\b|from aiohttp import .*\bweb\b")
RASAS_OWN_WITHOUT_NETWORKS = {"WhitespaceTokenizer", "FallbackClassifier", "RulePolicy", "MemoizationPolicy"}
AT_THE_START_OF_RASA = """
import sys
import rasa.__main__, rasa.telemetry
from baclofen_faq.nlu import serve
rasa.__main__.main = lambda: print(rasa.telemetry.is_telemetry_enabled())
sys.argv = ["serve", "--model", sys.argv[1]]
serve.main()
"""


def sources() -> Iterator[Path]:
    """The project's own code, and Rasa's that is not for its command line."""
    for folder in (ROOT / "baclofen_faq", ROOT / "actions", ROOT / "service", Path(rasa.__file__).parent):
        yield from (path for path in folder.rglob("*.py") if "node_modules" not in path.parts)


def test_the_model_holds_nothing_of_tensorflow_or_keras() -> None:
    with tarfile.open(MODEL) as model:
        names = model.getnames()
    assert any(name.endswith(".npz") for name in names)
    assert [name for name in names if OF_NETWORKS.search(name)] == []


def test_the_model_holds_no_file_that_can_run_code_when_it_is_loaded() -> None:
    with tarfile.open(MODEL) as model:
        kinds = {Path(one.name).suffix for one in model.getmembers() if one.isfile()}
    assert kinds <= {".json", ".yml", ".npz", ".txt"}, kinds


def test_no_component_is_a_network_of_rasas() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    names = {part["name"] for part in (*config["pipeline"], *config["policies"])}
    assert len(names) > 5
    assert {name for name in names if not name.startswith("baclofen_faq.")} == RASAS_OWN_WITHOUT_NETWORKS


def test_the_functions_with_holes_are_not_called() -> None:
    found = [path for path in sources() if WITH_HOLES.search(path.read_text(encoding="utf-8"))]
    assert len(list(sources())) > 400
    assert found == []


def test_aiohttp_serves_nothing() -> None:
    assert [path for path in sources() if SERVES.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", ["endpoints.yml", "deploy/endpoints.yml"])
def test_rasa_keeps_its_events_in_sql_only(name: str) -> None:
    assert yaml.safe_load((ROOT / name).read_text())["tracker_store"]["type"] == "SQL"


def test_rasa_reports_nothing_to_its_makers_whoever_starts_it() -> None:
    told = {name: value for name, value in os.environ.items() if name != "RASA_TELEMETRY_ENABLED"}
    command = [sys.executable, "-W", "ignore", "-c", AT_THE_START_OF_RASA, str(MODEL)]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("False"), done.stderr[-1000:]

"""The bill of packages is valid, whole, and names every licence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from security import licences, sbom
from security.locked import PROCESSES, UV, shipped

VALIDATOR = (
    "--with",
    "cyclonedx-python-lib==11.12.0",
    "--with",
    "jsonschema-rs==0.61.0",
)  # the schemas; who checks fast
VALIDATE = """
import json, sys
import jsonschema_rs
from cyclonedx.schema import SchemaVersion, _res
def others(address):
    return json.load(open(_res.SPDX_JSON if "spdx" in address else _res.JSF))
schema = json.load(open(_res.BOM_JSON_STRICT[SchemaVersion.V1_5]))
validator = jsonschema_rs.validator_for(schema, retriever=others)
for path in sys.argv[1:]:
    print(validator.is_valid(json.load(open(path))))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All bills, as `make sbom` writes them."""
    folder = tmp_path_factory.mktemp("sbom")
    assert sbom.main([str(folder)]) == 0
    return folder


def validated(*paths: Path) -> list[str]:
    command = [UV, "run", "--quiet", "--isolated", "--no-project", "--python", sys.executable, *VALIDATOR]
    done = subprocess.run(
        [*command, "python", "-c", VALIDATE, *map(str, paths)], cwd="/", capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_each_process_has_a_bill_that_keeps_to_the_schema_of_cyclonedx(folder: Path, tmp_path: Path) -> None:
    spoiled = tmp_path / "spoiled.json"
    bill = json.loads((folder / "actions.json").read_text())
    spoiled.write_text(json.dumps({**bill, "components": [{"name": "no type"}]}))
    paths = [folder / f"{process}.json" for process in PROCESSES]
    assert validated(*paths, spoiled) == [*["True"] * len(PROCESSES), "False"]


@pytest.mark.parametrize("process", PROCESSES)
def test_a_bill_names_every_package_with_version_hash_and_licence(folder: Path, process: str) -> None:
    parts = json.loads((folder / f"{process}.json").read_text())["components"]
    of_pypi = {(one["name"], one["version"]) for one in parts if one["purl"].startswith("pkg:pypi/")}
    assert of_pypi == {(one.name, one.version) for one in shipped("--only-group", process)}
    assert all(one["licenses"][0]["license"]["name"] != "not named" for one in parts)
    assert all(one["externalReferences"] for one in parts if one["purl"].startswith("pkg:pypi/"))


def test_what_the_consoles_pages_load_is_on_its_bill(folder: Path) -> None:
    parts = json.loads((folder / "console.json").read_text())["components"]
    assert {"chart.js", "htmx.org", "@kurkle/color"} == {
        one["name"] for one in parts if one["purl"].startswith("pkg:npm/")
    }


def test_what_is_neither_permissive_nor_lgpl_is_written_down_for_a_lawyer() -> None:
    found = licences.licences()
    assert len(found) > 150 and licences.is_permissive(found["django"]) and not licences.is_permissive(found["certifi"])
    assert licences.main() == 0


@pytest.mark.parametrize("licence", ["GPL-3.0-only", "AGPL-3.0", "MIT AND GPL-2.0", "not named", "Proprietary"])
def test_such_a_licence_is_flagged(licence: str) -> None:
    assert not licences.is_permissive(licence)

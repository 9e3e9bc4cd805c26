"""The audit finds a hole that nobody listed, and one that is no more, and never says "audited" where nobody answered.

pip-audit itself runs, in its own environment, against a service that stands in for OSV.
"""

import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from security import audit
from security.holes import KNOWN, Hole, HoleError, not_shipped, read_holes, read_shields
from security.locked import Package, processes_of, shipped
from tests.security.advisory_service import advisory, serving
from tests.security.named_tests import is_there

CANARY = {"jinja2==3.1.2": [advisory("PYSEC-0000-1", "jinja2", "3.1.3")]}


def known_to_the_service(holes: Sequence[Hole]) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """An advisory for each known hole, under its own name or another of its names."""
    versions = {one.name: one.version for one in shipped()}
    known: dict[str, list[Mapping[str, object]]] = {}
    for hole in holes:
        id, *aliases = reversed((hole.id, *hole.aliases))
        found = known.setdefault(f"{hole.package}=={versions[hole.package]}", [])
        found.append(advisory(id, hole.package, aliases=aliases))
    return known


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str) -> tuple[int, str]:
    monkeypatch.setenv("OSV_URL", url)
    code = audit.main([])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_what_ships_is_what_runs_on_linux() -> None:
    names = {one.name for one in shipped()}
    assert len(names) > 150
    assert {"rasa", "django", "tensorflow-cpu", "aiohttp"} <= names
    assert names & {"jax", "jaxlib", "tensorflow-text", "pywin32", "pytest", "ruff"} == set()
    assert processes_of("rasa") == ["rasa"] and processes_of("django") == ["gateway", "console"]


def test_what_gets_no_more_fixes_is_not_in_the_gateway() -> None:
    assert {name: processes_of(name) for name in ("sanic", "tensorflow-cpu", "keras", "skops")} == {
        "sanic": ["rasa", "actions"],
        **dict.fromkeys(("tensorflow-cpu", "keras", "skops"), ["rasa"]),
    }


def test_a_list_that_is_true_is_audited_without_a_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    holes = read_holes()
    with serving({**CANARY, **known_to_the_service(holes)}) as url:
        code, said = run(monkeypatch, capsys, url)
    assert (code, len(holes) > 5) == (0, True), said
    assert said.startswith(f"Audited: {len(shipped())} packages by osv; {len(holes)} known holes, 0 faults.")


def test_a_hole_that_is_not_listed_and_one_that_is_no_more_fail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, *others = read_holes()
    (django,) = [one for one in shipped() if one.name == "django"]
    new = {f"django=={django.version}": [advisory("CVE-2099-1", "django", "99.1")]}
    with serving({**CANARY, **known_to_the_service(others), **new}) as url:
        code, said = run(monkeypatch, capsys, url)
    assert code == 1
    assert f"django {django.version}: CVE-2099-1 is not in known_holes.yml: raise it to 99.1" in said
    assert f"{first.id} of {first.package}: the service does not know it" in said


@pytest.mark.parametrize("is_there", [True, False])
def test_a_service_that_is_away_or_knows_nothing_is_not_an_audit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], is_there: bool
) -> None:
    with serving({}) as url, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # it does not listen
        code, said = run(monkeypatch, capsys, url if is_there else f"http://127.0.0.1:{nobody.getsockname()[1]}/")
    assert code == 0 and said.startswith("NOT AUDITED: no advisory service was reached.")
    assert audit.main([audit.MUST_REACH]) == 1


def test_a_hole_of_what_does_not_ship_any_more_fails_without_a_service() -> None:
    hole = Hole("CVE-2099-2", (), "jinja2", "<3", "something", "because", ("unreached",), "https://example.org")
    (sentence,) = not_shipped([hole], [Package("jinja2", "3.1.6")])
    assert sentence.startswith("CVE-2099-2: jinja2 3.1.6 ships, and <3 is affected: take it out")
    assert not_shipped([hole], []) and not not_shipped([hole], [Package("jinja2", "2.9")])


def test_every_known_hole_still_ships() -> None:
    assert not_shipped(read_holes(), shipped()) == []


def test_every_shield_names_tests_that_are_there_and_shields_something() -> None:
    shields = read_shields()
    assert len(shields) > 3
    assert {name for hole in read_holes() for name in hole.shields} == shields.keys()
    assert [test for shield in shields.values() for test in shield.tests if not is_there(test)] == []
    assert all(shield.tests for shield in shields.values())


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ({"source": ""}, "CVE-2024-3660 must have"),
        ({"severity": "high"}, "CVE-2024-3660 must have"),
        ({"shields": ["hope"]}, "names the shield hope"),
        ({"aliases": ["CVE-2025-12060"]}, "stands there twice"),
    ],
)
def test_a_spoiled_entry_is_named(tmp_path: Path, spoil: dict[str, object], says: str) -> None:
    content = yaml.safe_load(KNOWN.read_text())
    content["holes"][0] |= spoil
    path = tmp_path / "known_holes.yml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(HoleError, match=says):
        read_holes(path)

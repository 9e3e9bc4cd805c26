"""docs/security.md says what is: each test that it names is there, each number of known holes is that of the list."""

import re
from collections import Counter

import pytest

from baclofen_faq.vetted_files import ROOT
from security.holes import read_holes
from tests.security.named_tests import is_there

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
MODEL = PAGE.split("## Who could do what")[1].split("## What is not stopped")[0]
ROWS = [line for line in MODEL.splitlines() if line.startswith("|")][2:]
NAMED = re.compile(r"`((?:\w+/)*test_\w+\.py::test_\w+)`")
HOLES = [line for line in PAGE.split("| package |")[1].split("\n\n")[0].splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_names_a_test_that_is_there(row: str) -> None:
    named = NAMED.findall(row)
    assert len(ROWS) > 20 and named
    assert [test for test in named if not is_there(f"tests/{test}")] == []


def test_a_test_that_is_not_there_would_be_noticed() -> None:
    assert not is_there("tests/security/test_threat_model.py::test_nothing")
    assert not is_there("tests/no_such_folder/test_x.py::test_y") and not is_there("tests/no_such_folder")


def test_the_table_of_holes_counts_what_the_list_holds() -> None:
    counted = Counter(hole.package for hole in read_holes())
    said = {tuple(re.findall(r"[a-z][a-z-]+", cells[1])): int(cells[2]) for cells in (row.split("|") for row in HOLES)}
    assert {packages: sum(counted[one] for one in packages) for packages in said} == said
    assert {one for packages in said for one in packages} == counted.keys()


def test_the_page_says_plainly_what_gets_no_more_fixes() -> None:
    assert "**Python 3.10, Rasa open source, Sanic 21.12 and TensorFlow 2.12 get no more fixes.**" in PAGE

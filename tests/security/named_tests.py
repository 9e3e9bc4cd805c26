"""Tests that documents name, as tests/x.py::test_y."""

import ast
from functools import cache
from pathlib import Path

from baclofen_faq.vetted_files import ROOT


def is_there(name: str) -> bool:
    """Whether there is such a test; for a path alone, whether there is such a file or folder of tests."""
    path, _, test = name.partition("::")
    return (ROOT / path).exists() if not test else test in tests_of(ROOT / path)


@cache
def tests_of(path: Path) -> frozenset[str]:
    """The tests of a file, by their names; none where there is no such file."""
    if not path.is_file():
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(one.name for one in ast.parse(path.read_text()).body if isinstance(one, functions))

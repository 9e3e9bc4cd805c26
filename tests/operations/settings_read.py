"""Which names of the environment the code reads, found in the code itself."""

import ast
import re
from collections.abc import Iterator

from baclofen_faq.vetted_files import ROOT
from service.settings.channels import API_URLS, KNOWN, SHARED
from service.settings.gateway import WEB_LIMITS

FOLDERS = ("baclofen_faq", "actions", "service")
SHELL = ("Procfile", "bin/keep", "bin/manage", "endpoints.yml", "deploy/endpoints.yml")
READERS = {"get", "getenv", "pop", "whole_number", "listed", "one_of", "rate", "database", "_number", "_chosen"}
NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+|DEBUG|PRODUCTION|GATEWAYS|RASAS|CHANNELS")
IN_SHELL = re.compile(r"\$(?:\{|\(\()?([A-Z][A-Z_]+)")
NOT_OF_THE_OPERATOR = {  # what the bot tells its own processes
    "DJANGO_SETTINGS_MODULE",
    "HONCHO_PROCESS_NAME",
    "LIVE_FOLDER",
    "SANIC_HOST",
}


def names_read() -> set[str]:
    """All of them."""
    found = {*SHARED, *(name for names in KNOWN.values() for name in names)}
    found |= {f"{name.upper()}_API_URL" for name in API_URLS} | {f"WEB_LIMIT_{name.upper()}" for name in WEB_LIMITS}
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(_in_python(ast.parse(path.read_text(encoding="utf-8"))))
    for path in map(ROOT.joinpath, SHELL):
        found |= set(IN_SHELL.findall(path.read_text(encoding="utf-8") if path.exists() else ""))
    return found - NOT_OF_THE_OPERATOR


def _in_python(tree: ast.AST) -> Iterator[str]:
    """The first word of a call that reads the environment, or the key of `os.environ[...]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in READERS:
            if _last_name(node.func) in ("get", "pop") and not _is_environment(node.func):
                continue
            yield from (one.value for one in node.args if _is_name(one))  # type: ignore[attr-defined]
        is_read = isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load)
        if is_read and _last_name(node.value) == "environ" and _is_name(node.slice):  # type: ignore[attr-defined]
            yield node.slice.value  # type: ignore[attr-defined]


def _is_environment(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and _last_name(function.value) in ("environ", "environment")


def _is_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(NAME.fullmatch(node.value))


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""

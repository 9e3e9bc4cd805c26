"""Rasa's server takes words from the gateway, and nothing else, also from whoever is within."""

import re
from pathlib import Path

import httpx
import pytest

from baclofen_faq.nlu.serve import rasa_arguments
from baclofen_faq.vetted_files import ROOT
from service.place import Place
from service.training import MODEL

OF_THE_API = [
    ("PUT", "/model"), ("DELETE", "/model"), ("POST", "/model/train"), ("POST", "/model/parse"), ("GET", "/domain"),
    ("GET", "/conversations/anna/tracker"), ("PUT", "/conversations/anna/tracker/events"), ("GET", "/status"),
]  # fmt: skip
STARTS_RASA = ("deploy", "bin", "service", "baclofen_faq")


@pytest.mark.parametrize(("method", "path"), OF_THE_API)
def test_nobody_can_hand_rasa_a_model(bot: Place, method: str, path: str) -> None:
    body = {"model_file": "/tmp/another.tar.gz"} if method in ("PUT", "POST") else None
    url = f"{rasa_url(bot)}{path}"
    assert httpx.request(method, url, json=body, timeout=20).status_code == httpx.codes.NOT_FOUND


def test_rasa_answers_where_it_was_asked(bot: Place) -> None:
    assert httpx.get(rasa_url(bot), timeout=20).status_code == httpx.codes.OK  # or the test above would show nothing


def test_nothing_starts_rasa_with_its_api() -> None:
    arguments = rasa_arguments(["--model", str(MODEL)])
    assert arguments[0] == "run" and "--enable-api" not in arguments
    read = [ROOT / "Procfile", ROOT / "Makefile"]
    read += [path for folder in STARTS_RASA for path in (ROOT / folder).rglob("*") if is_text(path)]
    assert len(read) > 100
    assert [path for path in read if re.search(r"--enable-api|enable_api\s*=\s*True", path.read_text())] == []


def is_text(path: Path) -> bool:
    """Whether it may say how Rasa is started."""
    names = path.suffix in (".py", ".yml", ".yaml", ".sh", ".conf") or "Dockerfile" in path.name or not path.suffix
    return path.is_file() and names and "node_modules" not in path.parts


def rasa_url(bot: Place) -> str:
    """Of the first Rasa."""
    return bot.rasa_urls[0]

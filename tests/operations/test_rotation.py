"""Secrets are changed while people chat and staff are signed in: nobody notices."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from baclofen_faq.vetted_files import ROOT
from service.place import Place
from tests.conftest import gateway_at
from tests.operations.house import House

OLD, NEW = "o" * 50, "n" * 50
SIGN_IN = """
import django
django.setup()
from django.test import Client
from service.console.models import Staff
ada, _ = Staff.objects.get_or_create(username="ada", role="viewer")
client = Client()
client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
print(client.cookies["console_session"].value)
"""
COME_BACK = """
import sys, django
django.setup()
from django.test import Client
client = Client()
client.cookies["console_session"] = sys.argv[1]
print(client.get("/").status_code)
"""


def begin(place: Place) -> str:
    """A visitor of the website; the token of their session."""
    return str(httpx.post(f"{place.gateway_url}/web/session", json={}, timeout=20).json()["token"])


def history(place: Place, token: str) -> int:
    """The status with which a visitor's token is answered."""
    return httpx.get(
        f"{place.gateway_url}/web/history", headers={"Authorization": f"Bearer {token}"}, timeout=20
    ).status_code


def test_a_chat_goes_on_with_the_key_that_came_after_it_until_the_old_one_is_taken_away(tmp_path: Path) -> None:
    house = House.new(tmp_path / "house", None)
    with house.at_home():
        with gateway_at(house.place, SECRET_KEY=OLD):
            token = begin(house.place)
            assert history(house.place, token) == 200
        with gateway_at(house.place, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=OLD):
            assert history(house.place, token) == 200
            newer = begin(house.place)
        with gateway_at(house.place, SECRET_KEY=NEW):
            assert (history(house.place, token), history(house.place, newer)) == (401, 200)


def python(house: House, script: str, *words: str, **settings: str) -> str:
    """A script with the console's settings."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "service.settings.console", "VAR_FOLDER": str(house.place.var)}
    command = [sys.executable, "-W", "ignore", "-c", script, *words]
    done = subprocess.run(command, cwd=ROOT, env={**env, **settings}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("fallbacks", "status"), [(OLD, "200"), ("", "302")])
def test_staff_stay_signed_in_as_long_as_the_old_key_is_named(tmp_path: Path, fallbacks: str, status: str) -> None:
    house = House.new(tmp_path / "house", None)
    house.does("migrate", "--settings", "service.settings.console", "--database", "default", "--verbosity", "0")
    cookie = python(house, SIGN_IN, SECRET_KEY=OLD)
    assert python(house, COME_BACK, cookie, SECRET_KEY=OLD) == "200"
    assert python(house, COME_BACK, cookie, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=fallbacks) == status

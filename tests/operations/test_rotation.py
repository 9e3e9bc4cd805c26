"""Secrets are changed while people chat and staff are signed in: nobody notices."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baclofen_faq.vetted_files import ROOT
from tests.operations.house import House

OLD, NEW = "o" * 50, "n" * 50
BEGIN = """
import django
django.setup()
from service.gateway.channels.web import sessions
print(sessions.token_for(sessions.new_conversation()))
"""
GO_ON = """
import sys, django
django.setup()
from service.gateway.channels.web import sessions
try:
    print("goes on" if sessions.conversation_of(sys.argv[1]) else "")
except sessions.NoSession:
    print("ended")
"""
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
print(client.get("/", headers={"Host": "127.0.0.1"}).status_code)
"""


def python(house: House, script: str, *words: str, **settings: str) -> str:
    """A script with the console's settings."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "service.settings.console", "VAR_FOLDER": str(house.place.var)}
    command = [sys.executable, "-W", "ignore", "-c", script, *words]
    done = subprocess.run(command, cwd=ROOT, env={**env, **settings}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("fallbacks", "status"), [(OLD, "goes on"), (f"another,{OLD}", "goes on"), ("", "ended")])
def test_a_chat_goes_on_as_long_as_the_key_that_signed_it_is_named(tmp_path: Path, fallbacks: str, status: str) -> None:
    house, gateway = House.new(tmp_path / "house", None), {"DJANGO_SETTINGS_MODULE": "service.settings.gateway"}
    token = python(house, BEGIN, **gateway, SECRET_KEY=OLD)
    assert python(house, GO_ON, token, **gateway, SECRET_KEY=OLD) == "goes on"
    assert python(house, GO_ON, token, **gateway, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=fallbacks) == status


@pytest.mark.parametrize(("fallbacks", "status"), [(OLD, "200"), ("", "302")])
def test_staff_stay_signed_in_as_long_as_the_old_key_is_named(tmp_path: Path, fallbacks: str, status: str) -> None:
    house = House.new(tmp_path / "house", None)
    house.does("migrate", "--settings", "service.settings.console", "--database", "default", "--verbosity", "0")
    cookie = python(house, SIGN_IN, SECRET_KEY=OLD)
    assert python(house, COME_BACK, cookie, SECRET_KEY=OLD) == "200"
    assert python(house, COME_BACK, cookie, SECRET_KEY=NEW, SECRET_KEY_FALLBACKS=fallbacks) == status

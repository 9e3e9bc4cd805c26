"""The console in production: HTTPS only, cookies that nothing else reads, and no warning of Django's own check."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from baclofen_faq.vetted_files import ROOT
from tests.console.conftest import PASSWORD
from tests.console.own_database import OwnDatabase, own_database  # noqa: F401  (a fixture)
from tests.test_production import clinic

ASK = """
import json, django
django.setup()
from django.test import Client
plain = Client().get("/sign-in", headers={"Host": "console.clinic.example"})
client = Client(headers={"Host": "console.clinic.example"})
page = client.get("/sign-in", secure=True)
proxied = client.get("/sign-in", headers={"X-Forwarded-Proto": "https"})
client.post("/sign-in", {"username": "ada", "password": %r}, secure=True)
parts = ("secure", "httponly", "samesite")
cookies = {name: {part: cookie[part] for part in parts} for name, cookie in client.cookies.items()}
other = Client().get("/sign-in", secure=True, headers={"Host": "elsewhere.example"}).status_code
broken = client.get("/no-such-page", secure=True).content.decode()
print(json.dumps({
    "plain": [plain.status_code, plain.get("Location")], "proxied": proxied.status_code, "page": page.status_code,
    "hsts": page.get("Strict-Transport-Security"), "cookies": cookies, "other_host": other, "broken": broken,
}))
"""


@pytest.fixture(scope="module")
def production(own_database: OwnDatabase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:  # noqa: F811
    """What a production is started with."""
    assert own_database.run("console_admin", "--username", "ada", given=f"{PASSWORD}\n").returncode == 0
    return {
        **own_database.environment,
        "PRODUCTION": "true",
        "SECRET_KEY": "0123456789" * 6,
        "CLINIC_FILE": str(clinic(tmp_path_factory.mktemp("clinic"))),
        "CONSOLE_HOSTS": "console.clinic.example",
    }


def python(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def ask(environment: dict[str, str]) -> dict[str, Any]:
    done = python(environment, "-c", ASK % PASSWORD)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_djangos_check_of_a_production_has_nothing_to_say(production: dict[str, str]) -> None:
    done = python(production, "manage.py", "check", "--deploy", "--settings", "service.settings.console")
    assert (done.returncode, "WARNINGS" in done.stderr) == (0, False), done.stdout + done.stderr


def test_it_speaks_https_only_and_to_its_own_hosts(production: dict[str, str]) -> None:
    said = ask(production)
    assert said["plain"] == [301, "https://console.clinic.example/sign-in"]
    assert (said["page"], said["hsts"]) == (200, "max-age=31536000; includeSubDomains")
    assert said["other_host"] == 400
    assert said["proxied"] == 301, "nobody's word for it, where no proxy is said to be there"
    for name in ("console_session", "console_csrf"):
        assert said["cookies"][name] == {"secure": True, "httponly": True, "samesite": "Lax"}, name
    assert "There is no such page" in said["broken"] and "urlpatterns" not in said["broken"]


def test_behind_a_proxy_its_word_for_https_is_taken(production: dict[str, str]) -> None:
    assert ask({**production, "CONSOLE_BEHIND_PROXY": "true"})["proxied"] == 200


@pytest.mark.parametrize("missing", ["SECRET_KEY", "CLINIC_FILE"])
def test_it_does_not_start_without_what_it_needs(production: dict[str, str], missing: str) -> None:
    done = python({**production, missing: ""}, "-c", "import service.settings.console")
    assert done.returncode != 0 and "ImproperlyConfigured" in done.stderr


def test_off_production_no_certificate_is_needed() -> None:
    assert "PRODUCTION" not in os.environ
    from service.settings import console

    assert not console.SESSION_COOKIE_SECURE and not console.SECURE_SSL_REDIRECT and not console.SECURE_HSTS_SECONDS

"""Who reads what patients wrote needs more than a password: in production, unless CONSOLE_TOTP_FOR says otherwise."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from baclofen_faq.vetted_files import ROOT
from service.console.models import Staff
from service.console.roles import Role
from tests.console.conftest import PASSWORD, code_of, member, signed_in
from tests.test_production import clinic

PRINT = "import service.settings.console as c; print(c.CONSOLE_TOTP_FOR)"


def setting(folder: Path, **environment: str) -> str:
    """What a console that starts with this has, or why it does not start."""
    told = {"PRODUCTION": "true", "SECRET_KEY": "x" * 50, "CLINIC_FILE": str(clinic(folder)), **environment}
    command = [sys.executable, "-W", "ignore", "-c", PRINT]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, capture_output=True, text=True, check=False)
    return (done.stdout or done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER])
@pytest.mark.django_db
def test_who_only_reads_sets_up_an_app_before_anything_is_shown(settings: Any, role: str) -> None:
    settings.CONSOLE_TOTP_FOR = "all"
    client, reader = Client(), Staff.objects.create_user("vera", password=PASSWORD, role=role)
    client.post("/sign-in", {"username": "vera", "password": PASSWORD})
    page = client.get("/conversations", follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/second-factor")
    assert client.post("/account/second-factor", {"code": code_of(reader)})["Location"] == "/"
    assert client.get("/conversations").status_code == 200


@pytest.mark.django_db
def test_where_it_is_for_clinicians_a_viewer_comes_in_by_password(settings: Any) -> None:
    settings.CONSOLE_TOTP_FOR = "clinicians"
    assert signed_in(member(Role.VIEWER)).get("/conversations").status_code == 200


def test_in_production_it_is_for_everybody_unless_the_clinic_says_otherwise(tmp_path: Path) -> None:
    assert setting(tmp_path) == "all"
    assert setting(tmp_path, CONSOLE_TOTP_FOR="clinicians") == "clinicians"
    assert "CONSOLE_TOTP_FOR is 'nobody': it may be all or clinicians." in setting(tmp_path, CONSOLE_TOTP_FOR="nobody")

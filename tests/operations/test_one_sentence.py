"""Whatever an operator set wrong, each process ends with one sentence that names it, and with 1; no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baclofen_faq.vetted_files import ROOT
from tests.conftest import free_port
from tests.test_production import clinic

GATEWAY = {
    "CHANNELS": ("fax", "CHANNELS holds 'fax'"),
    "WEB_SESSION_SECONDS": ("soon", "WEB_SESSION_SECONDS is 'soon'"),
    "WEB_LIMIT_SESSION_MESSAGES": ("often", "WEB_LIMIT_SESSION_MESSAGES is 'often'"),
    "WEB_ORIGINS": ("clinic", "WEB_ORIGINS holds 'clinic'"),
}
CONSOLE = {
    "EMAIL_PORT": ("smtp", "EMAIL_PORT is 'smtp'"),
    "CONSOLE_IDLE_SECONDS": ("0", "CONSOLE_IDLE_SECONDS is '0'"),
    "ALERT_WEBHOOK_URL": ("https://desk.clinic.example", "ALERT_WEBHOOK_SECRET is not set"),
}
BOTH = {
    "DATABASE_URL": ("oracle://ada:geheim@db/log", "DATABASE_URL is no address of a database"),
    "RASA_DATABASE_URL": ("rasa", "RASA_DATABASE_URL is no address of a database"),
    "LOG_LEVEL": ("loud", "LOG_LEVEL is 'LOUD'"),
    "BACKUP_KEEP_DAYS": ("ever", "BACKUP_KEEP_DAYS is 'ever'"),
    "CLINIC_FILE": ("broken", "region"),
    "SECRET_KEY": ("", "SECRET_KEY is not set"),
}
ANYWHERE = {name: BOTH[name] for name in ("LOG_LEVEL", "CLINIC_FILE", "SECRET_KEY")}
GUNICORN = [
    "-m",
    "gunicorn",
    "-c",
    "python:service.console.server",
    "--no-control-socket",
    "--bind",
    "127.0.0.1:{port}",
]
ENTRIES = {
    "manage.py purge": (["manage.py", "purge"], {**GATEWAY, **BOTH}),
    "manage.py serve": (["manage.py", "serve"], {**CONSOLE, "CHANNELS": GATEWAY["CHANNELS"]}),
    "manage.py verify_audit": (["manage.py", "verify_audit"], {**CONSOLE, "SECRET_KEY": BOTH["SECRET_KEY"]}),
    "gateway": (
        ["-m", "uvicorn", "service.asgi:application", "--port", "{port}"],
        {**ANYWHERE, "CHANNELS": GATEWAY["CHANNELS"]},
    ),
    "console": ([*GUNICORN, "service.console.wsgi:application"], {**ANYWHERE, "EMAIL_PORT": CONSOLE["EMAIL_PORT"]}),
}


def run(words: list[str], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """A production of a real clinic, but for these settings."""
    good = {"PRODUCTION": "true", "SECRET_KEY": "x" * 50, "CLINIC_FILE": str(clinic(folder)), "VAR_FOLDER": str(folder)}
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-W", "ignore", *(word.format(port=free_port()) for word in words)]
    return subprocess.run(
        command, cwd=ROOT, env={**env, **good, **settings}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.parametrize(("entry", "name"), [(entry, name) for entry, (_, wrong) in ENTRIES.items() for name in wrong])
def test_a_wrong_setting_is_one_sentence(entry: str, name: str, tmp_path: Path) -> None:
    words, wrong = ENTRIES[entry]
    value, says = wrong[name]
    if value == "broken":
        value = str(tmp_path / "broken.yml")
        Path(value).write_text("name: A\n")
    done = run(words, tmp_path, **{name: value})
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1, done.stderr
    assert len(lines) == 1 and says in lines[0], done.stderr
    assert "Traceback" not in done.stdout and "geheim" not in done.stdout + done.stderr


def test_a_key_for_addresses_is_made_before_there_is_one(tmp_path: Path) -> None:
    done = run(["manage.py", "new_address_key"], tmp_path, CHANNELS="telegram")
    assert done.returncode == 0 and len(done.stdout.strip()) == 44, done.stderr

"""Each name that compose.yml, the manifests and .env.example set is read, and each that is read stands there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from baclofen_faq.vetted_files import ROOT
from tests.deploy.nginx import FILES, VARIABLE
from tests.deploy.test_compose import RUN, SERVICES, TEXT
from tests.deploy.test_kubernetes import of_kind
from tests.test_production import clinic

NAME = r"([A-Z][A-Z0-9_]{2,})"
ASKED = re.compile(
    rf'(?:environ(?:ment)?(?:\.get)?|getenv|whole_number|one_of|listed|rate|database|_chosen)[\[(](?:\w+, )?"{NAME}"'
)
EXAMPLE = re.compile(rf"^#?{NAME}=", re.MULTILINE)
OF_A_MACHINE = {  # of `make serve`, of a folder, of development: an image has its own
    *("GATEWAY_PORT", "RASA_PORT", "ACTIONS_PORT", "CONSOLE_PORT", "GATEWAYS", "RASAS", "VAR_FOLDER", "PRODUCTION"),
    *("DEBUG", "DJANGO_SETTINGS_MODULE", "RASA_TELEMETRY_ENABLED", "PATH", "RASA_ENDPOINTS", "LIVE_FOLDER"),
}
OF_OTHERS = {"FORWARDED_ALLOW_IPS": "uvicorn", "POSTGRES_PASSWORD": "PostgreSQL's image"}
RECORD = """
import json, os, sys
asked = set()
class Recording(type(os.environ)):
    def __getitem__(self, name):
        frame = sys._getframe(1)
        while frame and ("os.py" in frame.f_code.co_filename or "_collections_abc" in frame.f_code.co_filename):
            frame = frame.f_back
        if frame and "/service/" in frame.f_code.co_filename or "/baclofen_faq/" in frame.f_code.co_filename:
            asked.add(name)
        return super().__getitem__(name)
os.environ.__class__ = Recording
import importlib
importlib.import_module(sys.argv[1])
print(json.dumps(sorted(asked)))
"""
EVERYTHING_ON = {
    "PRODUCTION": "true", "SECRET_KEY": "k" * 50, "CHANNELS": "telegram,slack,twilio,facebook", "PERSON_KEY": "p" * 40,
    "HANDOFF_URL": "https://desk.clinic.example", "HANDOFF_SECRET": "s", "PUBLIC_URL": "https://chat.clinic.example",
    "ADDRESS_KEYS": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "TELEGRAM_TOKEN": "t", "TELEGRAM_BOT_NAME": "t",
    "TELEGRAM_WEBHOOK_SECRET": "s" * 40, "SLACK_BOT_TOKEN": "t", "SLACK_SIGNING_SECRET": "s", "TWILIO_ACCOUNT_SID": "t",
    "TWILIO_AUTH_TOKEN": "t", "FACEBOOK_PAGE_TOKEN": "t", "FACEBOOK_APP_SECRET": "s", "FACEBOOK_VERIFY_TOKEN": "t",
}  # fmt: skip


def asked_by(settings: str, clinic_file: Path) -> set[str]:
    """The names that the settings of a process ask for when they are loaded with everything on."""
    environment = {**os.environ, **EVERYTHING_ON, "CLINIC_FILE": str(clinic_file)}
    command = [sys.executable, "-W", "ignore", "-c", RECORD, f"service.settings.{settings}"]
    return set(json.loads(subprocess.check_output(command, cwd=ROOT, env=environment, text=True)))


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """By process, the names that it reads: when its settings are loaded, and those that its code names."""
    real = clinic(tmp_path_factory.mktemp("clinic"))
    return {
        "gateway": asked_by("gateway", real) | named_in("service/gateway") | SHARED,
        "console": asked_by("console", real) | named_in("service/console") | SHARED,
        "rasa": named_in("baclofen_faq/nlu") | named_in("baclofen_faq/logs") | of_endpoints(),
        "actions": named_in("actions") | SHARED,
    }


def named_in(folder: str) -> set[str]:
    texts = [path.read_text() for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts]
    assert texts
    return {name for text in texts for name in ASKED.findall(text)}


def of_endpoints() -> set[str]:
    return set(VARIABLE.findall((ROOT / "deploy" / "endpoints.yml").read_text()))


SHARED = named_in("baclofen_faq/logs") | named_in("baclofen_faq/answers")


def process_of(service: str) -> str:
    return {"housekeeping": "console", "migrate": "console"}.get(service, re.sub(r"-\d$", "", service))


def test_compose_sets_what_its_process_reads_and_nothing_else(read: dict[str, set[str]]) -> None:
    checked = [name for name in RUN if process_of(name) in read]
    assert len(checked) == 9
    for name in checked:
        told, asked = set(RUN[name].get("environment", {})), read[process_of(name)] - OF_A_MACHINE
        assert told <= asked | OF_OTHERS.keys(), (name, told - asked)
        may_be_left_out = {"METRICS_HOST", "METRICS_PORT", "BACKUP_FOLDER"}  # of housekeeping alone
        assert asked - told <= may_be_left_out, (name, asked - told)


def test_nginx_is_told_each_variable_of_its_templates() -> None:
    wanted = {name for path in (FILES / "templates").iterdir() for name in VARIABLE.findall(path.read_text())}
    assert len(wanted) > 8
    assert wanted == set(EXAMPLE.findall((FILES / "nginx.example.env").read_text()))
    assert wanted == set(SERVICES["nginx"]["environment"]) == set(of_kind("ConfigMap")["nginx-settings"]["data"])


def test_the_manifests_set_nothing_that_is_not_read(read: dict[str, set[str]]) -> None:
    everything = set.union(*read.values()) | OF_OTHERS.keys()
    told = set(of_kind("ConfigMap")["settings"]["data"])
    told |= {name for secret in of_kind("Secret").values() for name in secret["stringData"]}
    assert told <= everything, told - everything
    must = {
        "SECRET_KEY",
        "DATABASE_URL",
        "RASA_DATABASE_URL",
        "RASA_URLS",
        "ACTIONS_URL",
        "CLINIC_FILE",
        "ALLOWED_HOSTS",
    }
    assert must <= told


def test_the_example_names_all_that_compose_takes_from_it_and_nothing_else() -> None:
    listed = EXAMPLE.findall((ROOT / "deploy" / ".env.example").read_text())
    assert len(set(listed)) == len(listed) > 40
    taken = set(re.findall(rf"\$\{{{NAME}", TEXT))
    passed_on = {name for one in RUN.values() for name, value in one.get("environment", {}).items() if value is None}
    assert set(listed) == taken | passed_on


def test_what_must_be_set_stops_compose_where_it_is_not() -> None:
    example = (ROOT / "deploy" / ".env.example").read_text()
    must = set(re.findall(rf"^{NAME}=", example, re.MULTILINE))
    assert must == set(re.findall(rf"\$\{{{NAME}:\?\}}", TEXT))


def test_no_secret_is_filled_in() -> None:
    example = (ROOT / "deploy" / ".env.example").read_text()
    secret = re.findall(r"^#?(\w*(?:SECRET|PASSWORD|TOKEN|KEY)\w*)=(.*)$", example, re.MULTILINE)
    assert len(secret) > 12 and {value for _, value in secret} == {""}
    assert yaml.safe_load(TEXT)["name"] == "baclofen-faq"

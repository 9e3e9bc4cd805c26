"""Every command in docs/operations.md works as it stands there, in its order, on a clinic's PostgreSQL."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.fernet import Fernet

from baclofen_faq.vetted_files import ROOT
from service.place import Place
from tests.conftest import gateway_at
from tests.faults.postgres import OWNER, Postgres
from tests.faults.processes import until
from tests.operations.house import House, backups

PAGE = ROOT / "docs" / "operations.md"
BOX = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AS_ROOT, RELEASE = "# as root", "bin/manage release"
KEYS = {"PERSON_KEY": "p" * 40, "ADDRESS_KEYS": "x", "CHANNELS": "twilio", "PUBLIC_URL": "https://chat.clinic.example"}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC" + "0" * 32, "TWILIO_AUTH_TOKEN": "t" * 32}
KNOWN_AS = """
import django
django.setup()
from django.utils import timezone
from service.conversations.models import Conversation
from service.gateway.messaging.people import conversation_of
key = conversation_of("sms", "+16175550142")
Conversation.begun("sms", key, timezone.now()).save()
print(key)
"""


def boxes() -> list[list[str]]:
    """The commands of each box that is no file."""
    found = [box.splitlines() for kind, box in BOX.findall(PAGE.read_text(encoding="utf-8")) if not kind]
    assert len(found) > 8
    return found


def commands() -> list[str]:
    """Those that a test runs; a release has tests of its own, for minutes."""
    found = [line for box in boxes() if box[0] != AS_ROOT for line in box]
    assert RELEASE in found and 'command("release")' in (ROOT / "tests" / "test_release.py").read_text(encoding="utf-8")
    return [line for line in found if line != RELEASE]


class Takes(BaseHTTPRequestHandler):
    """Where alerts go: it takes all of them."""

    def do_POST(self) -> None:
        self.send_response(204)
        self.end_headers()


class Clinic:
    """A house with PostgreSQL, whose gateway runs, and its environment file."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.house, self.folder, self.postgres = House.new(folder / "var", postgres), folder, postgres
        self.safe = folder / "backups"
        settings = {**self.house.databases, "VAR_FOLDER": str(self.house.place.var), "BACKUP_FOLDER": str(self.safe)}
        settings |= {**KEYS, **TWILIO, "ADDRESS_KEYS": Fernet.generate_key().decode()}
        self.key = self.head = ""
        self.desk = HTTPServer(("127.0.0.1", 0), Takes)
        Thread(target=self.desk.serve_forever, daemon=True).start()
        settings["ALERT_WEBHOOK_URL"] = f"http://127.0.0.1:{self.desk.server_port}/"
        settings["ALERT_WEBHOOK_SECRET"] = "s" * 40
        self.file = folder / "environment"
        self.file.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()))
        self.settings = settings

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """A line of the page, with this clinic's own file, key and times in the place of the made-up ones."""
        host = {"PGHOST": "127.0.0.1", "PGPORT": str(self.postgres.port), "PGUSER": OWNER, "PGDATABASE": "postgres"}
        env = {**os.environ, **host, "ENVIRONMENT_FILE": str(self.file)}
        for name in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL", "VAR_FOLDER"):
            env.pop(name, None)
        return subprocess.run(
            ["sh", "-c", self.own(command)], cwd=ROOT, env=env, input="a long password 7\n", capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    def own(self, command: str) -> str:
        """The same with what this clinic has."""
        newest = str(backups(self.safe)[-1]) if backups(self.safe) else ""
        command = re.sub(r"/var/lib/baclofen-faq-backups/\S+\.zip", newest, command)
        command = command.replace("127.0.0.1:8080", f"127.0.0.1:{self.house.place.gateway}")
        if "restore " in command:
            command += " --replace"  # the page has dropped the databases, as root, by then
        return command.replace("KEY", self.key).replace("1042:9f2c", self.head)

    def python(self, script: str) -> str:
        """Something done to the log of the clinic."""
        env = {**os.environ, **self.settings, "DJANGO_SETTINGS_MODULE": "service.settings.gateway"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()


@pytest.fixture(scope="module")
def clinic(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    own = Clinic(tmp_path_factory.mktemp("clinic"), postgres)
    with own.house.at_home(**own.settings), gateway_at(own.house.place):
        assert own.run('psql --command "CREATE ROLE conversations"').returncode == 0
        own.house.say("anna", "why do I have to taper?")
        until(lambda: own.house.said() > 0, 60)
        own.key = own.python(KNOWN_AS)
        yield own


EXPECTED = {  # what each says, in a word
    "bin/manage console_admin": "is an admin now",
    "bin/manage send_test_alert": "Sent by webhook",
    "bin/manage backup": "conversations",
    "bin/manage restore": "Restored, as of",
    "bin/manage verify_audit": "whole",
    "bin/manage refill_log": "turns of this outbox",
    "bin/manage new_address_key": "=",
    "bin/manage purge": "older than",
    "bin/manage purge --delete": "Deleted",
    "bin/manage find_conversation": "manage.py erase",
    "bin/manage transcript": "Conversation sms:",
    "bin/manage erase": "Receipt",
}


def test_every_command_of_the_page_does_what_it_says(clinic: Clinic) -> None:
    assert len(commands()) >= 14
    for command in commands():
        if command.startswith("curl"):
            continue  # below: these need all of the bot
        if "verify_audit" in command:
            whole = clinic.run("bin/manage verify_audit").stdout
            clinic.head = whole.rpartition(" ")[2].strip()
        done = clinic.run(command)
        assert done.returncode == 0, (clinic.own(command), done.stdout, done.stderr)
        for begins, says in EXPECTED.items():
            if begins in command:
                assert says in done.stdout, (command, done.stdout)
    assert {begins for begins in EXPECTED if not any(begins in command for command in commands())} == set()


def test_its_health_checks_are_well_when_the_bot_is(bot: Place) -> None:
    checks = [command for command in commands() if command.startswith("curl")]
    assert len(checks) == 2
    for command in checks:
        own = command.replace("127.0.0.1:8080", f"127.0.0.1:{bot.gateway}")
        assert subprocess.run(["sh", "-c", own], capture_output=True, check=False).returncode == 0, own


def test_what_is_done_as_root_names_what_is_there() -> None:
    done = [line for box in boxes() if box[0] == AS_ROOT for line in box[1:]]
    files = {word for line in done for word in re.findall(r"/opt/baclofen-faq/(\S+)", line)}
    assert len(done) > 10 and files
    for file in files:
        assert list(ROOT.glob(file)), file


def test_systemd_has_nothing_to_say_against_the_units() -> None:
    units = sorted(map(str, (ROOT / "deploy" / "systemd").glob("*.*[er]")))
    assert len(units) == 3
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False).stderr
    assert [line for line in said.splitlines() if "is not executable" not in line] == []  # it is not installed here

"""From a patient's number to their conversation, without the number being kept anywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from baclofen_faq.vetted_files import ROOT
from tests.gateway.messaging.test_settings import GOOD

NUMBER = "+16175550142"
SAY = """
import django
django.setup()
from django.utils import timezone
from service.conversations.models import Conversation
from service.gateway.messaging.people import conversation_of
for channel, person in (("sms", "+16175550142"), ("whatsapp", "whatsapp:+16175550142"), ("slack", "T012AB:U061F")):
    Conversation.begun(channel, conversation_of(channel, person), timezone.now()).save()
    print(conversation_of(channel, person))
"""


class Clinic:
    """A log with three conversations, one person's by SMS and by WhatsApp."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        self.env = {**inherited, **GOOD, "CHANNELS": "twilio", "VAR_FOLDER": str(folder), "LOG_LEVEL": "DEBUG"}
        self.env["DJANGO_SETTINGS_MODULE"] = "service.settings.gateway"
        for database in ("default", "outbox"):
            self.run("manage.py", "migrate", "--verbosity", "0", "--database", database)
        self.sms, self.whatsapp, self.slack = self.run("-c", SAY).stdout.split()

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-W", "ignore", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, input=given, capture_output=True, text=True, check=False)

    def find(self, channel: str, given: str) -> subprocess.CompletedProcess[str]:
        return self.run("manage.py", "find_conversation", "--channel", channel, given=f"{given}\n")


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Clinic:
    return Clinic(tmp_path_factory.mktemp("clinic"))


def test_a_number_as_people_write_it_is_their_conversation_of_that_channel(clinic: Clinic) -> None:
    for channel, given, key in (
        ("sms", NUMBER, clinic.sms),
        ("sms", " +1 (617) 555-0142", clinic.sms),
        ("whatsapp", "+1.617.555.0142", clinic.whatsapp),
        ("slack", "T012AB:U061F", clinic.slack),
    ):
        found = clinic.find(channel, given)
        assert found.stdout.splitlines()[0] == key, found.stderr
        assert f"manage.py erase --channel {channel} -- {key}" in found.stdout


def test_what_it_says_to_do_next_erases_it(clinic: Clinic) -> None:
    (command,) = (line for line in clinic.find("slack", "T012AB:U061F").stdout.splitlines() if " erase " in line)
    assert clinic.run(*command.split()).returncode == 0
    gone = clinic.find("slack", "T012AB:U061F")
    assert gone.returncode == 1 and "No conversation of that address in slack" in gone.stderr


def test_a_stranger_has_none(clinic: Clinic) -> None:
    found = clinic.find("sms", "+16175550199")
    assert found.returncode == 1 and "No conversation of that address" in found.stderr


@pytest.mark.parametrize("given", ["617-555-0142", "anna", ""])
def test_what_is_no_number_is_said_without_repeating_it(clinic: Clinic, given: str) -> None:
    found = clinic.find("sms", given)
    assert found.returncode == 1 and "with + and country code" in found.stderr
    assert not given or given not in found.stdout + found.stderr


def test_the_number_stands_nowhere(clinic: Clinic) -> None:
    found = clinic.find("sms", NUMBER)
    files = [path for path in clinic.folder.rglob("*") if path.is_file()]
    assert len(files) >= 2
    for text in [found.stdout.encode(), found.stderr.encode(), *(path.read_bytes() for path in files)]:
        assert b"6175550142" not in text

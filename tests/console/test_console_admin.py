"""manage.py console_admin: the first admin, made on the machine itself."""

import os
import pty
import subprocess
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from baclofen_faq.vetted_files import ROOT
from service.console.models import AuditEntry, Staff
from service.console.roles import Role
from tests.console.conftest import PASSWORD, code_of, member
from tests.console.own_database import OwnDatabase, own_database  # noqa: F401  (a fixture)


def make(monkeypatch: pytest.MonkeyPatch, name: str = "ada", password: str = PASSWORD) -> str:
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    said = StringIO()
    call_command("console_admin", username=name, stdout=said)
    return said.getvalue()


def test_an_admin_is_made_and_signs_in(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    said = make(monkeypatch)
    assert "sign in at http://127.0.0.1:8000" in said and "authenticator app" in said and PASSWORD not in said
    client = Client()
    page = client.post("/sign-in", {"username": "ada", "password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/second-factor")
    client.post("/account/second-factor", {"code": code_of(Staff.objects.get(username="ada"))})
    assert client.get("/staff").status_code == 200
    entry = AuditEntry.objects.get(action="staff added")
    assert (entry.who, entry.detail) == ("", {"user": "ada", "role": "admin", "by": "console_admin"})


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("VERA", PASSWORD, "There is a VERA already"),
        ("two words", PASSWORD, "Enter a valid username"),
        ("x" * 151, PASSWORD, "at most 150 characters"),
        ("ada", "", "at least 12 characters"),
        ("ada", "short", "at least 12 characters"),
        ("ada", "password1234", "too common"),
        ("ada-the-admin", "ada-the-admin", "too similar"),
    ],
)
def test_what_will_not_do_is_said(
    db: None, monkeypatch: pytest.MonkeyPatch, name: str, password: str, why: str
) -> None:
    member(Role.VIEWER, "vera")
    with pytest.raises(CommandError, match=why):
        make(monkeypatch, name, password)
    assert Staff.objects.count() == 1


def test_without_a_database_it_says_what_to_do(tmp_path: Path) -> None:
    done = OwnDatabase(tmp_path / "none").run("console_admin", "--username", "ada", given=f"{PASSWORD}\n")
    assert done.returncode == 1
    assert "`make serve` once" in done.stderr and "Traceback" not in done.stderr


class Terminal:
    """A command in a terminal of its own, as a person sees it."""

    def __init__(self, own: OwnDatabase, *words: str) -> None:
        """Start it."""
        self.process, self._end = pty.fork()
        if self.process == 0:
            os.chdir(ROOT)
            os.execve(own.command()[0], own.command(*words), own.environment)
        self.shown = ""

    def answer(self, question: str, answer: str) -> None:
        """Type something when it is asked for."""
        self._read_until(question)
        time.sleep(0.2)  # getpass drops what is typed before it turned the echo off
        os.write(self._end, f"{answer}\n".encode())

    def ended(self) -> int:
        """Its exit code."""
        self._read_until(None)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])

    def _read_until(self, text: str | None) -> None:
        begun = len(self.shown)
        try:
            while text is None or text not in self.shown[begun:]:
                self.shown += os.read(self._end, 4096).decode()
        except OSError:  # how Linux says that nobody writes there any more
            assert text is None, f"{text} was not asked; shown: {self.shown}"


def test_a_person_is_asked_twice_and_nothing_typed_is_shown(own_database: OwnDatabase) -> None:  # noqa: F811
    for again, code, said in (("another one", 1, "not the same"), (PASSWORD, 0, "bea is an admin now")):
        terminal = Terminal(own_database, "console_admin")
        terminal.answer("User name:", "bea")
        terminal.answer("Password:", PASSWORD)
        terminal.answer("Password again:", again)
        assert (terminal.ended(), said in terminal.shown, PASSWORD in terminal.shown) == (code, True, False)


def test_nobody_is_added_where_nothing_is_typed(own_database: OwnDatabase) -> None:  # noqa: F811
    done: subprocess.CompletedProcess[str] = own_database.run("console_admin")
    assert done.returncode == 1 and "Nobody was added." in done.stderr

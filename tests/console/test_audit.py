"""The audit log: a chain that shows every change, and the page on which admins read it."""

import re
import subprocess
from collections.abc import Callable
from datetime import datetime, timezone
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from baclofen_faq.vetted_files import ROOT
from service.console import audit
from service.console.models import AuditEntry, AuditError, AuditHead
from service.console.roles import Role
from service.conversations.models import SecondLook, Verdict
from tests.console.conftest import member, signed_in, talk, turn
from tests.console.own_database import OwnDatabase, own_database  # noqa: F401  (a fixture)

INTO = "INTO console_auditentry (id, number, at, who, action, conversation, detail, previous_hash, hash)"
AS_BEN = """SELECT {id}, number, at, 'ben', action, conversation, detail, previous_hash, hash
    FROM console_auditentry WHERE number = 2"""
REPLACE = f"INSERT OR REPLACE {INTO} {AS_BEN}"
UPSERT = f"INSERT {INTO} {AS_BEN} ON CONFLICT (number) DO UPDATE SET who = 'ben'"
WRITER = """
import sys, threading, django
django.setup()
from service.console import audit
def write(who):
    for count in range(15):
        audit.record(who, "a test", count=count)
threads = [threading.Thread(target=write, args=[f"{sys.argv[1]}-{one}"]) for one in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""


@pytest.fixture
def four(db: None) -> str:
    """Four entries; the head of the chain after them."""
    for number in range(1, 5):
        audit.record("anna", "conversation read", number, turns=number, share=0.25, words=["ä", None, True])
    return audit.head()


def tamper(statement: str, *values: object) -> None:
    """What somebody does who may write to the database, past the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS console_auditentry_no_UPDATE")
            cursor.execute("DROP TRIGGER IF EXISTS console_auditentry_no_DELETE")
        else:
            cursor.execute("ALTER TABLE console_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement, values)


def rehash(*numbers: int) -> None:
    """Make the hash of entries right again, and those after them follow."""
    for number in numbers:
        entry, before = (AuditEntry.objects.filter(number=one).first() for one in (number, number - 1))
        assert entry
        entry.previous_hash = before.hash if before else ""
        tamper(
            "UPDATE console_auditentry SET previous_hash = %s, hash = %s WHERE number = %s",
            entry.previous_hash, audit.hash_of(entry), number,
        )  # fmt: skip


def make_anew() -> None:
    tamper("UPDATE console_auditentry SET who = 'ben' WHERE number = 2")
    rehash(2, 3, 4)
    AuditHead.objects.update(hash=AuditEntry.objects.get(number=4).hash)


def insert(number: int) -> None:
    entry = AuditEntry.objects.get(number=4)
    entry.pk, entry.number, entry.previous_hash = None, number, entry.hash
    entry.hash = audit.hash_of(entry)
    entry.save()


def cut_the_end(is_head_moved: bool = False) -> None:
    tamper("DELETE FROM console_auditentry WHERE number > 2")
    if is_head_moved:
        AuditHead.objects.update(number=2, hash=AuditEntry.objects.get(number=2).hash)


def set_column(column: str, value: object, number: int = 2) -> Callable[[], None]:
    return lambda: tamper(f"UPDATE console_auditentry SET {column} = %s WHERE number = %s", value, number)


# The chain


def test_a_chain_that_nobody_touched_is_whole(four: str) -> None:
    assert list(audit.faults()) == []
    number, hash = four.split(":")
    audit.record("ben", "signed in")
    assert list(audit.faults(int(number), hash)) == [], "a head that was written down stays in it"


def test_no_entry_at_all_is_whole(db: None) -> None:
    assert list(audit.faults()) == [] and audit.head() == "0:"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (set_column("who", "ben"), "entry 2 was changed"),
        (set_column("action", "signed in"), "entry 2 was changed"),
        (set_column("conversation", 9), "entry 2 was changed"),
        (set_column("conversation", None), "entry 2 was changed"),
        (set_column("detail", '{"turns": 9}'), "entry 2 was changed"),
        (set_column("at", datetime(2020, 1, 1, tzinfo=timezone.utc)), "entry 2 was changed"),
        (lambda: (set_column("who", "ben")(), rehash(2)), "entry 3 does not follow the one before it"),
        (lambda: (set_column("who", "ben", 4)(), rehash(4)), "entry 4 is not the one of the head"),
        (lambda: tamper("DELETE FROM console_auditentry WHERE number = 2"), "entry 2 is missing"),
        (lambda: tamper("DELETE FROM console_auditentry WHERE number < 3"), "entries 1 to 2 are missing"),
        (cut_the_end, "the last entry is 2, but there was one with number 4: the end was cut"),
        (lambda: tamper("DELETE FROM console_auditentry"), "the last entry is 0, but there was one with number 4"),
        (lambda: insert(5), "the last entry is 5, but the head is 4"),
        (lambda: insert(0), "entry 0 does not follow the one before it"),
        (lambda: AuditHead.objects.all().delete(), "the last entry is 4, but the head is 0"),
    ],
)
def test_what_was_done_to_the_chain_shows(four: str, change: Callable[[], Any], fault: str) -> None:
    change()
    assert fault in "\n".join(audit.faults())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda: cut_the_end(is_head_moved=True), "the end was cut"),
        (make_anew, "entry 4 is not the one whose hash was written down"),
    ],
)
def test_what_is_done_with_care_shows_by_a_head_that_was_written_down(
    four: str, change: Callable[[], None], fault: str
) -> None:
    change()
    assert list(audit.faults()) == [], "the database alone cannot tell"
    number, hash = four.split(":")
    assert fault in "\n".join(audit.faults(int(number), hash))


@pytest.mark.parametrize("statement", ["UPDATE console_auditentry SET who = 'ben'", "DELETE FROM console_auditentry"])
def test_the_database_refuses_to_change_an_entry(four: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    entry = AuditEntry.objects.first()
    assert entry
    for change in (entry.save, entry.delete):
        with pytest.raises(AuditError):
            change()


@pytest.mark.parametrize("id", ["id", "id + 1000"])
@pytest.mark.parametrize("statement", [REPLACE, UPSERT], ids=["replace", "upsert"])
def test_the_database_refuses_to_put_another_entry_in_the_place_of_one(four: str, statement: str, id: str) -> None:
    if statement == REPLACE and connection.vendor != "sqlite":
        pytest.skip("only SQLite knows it")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(id=id))
    assert list(audit.faults()) == [] and audit.head() == four


def test_what_is_about_several_conversations_is_an_entry_for_each(four: str) -> None:
    entries = audit.record_each("ben", "changes read", [9, 7, 9], share=0.5)
    assert [(one.number, one.conversation, one.detail) for one in entries] == [
        (5, 7, {"share": 0.5}),
        (6, 9, {"share": 0.5}),
    ]
    assert list(audit.faults(*audit._head())) == [] and audit.head().startswith("6:")
    assert audit.record_each("ben", "changes read", []) == [] and audit.head().startswith("6:")
    audit.record("ben", "signed in")
    assert list(audit.faults()) == []


def test_fifty_entries_cost_a_handful_of_queries(four: str, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        audit.record_each("ben", "changes read", range(1, 51))


def test_who_read_a_conversation_is_found_by_its_number(admin: Client) -> None:
    for code in ("wrong_answer", "right_answer"):
        message = talk(turn("why so slowly")).messages.get(direction="in")
        Verdict.objects.create(message=message, code=code, right_topic="ask_timeline", by="anna")
        SecondLook.objects.create(message=message, level="emergency", change=1, triage_version="t")
    for page in ("/changes", "/missed-emergencies", "/answers/why_taper/asked"):
        assert b"why so slowly" in admin.get(page).content, page
    shown = {row[3] for row in rows(admin.get("/audit", {"conversation": str(message.conversation_id)}))}
    assert shown == {"changes read", "missed emergencies read", "questions before an answer read"}


def test_an_action_with_too_long_a_name_is_refused_on_every_database(db: None) -> None:
    with pytest.raises(ValueError, match="at most 40"):
        audit.record("anna", "x" * 41)


def test_many_who_record_at_once_make_one_chain(own_database: OwnDatabase) -> None:  # noqa: F811
    python = [own_database.command()[0], "-W", "ignore", "-c", WRITER]
    writers = [
        subprocess.Popen([*python, f"writer-{one}"], cwd=ROOT, env=own_database.environment, stderr=subprocess.PIPE)
        for one in range(3)
    ]
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 3
    done = own_database.run("verify_audit")
    assert re.fullmatch(r"whole: 90 entries, head 90:[0-9a-f]{64}\n", done.stdout), done.stdout + done.stderr
    assert done.returncode == 0


# The command


def test_the_command_says_that_it_is_whole_and_the_head(four: str) -> None:
    said = StringIO()
    call_command("verify_audit", head=four, stdout=said)
    assert said.getvalue() == f"whole: 4 entries, head {four}\n"


def test_the_command_says_every_fault_and_fails(four: str) -> None:
    set_column("who", "ben")()
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_audit", head=four, stdout=said)
    assert (ended.value.code, said.getvalue()) == (1, "FAULT: entry 2 was changed\n")


@pytest.mark.parametrize("head", ["", "4", "4:", "x:y", "4:abc"])
def test_the_command_does_not_take_half_a_head(four: str, head: str) -> None:
    with pytest.raises(CommandError, match="copy NUMBER:HASH whole"):
        call_command("verify_audit", head=head)


def test_a_head_of_before_the_first_entry_is_taken(four: str) -> None:
    call_command("verify_audit", head="0:", stdout=StringIO())


# The page


def rows(page: Any) -> list[list[str]]:
    """The cells of the table, without the entry that says that the page was read."""
    body = page.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in body.split("</tr>")]
    cells = [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in found if row]
    return [row for row in cells if row[3:4] != ["audit log read"]]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.CLINICIAN])
def test_someone_who_may_not_sees_nothing(four: str, role: str) -> None:
    refused = signed_in(member(role)).get("/audit")
    assert refused.status_code == 403 and "anna" not in refused.content.decode()
    unknown = Client().get("/audit")
    assert unknown["Location"].startswith("/sign-in") and unknown.content == b""
    assert not AuditEntry.objects.filter(action="audit log read").exists()


def test_it_shows_who_did_what_newest_first_and_that_it_was_read(four: str, admin: Client) -> None:
    page = admin.get("/audit")
    html = page.content.decode()
    assert [row[0] for row in rows(page)] == ["5", "4", "3", "2", "1"]
    assert rows(page)[1][2:5] == ["anna", "conversation read", "4"] and "turns: 4" in rows(page)[1][5]
    assert AuditEntry.objects.filter(action="audit log read").count() == 1
    assert audit.head() in html and "verify_audit --head" in html


def test_it_is_filtered_by_person_action_conversation_and_day(four: str, admin: Client) -> None:
    member(Role.VIEWER, "anna")
    audit.record("", "old conversations deleted")
    today = datetime.now(timezone.utc).date().isoformat()
    for asked, expected in (
        ({"person": "anna"}, "4321"),
        ({"person": "anna", "conversation": "3"}, "3"),
        ({"action": "conversation read"}, "4321"),
        ({"person": "(the service itself)"}, "6"),
        ({"action": "conversation read", "since": today, "until": today}, "4321"),
        ({"until": "2020-01-01"}, ""),
        ({"since": "2999-01-01"}, ""),
        ({"before": "3"}, "21"),
        ({"before": "3", "action": "signed in"}, ""),
    ):
        shown = "".join(row[0] for row in rows(admin.get("/audit", asked)) if row != ["No entry fits."])
        assert shown == expected, asked
    settings = AuditEntry.objects.filter(action="audit log read").order_by("number")
    assert settings[0].detail == {"looked_for": {"person": "anna"}} and settings[1].conversation == 3


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"person": "nobody"}, "Select a valid choice"),
        ({"conversation": "9" * 30}, "less than or equal to"),
        ({"conversation": "x"}, "Enter a whole number"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"before": "-1"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_looked_for_shows_no_entry(four: str, admin: Client, asked: dict[str, str], why: str) -> None:
    page = admin.get("/audit", asked)
    assert page.status_code == 200 and rows(page) == [["No entry fits."]] and why in page.content.decode()


def test_it_is_read_page_by_page_however_much_comes_meanwhile(admin: Client) -> None:
    for _ in range(60):
        audit.record("anna", "conversation read")
    member(Role.VIEWER, "anna")
    first = admin.get("/audit", {"person": "anna"})
    audit.record("anna", "conversation read")
    older = re.findall(r'href="(\?[^"]+)">Older', first.content.decode())[0].replace("&amp;", "&")
    second = admin.get(f"/audit{older}")
    numbers = [int(row[0]) for page in (first, second) for row in rows(page)]
    assert len(numbers) == 60 and numbers == sorted(set(numbers), reverse=True)
    assert ">Older" not in second.content.decode()


def test_a_day_of_the_filter_begins_and_ends_at_midnight(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for moment in ("01T23:59:59.999999", "02T00:00:00", "02T23:59:59.999999", "03T00:00:00"):
        at = datetime.fromisoformat(f"2026-03-{moment}+00:00")
        monkeypatch.setattr("service.console.audit.timezone.now", lambda at=at: at)
        audit.record("anna", "a test")
    monkeypatch.undo()
    numbers = [int(row[0]) for row in rows(admin.get("/audit", {"since": "2026-03-02", "until": "2026-03-02"}))]
    assert len(numbers) == 2 and numbers[0] - numbers[1] == 1


def test_no_word_of_a_patient_stands_in_it(admin: Client, reviewer: Client) -> None:
    conversation = talk(turn("my dad is having a seizure", "emergency", ["seizure"], "emergency_report"))
    reviewer.get(f"/conversations/{conversation.pk}")
    assert "my dad" not in admin.get("/audit").content.decode()

"""What is deleted when, what stays because it is flagged, and erasing one person's conversation."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db.utils import OperationalError
from django.test import Client
from django.utils import timezone

from baclofen_faq.answers import load_clinic
from baclofen_faq.vetted_files import VettedFileError
from service.console import erasure
from service.console.models import AuditEntry
from service.conversations.models import Conversation, Entry, Erasure, Message, State, Verdict
from tests.console.conftest import member, signed_in, talk, turn

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"])
KEEP = timedelta(days=load_clinic().keep_days)
SECRET = "zwiebelkuchen at noon"


def ago(age: timedelta) -> dict[str, Any]:
    return turn(SECRET, at=timezone.now() - age)


def flagged(age: timedelta, state: str = State.NEW) -> Conversation:
    conversation = talk(ago(age))
    Conversation.objects.filter(pk=conversation.pk).update(is_flagged=True, state=state)
    return conversation


def rows(page: str) -> list[list[str]]:
    """The numbers of each line of the first table."""
    body = page.split("<tbody>")[1].split("</tbody>")[0]
    cells = [line.split('<td class="number">')[1:] for line in body.split("<tr>")[1:]]
    return [[cell.split("<")[0] for cell in line] for line in cells]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What is to be done later. SQLite's files are looked at in tests/log: here a transaction is open."""
    work: list[Callable[[], None]] = []
    monkeypatch.setattr("service.conversations.retention._empty_write_ahead_logs", lambda: None)
    monkeypatch.setattr(erasure, "in_background", lambda seconds, one: work.append(one))
    return work


def test_it_says_how_much_is_deleted_until_when(viewer: Client) -> None:
    for age in (
        KEEP + timedelta(hours=1),
        KEEP - timedelta(hours=2),
        KEEP - timedelta(days=3),
        KEEP - timedelta(days=20),
    ):
        talk(ago(age))
    talk(ago(timedelta(days=1)))
    page = viewer.get("/retention").content.decode()
    assert f"{KEEP.days} days" in page
    assert rows(page) == [["1", "2"], ["2", "4"], ["3", "6"], ["4", "8"]]


def test_of_a_conversation_that_went_on_only_the_old_messages_are_counted(viewer: Client) -> None:
    talk(ago(KEEP + timedelta(days=1)), ago(timedelta(days=1)))
    assert rows(viewer.get("/retention").content.decode())[0] == ["0", "2"]


def test_what_is_flagged_and_not_reviewed_is_listed_and_not_counted(viewer: Client) -> None:
    held = flagged(KEEP + timedelta(days=4))
    done = flagged(KEEP + timedelta(days=4), State.DONE)
    page = viewer.get("/retention").content.decode()
    assert f'href="/conversations/{held.pk}"' in page and f'href="/conversations/{done.pk}"' not in page
    assert rows(page)[0] == ["1", "2"]


def test_without_a_flag_nothing_is_kept(viewer: Client) -> None:
    assert "None. A flagged conversation would stay here" in viewer.get("/retention").content.decode()


def test_the_pages_show_no_words(viewer: Client) -> None:
    flagged(KEEP + timedelta(days=4))
    assert SECRET not in viewer.get("/retention").content.decode()
    assert SECRET not in viewer.get("/retention/receipts").content.decode()


@pytest.mark.parametrize(
    ("age", "is_flagged", "said"),
    [
        (timedelta(days=1), False, "Will be deleted on"),
        (timedelta(days=1), True, "Kept while it is flagged and not reviewed. Then it is deleted on"),
        (KEEP + timedelta(days=1), False, "Will be deleted with the next daily run"),
        (KEEP + timedelta(days=1), True, "Kept while it is flagged and not reviewed. Then it is deleted with the next"),
    ],
)
def test_a_conversation_says_when_it_goes(age: timedelta, is_flagged: bool, said: str, reviewer: Client) -> None:
    conversation = flagged(age) if is_flagged else talk(ago(age))
    page = " ".join(reviewer.get(f"/conversations/{conversation.pk}").content.decode().split())
    assert said in page and "Erase now" not in page


def test_a_clinic_file_that_cannot_be_read_hides_no_conversation(
    reviewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise VettedFileError("clinic.yml: malformed")

    monkeypatch.setattr("service.console.deletion.load_clinic", fails)
    conversation = talk(ago(timedelta(days=1)))
    assert reviewer.get(f"/conversations/{conversation.pk}").status_code == 200


def test_who_may_erase_is_asked_first(admin: Client) -> None:
    conversation = talk(ago(timedelta(days=1)))
    assert "Erase now" in admin.get(f"/conversations/{conversation.pk}").content.decode()
    page = admin.get(f"/conversations/{conversation.pk}/erase").content.decode()
    assert "Erase for good" in page and SECRET not in page
    assert Conversation.objects.filter(pk=conversation.pk).exists()


def test_what_was_exported_for_training_is_said_before_erasing(admin: Client) -> None:
    conversation = talk(ago(timedelta(days=1)))
    address = f"/conversations/{conversation.pk}/erase"
    message = Message.objects.filter(conversation=conversation, direction="in").latest("pk")
    verdict = Verdict.objects.create(message=message, code="wrong_answer", right_topic="ask_timeline", by="rita")
    assert b"exported for training" not in admin.get(address).content
    Verdict.objects.filter(pk=verdict.pk).update(exported_at=timezone.now())
    assert b"exported for training" in admin.get(address).content


def test_it_is_erased_with_a_receipt_and_in_the_audit_log(waiting: list[Callable[[], None]]) -> None:
    staff = member("admin", "head")
    browser = signed_in(staff)
    conversation, other = talk(ago(timedelta(days=1))), talk(ago(timedelta(days=1)))
    page = browser.post(f"/conversations/{conversation.pk}/erase", follow=True).content.decode()
    erased = Erasure.objects.get()
    assert erased.receipt in page and f"Conversation {conversation.pk} is erased" in page
    assert list(Conversation.objects.all()) == [other] and Message.objects.count() == 2
    entry = AuditEntry.objects.get(action="conversation erased")
    assert (entry.who, entry.conversation, entry.detail["receipt"]) == ("head", conversation.pk, erased.receipt)
    assert len(waiting) == 1


def test_what_was_on_its_way_goes_with_the_second_pass(waiting: list[Callable[[], None]]) -> None:
    conversation = talk(ago(timedelta(days=1)), key="anna")
    on_its_way = Entry(channel="web", conversation="anna", **ago(timedelta(days=0)))
    browser = signed_in(member("admin"))
    browser.post(f"/conversations/{conversation.pk}/erase")
    on_its_way.save()
    (second_pass,) = waiting
    second_pass()
    assert not Entry.objects.exists() and not Conversation.objects.exists()


def test_a_database_that_is_gone_is_said_and_is_in_the_audit_log(
    waiting: list[Callable[[], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(key: str) -> int:
        raise OperationalError("gone")

    conversation = talk(ago(timedelta(days=1)), key="anna")
    monkeypatch.setattr("service.conversations.retention._erase_rasa_events", gone)
    answer = signed_in(member("admin")).post(f"/conversations/{conversation.pk}/erase")
    assert answer.status_code == 503 and "manage.py erase anna --channel web" in answer.content.decode()
    assert AuditEntry.objects.filter(action="conversation not all erased", conversation=conversation.pk).exists()
    assert len(waiting) == 1


def test_what_is_done_later_is_done_when_its_time_has_come() -> None:
    is_done = Event()
    erasure.in_background(0.01, is_done.set)
    assert is_done.wait(5)


def test_a_receipt_can_be_looked_for(viewer: Client) -> None:
    for receipt in ("AAAAAAAAAAAA", "BBBBBBBBBBBB"):
        Erasure.objects.create(receipt=receipt, conversation_hash="x", erased_at=timezone.now(), messages=4)
    both = viewer.get("/retention/receipts").content.decode()
    one = viewer.get("/retention/receipts?receipt=aaaaaaaaaaaa").content.decode()
    assert "AAAAAAAAAAAA" in both and "BBBBBBBBBBBB" in both
    assert "AAAAAAAAAAAA" in one and "BBBBBBBBBBBB" not in one
    assert "No erasure has this receipt" in viewer.get("/retention/receipts?receipt=CC").content.decode()
    with_nul = viewer.get("/retention/receipts?receipt=%00aaaaaaaaaaaa%00").content.decode()
    assert "AAAAAAAAAAAA" in with_nul and "\0" not in with_nul and "<table" in with_nul


def test_many_receipts_are_read_page_by_page(viewer: Client) -> None:
    for number in range(60):
        Erasure.objects.create(receipt=f"R{number:03}", conversation_hash="x", erased_at=timezone.now(), messages=1)
    first = viewer.get("/retention/receipts").content.decode()
    assert "R059" in first and "R005" not in first
    older = first.split('href="?before=')[1].split('"')[0]
    assert "R005" in viewer.get(f"/retention/receipts?before={older}").content.decode()
    assert viewer.get("/retention/receipts?before=nonsense").status_code == 200


def test_someone_who_may_not_sees_nothing(browser_of: Callable[[str], Client]) -> None:
    conversation = flagged(KEEP + timedelta(days=4))
    Erasure.objects.create(receipt="AAAAAAAAAAAA", conversation_hash="x", erased_at=timezone.now(), messages=4)
    for address in ("/retention", "/retention/receipts", f"/conversations/{conversation.pk}/erase"):
        answer = Client().get(address)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")
    for role in ("viewer", "reviewer", "clinician"):
        browser = browser_of(role)
        for ask in (browser.get, browser.post):
            answer = ask(f"/conversations/{conversation.pk}/erase")
            assert answer.status_code == 403 and "Erase for good" not in answer.content.decode()
    assert Conversation.objects.filter(pk=conversation.pk).exists() and Erasure.objects.count() == 1


def test_every_page_of_deletion_says_how_long_backups_hold_it(admin: Client, settings: Any) -> None:
    settings.BACKUP_KEEP_DAYS = 21
    for path in ("/retention", "/retention/receipts", f"/conversations/{talk(ago(KEEP)).pk}/erase"):
        assert "each is deleted when it is 21 days old" in admin.get(path).content.decode(), path

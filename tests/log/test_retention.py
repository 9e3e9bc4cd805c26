"""Old conversations go, one goes at once, and nothing comes back."""

import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from baclofen_faq.triage import Level, Told
from baclofen_faq.vetted_files import ROOT
from service.conversations import outbox, record
from service.conversations.models import Alert, Conversation, Entry, Erasure, Message, Note, Risk, State, Verdict
from service.conversations.retention import erasing
from tests.log.test_outbox import INBOUND, logged, turn, write

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"], transaction=True)
OLD = timedelta(days=100)


@pytest.fixture(autouse=True)
def rasa_events() -> None:
    """Rasa's table, as far as it matters here."""
    with connections["rasa"].cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id TEXT, timestamp REAL)")
        cursor.execute("DELETE FROM events")


@pytest.fixture(autouse=True)
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.conversations.management.commands.erase.IN_FLIGHT_SECONDS", 0)


def rasa_heard(sender: str, days_ago: float = 0) -> None:
    at = (timezone.now() - timedelta(days=days_ago)).timestamp()
    with connections["rasa"].cursor() as cursor:
        cursor.execute("INSERT INTO events (sender_id, timestamp) VALUES (%s, %s)", [sender, at])


def rasa_knows() -> list[str]:
    with connections["rasa"].cursor() as cursor:
        cursor.execute("SELECT sender_id FROM events ORDER BY id")
        return [sender for (sender,) in cursor.fetchall()]


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command(*arguments, stdout=printed)
    return printed.getvalue()


def conversations_of_all_ages() -> None:
    write(turn("1", at=timezone.now() - OLD), turn("2"), turn("1", conversation="bert", at=timezone.now() - OLD))
    outbox.move_due()
    rasa_heard("anna.0", days_ago=100)
    rasa_heard("anna.0")
    rasa_heard("canary-7-abc.0", days_ago=2)


def test_purge_says_first_what_it_would_delete() -> None:
    conversations_of_all_ages()
    said = run("purge")
    assert "1 conversations and 4 messages of the log, 2 turns of the outbox, 2 events of Rasa" in said
    assert Message.objects.count() == 6 and Entry.objects.count() == 3 and len(rasa_knows()) == 3


def test_purge_deletes_what_is_older_and_nothing_else() -> None:
    conversations_of_all_ages()
    assert run("purge", "--delete").startswith("Deleted")
    assert logged() == ["in:2", "out:why_taper"] and logged("bert") == []
    assert Conversation.objects.count() == 1 and Entry.objects.count() == 1 and rasa_knows() == ["anna.0"]


def flagged(state: str) -> Conversation:
    """A conversation that is older than is kept, and flagged."""
    write(turn("1", conversation="carl", at=timezone.now() - OLD))
    outbox.move_due()
    conversation = Conversation.objects.get(key="carl")
    conversation.is_flagged, conversation.state = True, state
    conversation.save()
    Note.objects.create(conversation=conversation, author="nurse", text="look at this again")
    return conversation


@pytest.mark.parametrize("state", [State.NEW, State.IN_REVIEW, State.FOLLOW_UP])
def test_what_is_flagged_is_kept_until_it_is_reviewed(state: str) -> None:
    conversation = flagged(state)
    conversations_of_all_ages()
    for arguments in (["purge"], ["purge", "--delete"]):
        said = run(*arguments)
        assert "1 conversations and 4 messages" in said and "1 kept that are flagged and not reviewed" in said
    assert logged("carl") == ["in:1", "out:why_taper"] and conversation.notes.count() == 1
    assert logged("bert") == []
    Conversation.objects.filter(key="carl").update(state=State.DONE)
    said = run("purge", "--delete")
    assert "1 conversations and 2 messages" in said and "kept" not in said
    assert logged("carl") == [] and not Note.objects.exists()


def test_the_old_part_of_a_flagged_conversation_is_kept_with_the_rest() -> None:
    write(turn("1", at=timezone.now() - OLD), turn("2"))
    outbox.move_due()
    Conversation.objects.update(is_flagged=True)
    assert "1 kept" in run("purge", "--delete")
    assert logged() == ["in:1", "out:why_taper", "in:2", "out:why_taper"]


def test_a_young_flagged_conversation_is_not_called_kept() -> None:
    write(turn("1"))
    outbox.move_due()
    Conversation.objects.update(is_flagged=True)
    assert "kept" not in run("purge", "--delete")


def test_what_is_flagged_can_be_erased() -> None:
    flagged(State.NEW)
    run("erase", "carl")
    assert logged("carl") == [] and not Note.objects.exists()


IN_FILES = """
import django, sys
django.setup()
from django.conf import settings
from django.core.management import call_command
from datetime import timedelta
from django.utils import timezone
from service.conversations import retention
from service.conversations.record import move
from tests.log.test_outbox import INBOUND, turn

for database in ("default", "outbox"):
    call_command("migrate", database=database, verbosity=0)
old = turn("1", at=timezone.now() - timedelta(days=100))
others = [turn(str(number), conversation=f"other-{number}") for number in range(60)]
for number, entry in enumerate(others):
    entry.inbound = {**INBOUND, "text": f"why taper {number}? zwiebelbrot zwiebelkuchen zwiebelsuppe"}
old.inbound = {**INBOUND, "text": "my zwiebelkuchenrezept and why taper?"}
move([old, *others])

def files(word="kuchenrezept"):  # of words that begin alike, the index holds only where they differ
    return sorted(path.name for path in settings.VAR.iterdir() if word.encode() in path.read_bytes())

assert files(), "the words are nowhere"
if sys.argv[1] == "erase":
    wish = retention.erasing("rest", "anna")
    wish.erase()
    wish.erase_again()
else:
    retention.purge(timezone.now() - timedelta(days=90), is_dry_run=False)
assert files("zwiebelsuppe"), "the words of others are gone, too"
print(files())
"""


@pytest.mark.parametrize("way", ["erase", "purge"])
def test_no_deleted_word_stays_in_any_file_not_in_the_index_of_words_either(way: str, tmp_path: Path) -> None:
    environment = {**os.environ, "VAR_FOLDER": str(tmp_path), "DATABASE_URL": "", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", IN_FILES, way]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr


def test_erase_deletes_one_conversation_everywhere_with_a_receipt() -> None:
    write(turn("1"), turn("1", conversation="bert"), turn("1", conversation="anna.x"))
    outbox.move_due()
    for sender in ("anna.0", "anna.1", "anna.x.0", "annaX0", "bert.0"):
        rasa_heard(sender)
    said = run("erase", "anna")
    receipt = re.search(r"Receipt: (\w{12})", said)
    assert receipt and Erasure.objects.get().receipt == receipt[1]
    assert logged() == [] and logged("bert") and logged("anna.x")
    assert {entry.conversation for entry in Entry.objects.all()} == {"bert", "anna.x"}
    assert rasa_knows() == ["anna.x.0", "annaX0", "bert.0"]


def test_nothing_writes_an_erased_conversation_back() -> None:
    on_its_way = turn("2")
    write(turn("1"))
    outbox.move_due()
    run("erase", "anna")
    write(on_its_way)
    outbox.move_due()
    assert logged() == [] and not Entry.objects.exists()


def test_a_turn_that_is_being_moved_while_it_is_erased_is_not_written() -> None:
    (entry,) = write(turn("1"))
    run("erase", "anna")
    assert record.move([entry]) is False
    assert logged() == [] and not Conversation.objects.exists()


def test_of_two_channels_with_the_same_key_one_is_erased() -> None:
    other = turn("1")
    other.channel = "web"
    write(turn("1"), other)
    outbox.move_due()
    with pytest.raises(CommandError, match="rest, web: say which"):
        run("erase", "anna")
    run("erase", "anna", "--channel", "web")
    assert [conversation.channel for conversation in Conversation.objects.all()] == ["rest"]


def test_a_turn_that_is_answered_after_it_was_erased_is_not_written_again() -> None:
    entry = turn("1", replies=())
    write(entry)
    run("erase", "anna")
    entry.replies, entry.answered_at = turn("1").replies, timezone.now()
    write(entry)
    assert not Entry.objects.exists()


def test_who_talks_on_after_it_has_a_new_conversation() -> None:
    write(turn("1"))
    outbox.move_due()
    run("erase", "anna")
    write(turn("2"))
    outbox.move_due()
    assert logged() == ["in:2", "out:why_taper"]


def emergency(message_id: str) -> Entry:
    entry = turn(message_id)
    entry.inbound = {**INBOUND, "level": "emergency"}
    entry.told = Told(Level.EMERGENCY, ("seizure",), is_of_words=True).as_json()
    entry.measured = {"intent": "why", "confidence": 0.4, "latency_ms": 80, "stages": {}}
    return entry


def erased_while_anna_writes(before: Entry, meanwhile: Entry) -> Conversation:
    """A conversation that staff had worked in, erased in the moment in which its person writes on."""
    write(before)
    outbox.move_due()
    conversation = Conversation.objects.get(key="anna")
    Note.objects.create(conversation=conversation, author="nurse", text="her son had a seizure")
    Verdict.objects.create(message=conversation.messages.get(message_id=before.message_id), code="right_answer", by="n")
    Conversation.objects.update(
        is_flagged=True, assignee="nurse", reviewer="nurse", feedback="not_helpful", state=State.FOLLOW_UP,
        reviewed_at=timezone.now(), first_review_at=timezone.now(), second_look_by="t1",
    )  # fmt: skip
    wish = erasing("rest", "anna")
    meanwhile.received_at = meanwhile.answered_at = timezone.now()
    write(meanwhile)
    outbox.move_due()
    wish.erase()
    return Conversation.objects.get(key="anna")


def test_what_staff_had_of_an_erased_conversation_does_not_outlive_it_where_its_person_writes_meanwhile() -> None:
    after = erased_while_anna_writes(emergency("1"), turn("2"))
    assert logged() == ["in:2", "out:why_taper"]
    assert not Note.objects.exists() and not Verdict.objects.exists() and not Alert.objects.exists()
    new = Conversation.begun("rest", "anna", after.messages.earliest("said_at").said_at)
    new.pk, new.turns, new.is_drawn = after.pk, 1, after.is_drawn
    drawn = ("is_drawn", "risk", "due_at") if after.is_drawn else ()
    for field in Conversation._meta.concrete_fields:
        if field.name not in drawn:
            assert getattr(after, field.name) == getattr(new, field.name), field.name


def test_an_emergency_of_the_moment_of_an_erasure_waits_for_staff_and_alerts_them() -> None:
    after = erased_while_anna_writes(turn("1"), emergency("2"))
    assert Alert.objects.get().conversation == after
    assert (after.level, after.risk, after.open_symptoms) == ("emergency", Risk.EMERGENCY, ["seizure"])
    assert after.had_reason and after.due_at == after.started_at and after.least_confidence == 0.4


def test_an_emergency_that_staff_had_no_alert_of_because_of_what_is_erased_has_its_own() -> None:
    after = erased_while_anna_writes(emergency("1"), emergency("2"))
    (alert,) = Alert.objects.all()
    assert alert.conversation == after and alert.risk == Risk.EMERGENCY and alert.raised_at > after.started_at


def test_the_second_pass_of_an_erasure_leaves_alone_what_began_after_it() -> None:
    write(emergency("1"))
    outbox.move_due()
    wish = erasing("rest", "anna")
    wish.erase()
    write(emergency("2"))
    outbox.move_due()
    Note.objects.create(conversation=Conversation.objects.get(), author="nurse", text="call her")
    Conversation.objects.update(is_flagged=True, state=State.IN_REVIEW)
    wish.erase_again()
    after = Conversation.objects.get()
    assert after.is_flagged and after.state == State.IN_REVIEW and after.risk == Risk.EMERGENCY
    assert Note.objects.count() == 1 and Alert.objects.count() == 1


def test_a_conversation_that_is_not_there_is_said_to_be_unknown() -> None:
    with pytest.raises(CommandError, match="No conversation nobody"):
        run("erase", "nobody")


def test_the_receipt_names_nobody() -> None:
    write(turn("1"))
    outbox.move_due()
    run("erase", "anna")
    assert "anna" not in str(Erasure.objects.values().get())

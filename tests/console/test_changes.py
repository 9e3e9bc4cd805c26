"""The page of changes to propose."""

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from service.console import bot_now
from service.console.models import AuditEntry
from service.conversations.models import Conversation, Message, Verdict
from service.conversations.retention import IN_FLIGHT_SECONDS
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db(databases=["default", "rasa"])
WORDS = "mein Rezept ist weg, was nun"
SEIZURE = "my dad is having a seizure"
PAGE = "/changes"


def proposed(text: str = WORDS, conversation: Conversation | None = None, **more: Any) -> Verdict:
    """A verdict with a right topic, or what is given."""
    conversation = conversation or talk(turn(text, level="information"))
    message = conversation.messages.get(text=text)
    right = {"right_topic": "ask_missed_dose_or_ran_out"} if not {"right_topic", "right_level"} & more.keys() else {}
    return Verdict.objects.create(message=message, code="wrong_answer", by="anna", **right, **more)


class Rasa(BaseHTTPRequestHandler):
    """Speaks as Rasa's webhook does; `intents` by text."""

    intents: dict[str, str] = {}
    asked: list[dict[str, Any]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append({"path": self.path, **body})
        intent = self.intents.get(body["message"])
        reply = {"recipient_id": body["sender"], "text": "Vetted.", "model_id": "model-2"}
        said = json.dumps([{**reply, "intent": intent, "confidence": 0.8}] if intent else []).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def rasa_that_understands(settings: Any, **intents: str) -> Iterator[list[dict[str, Any]]]:
    """A server on a port of its own; what it was asked."""
    handler = type("Asked", (Rasa,), {"intents": intents.pop("intents", intents), "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.RASA_URLS = [f"http://127.0.0.1:{server.server_port}"]
    try:
        yield handler.asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, Callable[[], None]]]:
    """What is to be done later, and in how many seconds."""
    work: list[tuple[float, Callable[[], None]]] = []
    monkeypatch.setattr(bot_now, "in_background", lambda seconds, one: work.append((seconds, one)), raising=False)
    return work


@pytest.fixture
def no_rasa(settings: Any) -> None:
    settings.RASA_URLS = ["http://127.0.0.1:9"]  # nothing listens there


def said(response: Any) -> str:
    return str(response.content.decode())


def test_someone_who_may_not_sees_nothing(browser_of: Callable[[str], Client]) -> None:
    change = proposed()
    for path, method in ((PAGE, "get"), (f"{PAGE}/check", "post"), (f"{PAGE}/{change.pk}/drop", "post")):
        response = getattr(Client(), method)(path)
        assert response.status_code == 302 and response["Location"].startswith("/sign-in"), path
        assert WORDS not in said(response)
    viewer = browser_of("viewer")
    for path in ("check", f"{change.pk}/drop", "training.patch"):
        response = viewer.post(f"{PAGE}/{path}", {"change": change.pk})
        assert response.status_code == 403 and WORDS not in said(response), path
    change.refresh_from_db()
    assert change.right_topic and change.checked_at is None and change.exported_at is None
    page = said(viewer.get(PAGE))
    assert WORDS in page and "Check now" not in page and "Drop" not in page and "training.patch" not in page


def test_a_change_says_what_was_made_of_the_message_and_what_should_have_been(viewer: Client) -> None:
    change = proposed(right_level="advisory", right_topic="ask_how_to_taper")
    page = said(viewer.get(PAGE))
    message = change.message
    assert f'/conversations/{message.conversation_id}?turn={message.pk}#turn-{message.pk}"' in page
    assert "confidence 0.93" in page and "why_taper" in page and ">advisory<" in page and "anna" in page
    assert "not checked yet" in page and "not yet" in page


def test_opening_the_page_is_recorded_as_a_read_without_words(reviewer: Client) -> None:
    changes = [proposed(WORDS, talk(turn(WORDS), turn("beside it"))), proposed()]
    proposed("beside it", changes[0].message.conversation)
    reviewer.get(PAGE)
    entries = AuditEntry.objects.filter(action="changes read").order_by("number")
    assert [one.conversation for one in entries] == [change.message.conversation_id for change in changes]
    assert not [one for one in AuditEntry.objects.all() if WORDS in str(one.detail)]


def test_what_is_exported_is_shown_on_demand(viewer: Client) -> None:
    proposed("an open one")
    proposed("an exported one", exported_at=timezone.now())
    assert "an open one" in said(viewer.get(PAGE)) and "an exported one" not in said(viewer.get(PAGE))
    exported = said(viewer.get(PAGE, {"written": "exported"}))
    assert "an exported one" in exported and "an open one" not in exported
    both = said(viewer.get(PAGE, {"written": ""}))
    assert "an exported one" in both and "an open one" in both


def test_changes_are_filtered_by_topic_level_and_what_the_bot_makes_of_them_now(viewer: Client) -> None:
    now = timezone.now()
    proposed("of a topic, wrong", right_topic="ask_timeline", checked_at=now, intent_now="greeting", level_now="none")
    proposed(
        "of a topic, right", right_topic="ask_overdose", checked_at=now, intent_now="ask_overdose", level_now="none"
    )
    proposed("of a level, right", right_level="none", checked_at=now, level_now="information")
    proposed("of a level, wrong", right_level="emergency", checked_at=now, level_now="advisory")
    proposed("the bot did not say", right_topic="ask_timeline", checked_at=now, level_now="none")
    proposed("nobody looked", right_topic="ask_treatment")
    texts = Message.objects.filter(verdict__isnull=False).values_list("text", flat=True)

    def shown(**filters: str) -> set[str]:
        page = said(viewer.get(PAGE, filters))
        return {text for text in texts if text in page}

    assert shown(topic="ask_timeline") == {"of a topic, wrong", "the bot did not say"}
    assert shown(level="emergency") == {"of a level, wrong"}
    assert shown(now="right") == {"of a topic, right", "of a level, right"}
    assert shown(now="wrong") == {"of a topic, wrong", "of a level, wrong"}
    assert shown(now="unknown") == {"the bot did not say", "nobody looked"}


def test_a_check_asks_triage_and_rasa_and_keeps_no_words(reviewer: Client, settings: Any) -> None:
    conversation = talk(turn(SEIZURE, "emergency", ["seizure"]), turn("it stopped now", "information"))
    change = proposed("it stopped now", conversation, right_level="emergency")
    with rasa_that_understands(settings, intents={"it stopped now": "ask_emergency_report"}) as asked:
        reviewer.post(f"{PAGE}/check", {"change": change.pk})
    [question] = asked
    assert question["path"] == "/webhooks/rest/webhook" and question["sender"].startswith("canary-changes-")
    change.refresh_from_db()
    assert (change.level_now, change.intent_now, change.model_now) == ("emergency", "ask_emergency_report", "model-2")
    assert "right now" in said(reviewer.get(PAGE, {"now": "right"}))
    assert AuditEntry.objects.get(action="changes checked").detail == {"turns": [change.message_id]}


def test_what_rasa_keeps_of_a_check_is_deleted_at_once(
    reviewer: Client, no_rasa: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_hex", lambda length: "0" * length)
    change = proposed()
    with connections["rasa"].cursor() as rasa:
        rasa.execute("CREATE TABLE events (sender_id VARCHAR(255), timestamp FLOAT)")
        rasa.execute("INSERT INTO events VALUES ('anna.0', 1), ('canary-changes-00000000', 1)")
        reviewer.post(f"{PAGE}/check", {"change": change.pk})
        rasa.execute("SELECT sender_id FROM events")
        assert rasa.fetchall() == [("anna.0",)]
        rasa.execute("DROP TABLE events")


def test_what_rasa_keeps_after_it_was_waited_for_is_deleted_too(
    reviewer: Client, no_rasa: None, waiting: list[tuple[float, Callable[[], None]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = itertools.count()
    monkeypatch.setattr("secrets.token_hex", lambda length: f"{next(numbers)}")
    reviewer.post(f"{PAGE}/check", {"change": [proposed().pk, proposed(f"{WORDS}?").pk]})
    ((seconds, second_pass),) = waiting
    with connections["rasa"].cursor() as rasa:
        rasa.execute("CREATE TABLE events (sender_id VARCHAR(255), timestamp FLOAT)")
        senders = ["anna.0", *(f"canary-changes-{number}" for number in range(next(numbers)))]
        rasa.executemany("INSERT INTO events VALUES (%s, 1)", [[sender] for sender in senders])
        second_pass()
        rasa.execute("SELECT sender_id FROM events")
        assert rasa.fetchall() == [("anna.0",)] and len(senders) == 3 and seconds >= IN_FLIGHT_SECONDS
        rasa.execute("DROP TABLE events")


def test_without_the_bot_the_topic_is_not_known_and_the_level_is(reviewer: Client, no_rasa: None) -> None:
    change = proposed(SEIZURE)
    response = reviewer.post(f"{PAGE}/check", {"change": change.pk}, headers={"HX-Request": "true"})
    assert "topic not known: the bot is not running" in said(response) and "emergency" in said(response)
    change.refresh_from_db()
    assert change.intent_now == "" and change.level_now == "emergency" and change.checked_at


def test_a_part_of_the_page_brings_no_words_back(reviewer: Client, no_rasa: None) -> None:
    changes = [proposed(f"{WORDS} {number}").pk for number in range(3)]
    response = reviewer.post(f"{PAGE}/check", {"change": changes, "all": "1"}, headers={"HX-Request": "true"})
    assert all(f'id="now-{number}"' in said(response) for number in changes)
    assert "All shown are checked" in said(response) and WORDS not in said(response)


def test_a_check_of_many_goes_on_where_its_time_was_over(
    reviewer: Client, no_rasa: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.console.views.changes.CHECK_SECONDS", 0)
    changes = [proposed(f"{WORDS} {number}").pk for number in range(3)]
    part = said(reviewer.post(f"{PAGE}/check", {"change": changes, "all": "1"}, headers={"HX-Request": "true"}))
    assert "Checking: 2 left" in part and 'hx-trigger="load' in part
    for _ in range(2):  # without JavaScript: press again
        reviewer.post(f"{PAGE}/check", {"change": changes})
    assert Verdict.objects.filter(checked_at=None).count() == 0


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "-1", "x", "٣"])
def test_a_number_that_no_change_has_is_passed_over(reviewer: Client, no_rasa: None, number: str) -> None:
    change = proposed()
    assert reviewer.post(f"{PAGE}/check", {"change": [number, change.pk]}).status_code == 302
    change.refresh_from_db()
    assert change.checked_at


def test_a_check_does_not_change_who_said_what_when(reviewer: Client, no_rasa: None) -> None:
    change = proposed()
    reviewer.post(f"{PAGE}/check", {"change": change.pk})
    after = Verdict.objects.get()
    assert (after.said_at, after.by) == (change.said_at, "anna")


def test_a_dropped_change_is_gone_and_the_verdict_stays(reviewer: Client) -> None:
    change = proposed()
    response = reviewer.post(f"{PAGE}/{change.pk}/drop?written=open", follow=True)
    assert response.redirect_chain == [("/changes?written=open", 302)] and WORDS not in said(response)
    change.refresh_from_db()
    assert (change.right_topic, change.code) == ("", "wrong_answer")
    entry = AuditEntry.objects.get(action="change dropped")
    assert entry.conversation == change.message.conversation_id
    assert entry.detail["topic"] == "ask_missed_dose_or_ran_out"


def test_fifty_are_on_a_page_and_older_ones_behind_it(viewer: Client) -> None:
    conversation = talk(*(turn(f"number {number};") for number in range(52)))
    for message in conversation.messages.filter(direction="in").order_by("id"):
        Verdict.objects.create(message=message, code="wrong_answer", right_topic="ask_timeline", by="anna")
    page = viewer.get(PAGE)
    assert said(page).count("<article") == 50 and "number 51;" in said(page) and "number 1;" not in said(page)
    older = said(viewer.get(PAGE, {"before": page.context["page"].older}))
    assert older.count("<article") == 2 and "number 1;" in older and "number 0;" in older


def test_made_up_conversations_are_marked(viewer: Client) -> None:
    proposed()
    Conversation.objects.update(is_demo=True)
    assert "never: demo data" in said(viewer.get(PAGE))

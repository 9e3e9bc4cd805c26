"""A conversation handed to the clinic's desk, and what staff write there on its way back; by a running gateway."""

import random
import sqlite3
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.conversations.webhooks import signed_headers
from service.place import Place
from tests.faults.processes import Process, until
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.people import Person
from tests.gateway.channels.platforms.platform import Shown
from tests.gateway.channels.platforms.twilio import Twilio
from tests.gateway.channels.platforms.web import Web
from tests.gateway.desk import SECRET, Desk

HANDED_OFF, MARK = "I am also passing this chat to the clinic's staff", "From the clinic's staff: "
EMERGENCY = "my husband is having a seizure right now"
UNSURE = ("the purple thing on the other side of it", "the round thing on the other side of it")


class Clinic:
    """A gateway with hand-off, the process that posts, the desk."""

    def __init__(self, gateway: Gateway, housekeeping: Process, desk: Desk) -> None:
        self.gateway, self.housekeeping, self.desk = gateway, housekeeping, desk

    def history(self, person: Person, after: int = 0) -> dict[str, Any]:
        web: Any = self.gateway.platforms["web"]
        headers = {"Authorization": f"Bearer {web._token(person.id)}"}
        url = f"{self.gateway.place.gateway_url}/web/history?after={after}"
        return dict(httpx.get(url, headers=headers).raise_for_status().json())

    def of_staff(self, person: Person) -> list[str]:
        """What the chat box shows of the staff."""
        return [one["text"] for one in self.history(person)["messages"] if one["from"] == "staff"]


@pytest.fixture(scope="module")
def clinic(bot: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    desk, platforms, var = Desk(), [Twilio(), Web()], tmp_path_factory.mktemp("hand-off")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HANDOFF_URL", desk.url)
        environment.setenv("HANDOFF_SECRET", SECRET)
        gateway = Gateway(bot, var, platforms)
    command = [sys.executable, "-W", "ignore", "manage.py", "housekeeping"]
    housekeeping = Process(command, var / "housekeeping.txt", gateway._process.environment)
    desk.replies_url = f"{gateway.place.gateway_url}/handoff/replies"
    gateway.start()
    housekeeping.start()
    try:
        yield Clinic(gateway, housekeeping, desk)
    finally:
        for one in (housekeeping, gateway):
            one.kill()
        for other in (*platforms, desk):
            other.close()
    assert desk.forged == 0
    assert [platform.violations for platform in platforms] == [[], []]


def word() -> str:
    """A word that nobody else says."""
    return "".join(random.choices("bcdfghjkmpqvwxz", k=12))


def handed_off(clinic: Clinic, channel: str = "web") -> tuple[Person, str]:
    """Somebody whom the bot did not understand twice, and a word of theirs."""
    person, own = Person(clinic.gateway.platforms[channel], clinic.gateway), word()
    person.says(f"could you tell me what {own} is")
    said = is_not_understood(person)
    assert said_that_staff_have_it(said), said
    return person, own


def is_not_understood(person: Person) -> list[Shown]:
    """What is said to two messages in a row that nobody understands."""
    return [shown for text in UNSURE for shown in person.says(text)]


def said_that_staff_have_it(said: list[Shown]) -> bool:
    return any(HANDED_OFF in shown.text for shown in said)


def test_a_chat_of_the_website_goes_to_the_desk_and_staff_answer_in_it(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    number = clinic.desk.of(own)
    clinic.desk.of(HANDED_OFF)
    assert clinic.desk.kinds(number)[0] == "conversation.handed_off"
    assert {one["from"] for one in clinic.desk.messages(number)} == {"person", "bot"}
    assert clinic.history(person)["is_handed_off"] and clinic.history(person)["token"]
    text = "Hello {name} <b>{text}</b> %s {0}\nPlease call me: (415) 555-0134."
    assert clinic.desk.writes(number, text).status_code == 200
    assert clinic.of_staff(person) == [MARK + text]  # every character, the phone number too
    (logged,) = clinic.gateway.rows("conversations", "SELECT text, in_reply_to_id FROM conversations_message "
                                    "WHERE answer_id = 'staff' AND conversation_id = ?", number)  # fmt: skip
    assert logged[1] is None and "555-0134" not in logged[0] and "<b>{text}</b>" in logged[0]


def test_an_sms_goes_to_the_desk_and_the_answer_comes_by_sms(clinic: Clinic) -> None:
    person, own = handed_off(clinic, "sms")
    number, before = clinic.desk.of(own), len(person.seen)
    assert clinic.desk.writes(number, "We will call you at 3 pm. {ok}", "sms").status_code == 200
    clinic.gateway.platforms["sms"].wait_for(person.id, before + 1)
    assert person.seen[-1].text == MARK + "We will call you at 3 pm. {ok}"
    assert person.id not in str(clinic.desk.messages(number))
    delivered = "SELECT delivery FROM conversations_message WHERE answer_id = 'staff' AND conversation_id = ?"
    until(lambda: clinic.gateway.rows("conversations", delivered, number) == [("sent",)], 10)


def test_what_is_said_next_is_posted_once_in_order_within_seconds(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    number = clinic.desk.of(own)
    words = [word() for _ in range(4)]
    for one in words:
        person.says(f"could you tell me what {one} is")
    asked = time.monotonic()
    clinic.desk.of(words[-1])
    assert time.monotonic() - asked < 5
    until(lambda: clinic.desk.messages(number)[-1]["from"] == "bot", 5)
    ids = [one["id"] for one in clinic.desk.messages(number)]
    assert ids == sorted(set(ids))
    said = [one["text"] for one in clinic.desk.messages(number) if one["from"] == "person"]
    assert [one for text in said for one in words if one in text] == words


def test_an_emergency_is_still_answered_by_the_bot_at_once(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    clinic.desk.of(own)
    began = time.monotonic()
    (guidance, *_) = person.says(EMERGENCY)
    assert guidance.text.startswith("Call 911 now.") and time.monotonic() - began < 2


def test_nothing_forged_is_taken(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    forgeries = clinic.desk.forgeries(clinic.desk.of(own))
    assert len(forgeries) >= 8
    before = clinic.gateway.metric_total("handoff_forged_total")
    for name, (body, headers) in forgeries.items():
        raw = {key: value.encode() for key, value in headers.items()}
        assert httpx.post(clinic.desk.replies_url, content=body, headers=raw).status_code == 403, name
    assert clinic.gateway.metric_total("handoff_forged_total") == before + len(forgeries)
    assert clinic.of_staff(person) == []


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_the_same_reply_again_is_sent_once(clinic: Clinic, channel: str) -> None:
    person, own = handed_off(clinic, channel)
    number, before = clinic.desk.of(own), len(person.seen)
    answers = {clinic.desk.writes(number, "Hello", channel, id=f"{own}-1").status_code for _ in range(3)}
    assert answers == {200}
    assert clinic.desk.writes(number, "Good bye", channel).status_code == 200
    if channel == "web":
        assert clinic.of_staff(person) == [MARK + "Hello", MARK + "Good bye"]
    else:
        clinic.gateway.platforms["sms"].wait_for(person.id, before + 2)
        assert [one.text for one in person.seen[before:]] == [MARK + "Hello", MARK + "Good bye"]


BODIES: dict[str, tuple[Any, int]] = {
    "no JSON": (b"hello", 400),
    "deep": (b"[" * 100_000, 400),
    "a list": ([], 400),
    "another type": ({"type": "deleted"}, 400),
    "no conversation": ({"conversation": None}, 400),
    "a text for a number": ({"conversation": "1"}, 400),
    "true for a number": ({"conversation": True}, 400),
    "too large a number": ({"conversation": 2**63}, 400),
    "no channel": ({"channel": ""}, 400),
    "a number for a text": ({"text": 5}, 400),
    "blank": ({"text": " \n\u200b"}, 400),
    "too long": ({"text": "a" * 4001}, 413),
    "unknown": ({"conversation": 2**62}, 404),
    "another channel's": ({"channel": "sms"}, 404),
}


@pytest.mark.parametrize("change, status", BODIES.values(), ids=BODIES)
def test_a_wrong_body_is_refused_with_a_sentence(clinic: Clinic, change: Any, status: int) -> None:
    content = change
    if isinstance(change, dict):
        content = {"conversation": open_number(clinic), "channel": "web", "text": "hello", **change}
    answer = clinic.desk.posts(content)
    assert answer.status_code == status and len(answer.json()["error"].split()) > 3


def open_number(clinic: Clinic) -> int:
    """Any conversation of the website that is handed off."""
    sql = "SELECT number FROM conversations_handoff WHERE channel = 'web' AND closed_at IS NULL AND number > 0"
    rows = clinic.gateway.rows("conversations", sql)
    return int(rows[0][0]) if rows else clinic.desk.of(handed_off(clinic)[1])


def test_a_lone_surrogate_and_a_nul_do_no_harm(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    body = b'{"conversation": %d, "channel": "web", "text": "a\\u0000b\\ud800c"}' % clinic.desk.of(own)
    assert clinic.desk.posts(body).status_code == 200
    assert clinic.of_staff(person) == [MARK + "a b c"]


def test_a_desk_that_was_down_gets_everything_once_with_the_same_id(clinic: Clinic) -> None:
    clinic.desk.down = True
    try:
        person, own = handed_off(clinic)
        before = len(clinic.desk.ids_tried)
        until(lambda: len(clinic.desk.ids_tried) >= before + 2, 20)
    finally:
        clinic.desk.down = False
    person.says(f"and {own} again")
    number = clinic.desk.of(f"and {own} again")
    ids = [one["id"] for one in clinic.desk.messages(number)]
    assert ids == sorted(set(ids))
    (first, *_) = [id for id, event in clinic.desk.events if event["data"]["conversation"] == number]
    assert clinic.desk.ids_tried.count(first) >= 2


def test_without_the_log_the_reply_is_as_ever_and_the_desk_is_told_to_try_again(clinic: Clinic) -> None:
    _, own = handed_off(clinic)
    number = clinic.desk.of(own)
    log = clinic.gateway.place.var / "conversations.db"
    person = Person(clinic.gateway.platforms["web"], clinic.gateway)
    with locked(log):
        said = is_not_understood(person)
        refused = clinic.desk.writes(number, "Hello", id=f"{own}-locked")
    assert "A person can help you better" in said[-1].text and not said_that_staff_have_it(said)
    assert refused.status_code == 503
    assert clinic.desk.writes(number, "Hello", id=f"{own}-locked").status_code == 200


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Nobody else can use the log meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.rollback()


def test_after_stop_nothing_of_staff_is_sent(clinic: Clinic) -> None:
    person, own = handed_off(clinic, "sms")
    number = clinic.desk.of(own)
    person.says("STOP")
    before = len(person.seen)
    refused = clinic.desk.writes(number, "Hello", "sms")
    assert refused.status_code == 409 and "STOP" in refused.json()["error"]
    clinic.gateway.wait_until_quiet("sms")
    assert len(person.seen) == before


def test_an_erased_conversation_is_no_longer_handed_off_and_the_desk_is_told(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    number = clinic.desk.of(own)
    assert clinic.desk.writes(number, "Hello").status_code == 200
    person.says("delete my conversation")
    assert clinic.desk.writes(number, "Are you there?").status_code == 404
    until(lambda: clinic.desk.kinds(number)[-1] == "conversation.erased", 10)
    sql = "SELECT count(*) FROM conversations_handoff WHERE number = ?"
    until(lambda: clinic.gateway.rows("conversations", sql, number) == [(0,)], 10)
    assert clinic.history(person)["is_handed_off"] is False


def test_a_closed_one_takes_no_replies_until_it_is_opened_again(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    number, id = clinic.desk.of(own), str(uuid.uuid4())
    assert clinic.desk.writes(number, "Call 415 555 0134").status_code == 200
    closing = {"type": "closed", "conversation": number, "channel": "web"}
    assert clinic.desk.posts(closing, id).status_code == 200
    assert clinic.desk.writes(number, "Hello").status_code == 404
    assert clinic.history(person)["is_handed_off"] is False
    assert "555" not in clinic.of_staff(person)[0]  # from now on it is shown as it is stored
    assert said_that_staff_have_it(is_not_understood(person))
    until(lambda: clinic.desk.kinds(number).count("conversation.handed_off") == 2, 10)
    assert clinic.desk.posts(closing, id).status_code == 200  # the same request again closes no later one
    assert clinic.desk.writes(number, "Hello").status_code == 200


def test_a_silent_one_is_closed_after_a_day(clinic: Clinic) -> None:
    _, own = handed_off(clinic)
    number = clinic.desk.of(own)
    until(lambda: any(HANDED_OFF in one["text"] for one in clinic.desk.messages(number)), 10)
    old = "UPDATE conversations_handoff SET last_at = datetime('now', '-25 hours') WHERE number = ?"
    clinic.gateway.change("conversations", old, number)
    assert clinic.desk.writes(number, "Hello").status_code == 404
    closed = "SELECT closed_at IS NOT NULL, length(sealed) FROM conversations_handoff WHERE number = ?"
    until(lambda: clinic.gateway.rows("conversations", closed, number) == [(1, 0)], 10)


def test_what_staff_write_keeps_its_place_in_the_history(clinic: Clinic) -> None:
    person, own = handed_off(clinic)
    number = clinic.desk.of(own)
    numbers: dict[str, int] = {}
    for step in range(4):
        person.says("what is a baclofen pump?")
        assert clinic.desk.writes(number, f"step {step}").status_code == 200
        for one in clinic.history(person)["messages"]:
            key = f"{one['from']} {one['id']} {one['text']}"
            assert numbers.setdefault(key, one["n"]) == one["n"]
    assert clinic.of_staff(person) == [f"{MARK}step {step}" for step in range(4)]


def test_who_asked_nothing_of_staff_is_at_no_desk(clinic: Clinic) -> None:
    person = Person(clinic.gateway.platforms["web"], clinic.gateway)
    person.says("why must baclofen be tapered?")
    assert clinic.history(person)["is_handed_off"] is False
    assert "token" not in clinic.history(person)


def test_without_the_setting_there_is_no_such_address(bot: Place) -> None:
    body = b'{"conversation": 1, "channel": "web", "text": "hello"}'
    url = f"{bot.gateway_url}/handoff/replies"
    assert httpx.post(url, content=body, headers=signed_headers(SECRET, "1", body)).status_code == 404

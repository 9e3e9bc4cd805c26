"""What staff switch in the console holds in the gateway: within ten seconds, without a restart, also over one."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import psycopg2
import pytest
from django.db import connection

from baclofen_faq.answers import Marker, Mode, Replies, Reply, load_replies, load_vetted
from service.conversations import controls
from service.conversations.controls import Controls
from service.conversations.models import Control
from service.gateway.controls import Watch
from service.gateway.withdrawn import without
from service.place import Place
from service.stack import migrate
from tests.conftest import free_port, gateway_at
from tests.faults.postgres import Postgres, postgres  # noqa: F401  (a fixture)
from tests.gateway.test_mode import WITHIN_SECONDS, ask

in_database = pytest.mark.django_db(transaction=True)
QUESTION = "what is baclofen withdrawal?"
TOPIC = "what_is_withdrawal"


@pytest.fixture(scope="module")
def replies() -> Replies:
    return load_replies()


def withdraw(answer_id: str) -> None:
    Control.objects.create(name=controls.withdrawn_name(answer_id), value="withdrawn", reason="old", by="anna")


def ids(said: list[Reply]) -> list[str]:
    return [reply.answer_id for reply in said]


def test_every_reply_with_words_of_a_withdrawn_answer_is_replaced(replies: Replies) -> None:
    contact = replies.answer("cannot_answer")
    with_words = [
        replies.answer(TOPIC),
        replies.answer(TOPIC, route="pump"),
        replies.simpler(TOPIC),
        replies.sources(TOPIC),
    ]
    for reply in with_words:
        assert without([reply], {TOPIC}, replies) == [contact]
        assert without([reply], {"timeline"}, replies) == without([reply], (), replies) == [reply]


def test_what_to_do_if_it_is_happening_now_stays(replies: Replies) -> None:
    (left,) = without([replies.answer(TOPIC, is_symptom_mentioned=True)], {TOPIC}, replies)
    assert left == replies.answer("cannot_answer", is_symptom_mentioned=True)
    assert left.text.endswith("If this is happening now, call 911 now.")


def test_two_replaced_replies_are_one_and_others_stay(replies: Replies) -> None:
    mentioned = replies.answer("timeline", is_symptom_mentioned=True)
    said = [replies.answer(TOPIC), mentioned, replies.was_it_helpful("timeline")]
    assert without(said, {TOPIC, "timeline"}, replies) == [replies.answer("cannot_answer", is_symptom_mentioned=True)]
    assert without(said, {"timeline"}, replies) == [said[0], replies.answer("cannot_answer", is_symptom_mentioned=True)]
    assert without(said, {TOPIC}, replies) == [replies.answer("cannot_answer"), *said[1:]]


def test_a_wish_and_a_word_of_thanks_are_heard_whatever_is_withdrawn(replies: Replies) -> None:
    said = [
        replies.own_words("/delete_conversation"),
        replies.own_words("/show_conversation"),
        replies.feedback("timeline", Marker.NOT_HELPFUL),
        replies.more("timeline", []),
    ]
    assert without(said, {"privacy", "timeline"}, replies) == said


def test_guidance_contact_and_small_talk_are_never_withheld(replies: Replies) -> None:
    vetted = load_vetted()
    symptoms = [(), *((symptom,) for symptom in vetted.advice)]
    said = [replies.guidance(level, found) for level in ("emergency", "advisory") for found in symptoms]
    said += [replies.answer(id) for id in vetted.answers if not replies.can_be_withdrawn(id)]
    assert len(said) > 50
    assert without(said, {*ids(said), "guidance", "red_flags"}, replies) == said


@in_database
def test_rows_are_read_as_they_are_meant() -> None:
    assert controls.read() == Controls()
    withdraw("timeline")
    Control.objects.create(name="mode", value="off", reason="x", by="anna")
    assert controls.read() == Controls(Mode.OFF, frozenset({"timeline"}))
    Control.objects.filter(name="mode").update(value="nonsense")
    assert controls.read().mode is Mode.EMERGENCY_ONLY


@pytest.mark.parametrize(
    ("file", "console", "holds"),
    [
        ("normal", "normal", "normal"),
        ("normal", "emergency_only", "emergency_only"),
        ("normal", "off", "off"),
        ("emergency_only", "normal", "emergency_only"),
        ("emergency_only", "off", "off"),
        ("off", "normal", "off"),
    ],
)
def test_the_stricter_mode_holds(file: str, console: str, holds: str) -> None:
    assert controls.stricter(Mode(file), Mode(console)) is Mode(holds)


@contextmanager
def unreadable() -> Iterator[None]:
    """Inside, the database has no such table."""
    for old, new in (("conversations_control", "away"), ("away", "conversations_control")):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")
        if new == "away":
            yield


@in_database
def test_what_cannot_be_read_changes_nothing_also_over_a_restart(tmp_path: Path) -> None:
    copy = tmp_path / "controls.json"
    watch = Watch(copy)
    assert watch.current == Controls()
    withdraw("timeline")
    watch.look()
    assert watch.current.withdrawn == {"timeline"}
    with unreadable():
        watch.look()
        again = Watch(copy)
        again.look()
        assert watch.current == again.current == Controls(withdrawn=frozenset({"timeline"}))
    Control.objects.all().delete()
    again.look()
    assert again.current == Controls() == Watch(copy).current


@in_database
@pytest.mark.parametrize(
    "spoiled", ["", "[]", "{}", '{"mode": "loud", "withdrawn": []}', '{"mode": "off", "withdrawn": 3}']
)
def test_a_spoiled_copy_stops_nothing(tmp_path: Path, spoiled: str) -> None:
    copy = tmp_path / "controls.json"
    copy.write_text(spoiled)
    watch = Watch(copy)
    assert watch.current == Controls()
    withdraw("timeline")
    watch.look()
    assert Watch(copy).current.withdrawn == {"timeline"}


@in_database
def test_where_no_copy_can_be_written_it_holds_and_is_tried_again(tmp_path: Path) -> None:
    folder = tmp_path / "later"
    watch = Watch(folder / "controls.json")
    withdraw("timeline")
    watch.look()
    assert watch.current.withdrawn == {"timeline"}
    folder.mkdir()
    watch.look()
    assert Watch(folder / "controls.json").current.withdrawn == {"timeline"}
    assert [path.name for path in folder.iterdir()] == ["controls.json"]


@pytest.fixture(scope="module")
def log(postgres: Postgres, bot: Place) -> str:  # noqa: F811
    """The address of a log in PostgreSQL."""
    address = postgres.make_database("controls")
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("DATABASE_URL", address)
        migrate(bot)
    return address


def switch(log: str, name: str, value: str) -> None:
    with closing(psycopg2.connect(log)) as database, database, database.cursor() as cursor:
        cursor.execute("DELETE FROM conversations_control WHERE name = %s", [name])
        columns = "name, value, reason, by, at"
        cursor.execute(
            f"INSERT INTO conversations_control ({columns}) VALUES (%s, %s, 'a test', 'anna', now())", [name, value]
        )


def wait_until(gateway: Place, is_so: Callable[[dict[str, Any]], bool]) -> float:
    """Seconds until the reply to a question is as it should be."""
    begun = time.monotonic()
    while not is_so(ask(gateway, QUESTION)[0]):
        assert time.monotonic() - begun < WITHIN_SECONDS, "nothing changed"
        time.sleep(0.2)
    return time.monotonic() - begun


def test_a_withdrawn_answer_stays_away_whatever_happens_to_the_database(
    bot: Place,
    postgres: Postgres,  # noqa: F811
    log: str,
    tmp_path: Path,
) -> None:
    gateway = replace(bot, gateway=free_port(), var=tmp_path)
    name = controls.withdrawn_name(TOPIC)

    def is_withheld() -> bool:
        assert ask(gateway, "she is having a seizure")[0]["level"] == "emergency"
        return ask(gateway, QUESTION)[0]["answer_id"] == "cannot_answer"

    with gateway_at(gateway, DATABASE_URL=log):
        assert not is_withheld()
        switch(log, name, "withdrawn")
        wait_until(gateway, lambda reply: reply["answer_id"] == "cannot_answer" and "202-555-0142" in reply["text"])
        assert httpx.get(f"{gateway.gateway_url}/readyz", timeout=10).status_code == 200
        assert ask(gateway, "why must I taper?")[0]["answer_id"] == "why_taper"
        with postgres.stopped():
            time.sleep(3)
            assert is_withheld()
    with postgres.stopped(), gateway_at(gateway, DATABASE_URL=log):
        assert is_withheld()
    with gateway_at(gateway, DATABASE_URL=log):
        assert is_withheld()
        switch(log, name, "")
        wait_until(gateway, lambda reply: reply["answer_id"] == TOPIC)


def test_the_console_switches_the_mode_and_an_emergency_is_answered_in_each(
    bot: Place, log: str, tmp_path: Path
) -> None:
    gateway = replace(bot, gateway=free_port(), var=tmp_path)
    with gateway_at(gateway, DATABASE_URL=log):
        for mode, words in (
            ("emergency_only", "only help in an emergency"),
            ("off", "switched off"),
            ("normal", "Sources:"),
        ):
            switch(log, "mode", mode)
            wait_until(gateway, lambda reply, words=words: words in reply["text"])  # type: ignore[misc]
            assert ask(gateway, "she is having a seizure")[0]["level"] == "emergency"

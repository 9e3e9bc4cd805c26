"""The soak finds what goes wrong: each floor can be missed."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import models
from django.utils import timezone

from baclofen_faq.triage import assess
from benchmarks.console.fill import _columns
from benchmarks.soak.faults import schedule
from benchmarks.soak.traffic import Turn
from benchmarks.soak.verdict import Lost, _lost, floors
from benchmarks.soak.watch import Growth, Watch, growth
from benchmarks.soak.words import Kind, Words, Writer, cases
from benchmarks.speed.servers import new_place
from service.conversations.models import Conversation, Message
from service.stack import migrate
from tests.faults.postgres import Postgres, postgres  # noqa: F401  # the fixture

REPLY = {"text": "Baclofen is ...", "answer_id": "what_is_baclofen", "level": "information"}
GUIDANCE = {"text": "Call 911 now.", "answer_id": "emergency_report", "level": "emergency"}
NOTHING_LOST = Lost((), (), ())
STEADY = Growth("Rasa 1", (0, 600), 500, 501, 0.002)


def turn(kind: Kind = Kind.QUESTION, took: float = 0.1, at: float = 0, **changes: object) -> Turn:
    """One that went well."""
    replies = [GUIDANCE if kind is Kind.EMERGENCY else REPLY]
    said = Turn(Words(kind, "words"), "soak-1", at, took=took, replies=replies)
    return replace(said, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("turns", "missed", "grown", "claim"),
    [
        ([turn(replies=None)], NOTHING_LOST, [STEADY], "messages without a reply"),
        ([turn(replies=[])], NOTHING_LOST, [STEADY], "messages without a reply"),
        ([turn(Kind.EMERGENCY, replies=[REPLY, GUIDANCE])], NOTHING_LOST, [STEADY], "guidance was not first"),
        ([turn()], Lost(("m1",), (), ()), [STEADY], "the log lacks"),
        ([turn(Kind.EMERGENCY, took=1.2)] * 2, NOTHING_LOST, [STEADY], "p99 of emergencies, s"),
        ([turn()], NOTHING_LOST, [replace(STEADY, share=0.06)], "most growth"),
        ([turn()], NOTHING_LOST, [replace(STEADY, share=None)], "most growth"),
    ],
)
def test_what_goes_wrong_misses_a_floor(turns, missed, grown, claim):
    wrong = [floor for floor in floors(turns, missed, grown) if not floor.is_reached]
    assert wrong and any(claim in floor.claim for floor in wrong)


def test_what_goes_well_reaches_all():
    turns = [turn(), turn(Kind.EMERGENCY)]
    assert all(floor.is_reached for floor in floors(turns, NOTHING_LOST, [STEADY]))


def test_one_slow_minute_is_not_hidden_by_many_fast_ones():
    slow = turn(Kind.EMERGENCY, took=1.5, at=70)
    fast = [turn(Kind.EMERGENCY, at=float(second)) for second in range(400)]
    missed = [floor.claim for floor in floors([slow, *fast], NOTHING_LOST, [STEADY]) if not floor.is_reached]
    assert missed == ["p99 of emergencies in the worst minute, s"]


def test_a_process_is_compared_with_itself_only():
    watch = Watch(runner=1, names={1: "Rasa 1", 2: "Rasa 2", 3: "Rasa 3"})
    watch.samples[1] = [(float(at), 500.0) for at in range(0, 100, 5)]
    watch.samples[2] = [(float(at), 600.0 + at) for at in range(100, 300, 5)]
    watch.samples[3] = [(float(at), 700.0) for at in range(295, 300, 5)]
    one, two, brief = growth(watch, warm_up=20)
    assert one.share == 0 and two.share and two.share > 0.05 and brief.share is None


def test_faults_leave_time_to_come_back(postgres: Postgres):  # noqa: F811
    faults = schedule(os.getpid(), postgres, 1_800, 300)
    assert [fault.at for fault in faults] == [300, 600, 900, 1_050, 1_200, 1_500]
    assert sum("PostgreSQL" in fault.name for fault in faults) == 1


def test_its_emergencies_are_emergencies_by_their_words():
    assert all(assess(text).level.value == "emergency" for text in cases("emergency")[:10])


def test_one_message_in_ten_is_an_emergency_and_nobody_presses_a_button_that_is_not_there():
    writer, offered = Writer(), [{**REPLY, "buttons": [{"title": "When?", "payload": "/ask_timeline"}]}]
    asked, first = ([writer.next(replies) for _ in range(1_000)] for replies in (offered, []))
    said = [words for words in asked if words.kind is Kind.EMERGENCY]
    assert 60 < len(said) < 140 and all(words.text in cases("emergency") for words in said)
    assert {words.kind for words in asked} == set(Kind)
    assert {words.kind for words in first} == set(Kind) - {Kind.BUTTON, Kind.FOLLOW_UP}


@pytest.fixture
def log(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:  # noqa: F811
    """The address of an empty log."""
    address = postgres.make_database("soak_verdict")
    monkeypatch.setenv("DATABASE_URL", address)
    migrate(new_place(tmp_path / "var"))
    return address


def keep(cursor: Any, turns: list[Turn]) -> None:
    """Put turns of one conversation into the log."""
    now = timezone.now()
    times = {"started_at": now, "last_at": now, "session_began_at": now}
    _insert(cursor, Conversation, id=1, channel="rest", key="soak-1", **times)
    for number, one in enumerate(turns):
        _insert(cursor, Message, id=2 * number + 1, conversation_id=1, direction="in", said_at=now,
                message_id=one.message_id, text=one.words.text)  # fmt: skip
        for reply in one.replies or []:
            _insert(cursor, Message, id=2 * number + 2, conversation_id=1, direction="out", said_at=now,
                    in_reply_to_id=2 * number + 1, text=reply["text"], answer_id=reply["answer_id"])  # fmt: skip


def _insert(cursor: Any, model: type[models.Model], **columns: object) -> None:
    names, usual = _columns(model)
    places = ", ".join(["%s"] * len(names))
    values = [{**usual, **columns}[name] for name in names]
    booleans = {field.column for field in model._meta.concrete_fields if isinstance(field, models.BooleanField)}
    values = [bool(value) if name in booleans else value for name, value in zip(names, values)]
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({places})", values)


def test_a_message_that_the_log_lacks_or_holds_with_other_replies_is_found(log: str):
    kept, changed, missing = turn(), turn(), turn()
    with closing(psycopg2.connect(log)) as connection, connection, connection.cursor() as cursor:
        keep(cursor, [kept, replace(changed, replies=[GUIDANCE])])
    found = _lost([kept, changed, missing], log)
    assert found == Lost((missing.message_id,), (), (changed.message_id,)) and found.count == 2

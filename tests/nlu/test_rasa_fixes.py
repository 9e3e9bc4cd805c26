"""Rasa mended does what Rasa does: the same answers, the same errors, the same events. And it is the Rasa it was."""

import gc
import hashlib
import inspect
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import rasa.core.tracker_store as stores
import sqlalchemy as sa
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import SQLTrackerStore
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from baclofen_faq.nlu import rasa_fixes
from baclofen_faq.vetted_files import ROOT
from service.training import MODEL, model_is_old

AS_IT_WAS = {  # what is mended, by the start of its source's SHA-256
    RemoteAction._validate_action_result: "f8cdb4be68123961",
    Event.resolve_by_type: "b5cf570fa7f286c7",
    DaskGraphRunner.run: "45f0f52f574f3aa9",
    SQLTrackerStore._retrieve: "c8adbf6f4b61ddd1",
    SQLTrackerStore.save: "57165e46eab3de08",
    stores.create_engine_kwargs: "dff5f092362096da",
    MessageProcessor._load_model: "17f24faf96817bdf",
}
SLOT = {"event": "slot", "timestamp": None, "name": "topic", "value": "why_taper"}
RESPONSES = [  # what an action server may say, right and wrong
    {"events": [SLOT, {"event": "followup", "name": "action_listen"}], "responses": [{"text": "hello"}]},
    {"events": [], "responses": []},
    {},
    {"events": [{"event": kind["properties"]["event"]["const"]} for kind in EVENT_SCHEMA["oneOf"]]},
    {"events": [{"event": "slot", "name": 1}], "responses": []},
    {"events": [{"event": "slot", "timestamp": "now"}], "responses": []},
    {"events": [{"event": "no such event"}], "responses": []},
    {"events": [{"event": ["slot"]}], "responses": []},
    {"events": [{"name": "topic"}], "responses": []},
    {"events": ["slot"], "responses": []},
    {"events": {"event": "slot"}, "responses": []},
    {"events": None, "responses": []},
    {"events": [], "responses": ["hello"]},
    {"events": [], "responses": None},
    [],
    None,
]
SAID = ("why do i have to taper?", "what is a pump and can i drive?", "the weather is nice", "how do i stpo safley")
SAYS = """
import asyncio, json, sys
from baclofen_faq.nlu import rasa_fixes
if sys.argv[2] == "mended":
    assert rasa_fixes.apply()
from rasa.core.agent import load_agent
agent = asyncio.run(load_agent(model_path=sys.argv[1]))
parsed = [asyncio.run(agent.parse_message(text)) for text in json.loads(sys.argv[3])]
print(json.dumps([parsed, "tensorflow" in sys.modules]))
"""


@pytest.fixture
def mended(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Mends one thing until the test ends."""

    def mend(fix: Callable[[], None]) -> None:
        for owner, name in (
            (RemoteAction, "_validate_action_result"), (Event, "resolve_by_type"), (DaskGraphRunner, "run"),
            (SQLTrackerStore, "_retrieve"),
            (SQLTrackerStore, "save"), (stores, "create_engine_kwargs"),
            (MessageProcessor, "_load_model"),
        ):  # fmt: skip
            monkeypatch.setattr(owner, name, inspect.getattr_static(owner, name))
        fix()

    return mend


def outcome(work: Callable[[], Any]) -> tuple[str, str]:
    """What comes of it: the result or the error, in words."""
    try:
        return "", str(work())
    except (ValidationError, ValueError, GraphRunError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("function", AS_IT_WAS, ids=lambda function: str(function.__qualname__))
def test_what_is_mended_is_as_it_was_when_the_fix_was_made(function: Callable[..., Any]) -> None:
    assert hashlib.sha256(inspect.getsource(function).encode()).hexdigest().startswith(AS_IT_WAS[function])


def test_another_rasa_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(rasa_fixes, "MADE_FOR", "3.6.20")
    monkeypatch.setattr(rasa_fixes, "FIXES", (lambda: pytest.fail("mended"),))
    assert not rasa_fixes.apply()
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


@pytest.mark.parametrize("response", RESPONSES, ids=lambda response: json.dumps(response)[:60])
def test_an_action_servers_response_is_judged_as_rasa_judges_it(response: Any, mended: Any) -> None:
    action = RemoteAction("action_x", None)
    as_rasa_does = outcome(lambda: action._validate_action_result(response))
    mended(rasa_fixes.check_responses_quickly)
    assert outcome(lambda: action._validate_action_result(response)) == as_rasa_does


def test_each_kind_of_event_has_one_schema() -> None:
    names = [kind["properties"]["event"]["const"] for kind in EVENT_SCHEMA["oneOf"]]
    assert len(set(names)) == len(names) > 20


def test_every_event_has_the_class_that_rasa_finds(mended: Any) -> None:
    names = [kind["properties"]["event"]["const"] for kind in EVENT_SCHEMA["oneOf"]] + ["topic", "no such event"]
    found = [[outcome(partial(Event.resolve_by_type, name)) for name in names]]
    mended(rasa_fixes.look_events_up_once)
    found += [[outcome(partial(Event.resolve_by_type, name)) for name in names] for _ in range(2)]
    assert found[0] == found[1] == found[2]
    assert Event.resolve_by_type("no such event", SlotSet) is SlotSet


def test_a_graph_is_run_as_rasa_runs_it(mended: Any) -> None:
    def run(targets: list[str] | None) -> tuple[Any, list[str]]:
        ran: list[str] = []

        def node(name: str) -> Callable[..., tuple[str, Any]]:
            def called(*given: Any) -> tuple[str, Any]:
                ran.append(name)
                if name == "breaks":
                    raise RuntimeError
                return name, [name, *given]

            return called

        needs = {"a": {"x": "input"}, "b": {"x": "a", "y": "nowhere"}, "c": {"x": "b", "y": "a"}, "d": {}, "breaks": {}}
        runner = DaskGraphRunner.__new__(DaskGraphRunner)
        nodes = {name: SchemaNode(given, GraphComponent, "create", "run", {}) for name, given in needs.items()}
        runner._graph_schema = GraphSchema({**nodes, "c": replace(nodes["c"], is_target=True)})
        runner._instantiated_nodes = {name: node(name) for name in needs}
        runner._execution_context = None
        return outcome(lambda: runner.run({"input": "hello"}, targets)), sorted(ran)

    asked = (None, ["c"], ["a", "d"], ["c", "a"], ["breaks"])
    found = [[run(targets) for targets in asked]]
    mended(rasa_fixes.walk_the_graph_plainly)
    found.append([run(targets) for targets in asked])
    assert found[0] == found[1] and found[0][0][1] == ["a", "b", "c"]
    assert found[0][-1][0][0] == "GraphRunError"


async def test_a_conversation_is_read_as_rasa_reads_it(tmp_path: Path, mended: Any) -> None:
    domain = Domain.load(str(ROOT / "domain.yml"))
    store = SQLTrackerStore(domain, db=str(tmp_path / "rasa.db"))
    begun = [ActionExecuted("action_session_start", timestamp=1.0), SessionStarted(timestamp=1.0)]
    first = [*begun, UserUttered("hi", timestamp=2.0), SlotSet("topic", "overdose", timestamp=2.0)]
    later = [SessionStarted(timestamp=9.0), UserUttered("me again", timestamp=10.0)]
    for talk in ([UserUttered("no session", timestamp=3.0)], first, first + later):
        await store.save(DialogueStateTracker.from_events(f"{len(talk)} events", talk, domain.slots))
    await store.save(DialogueStateTracker.from_events("4 events", later, domain.slots))
    names = ("1 events", "4 events", "6 events", "nobody")

    async def read() -> list[DialogueStateTracker | None]:
        return [await how(name) for name in names for how in (store.retrieve, store.retrieve_full_tracker)]

    as_rasa_reads = await read()
    mended(rasa_fixes.read_and_write_rows_plainly)
    assert as_rasa_reads == await read()
    assert [tracker and len(tracker.events) for tracker in as_rasa_reads] == [1, 1, 4, 4, 2, 6, None, None]


async def test_a_conversation_is_written_as_rasa_writes_it(tmp_path: Path, mended: Any) -> None:
    domain = Domain.load(str(ROOT / "domain.yml"))
    heard = UserUttered("hi", {"name": "greet"}, parse_data={"intent": {"name": "greet"}, "text": "hi"}, timestamp=3.5)
    begin = [SessionStarted(timestamp=1.0), ActionExecuted("action_listen", timestamp=2.0)]
    turns = [[*begin, heard], [*begin, heard, SlotSet("topic", "overdose", timestamp=4.0)]]
    later = [SessionStarted(timestamp=9.0), SlotSet("topic", "timeline", timestamp=9.5)]
    kept = []
    for name in ("as it is", "mended"):
        if name == "mended":
            mended(rasa_fixes.read_and_write_rows_plainly)
        store = SQLTrackerStore(domain, db=str(tmp_path / f"{name}.db"))
        for turn in (*turns, turns[-1], turns[-1] + later[:1], later):
            await store.save(DialogueStateTracker.from_events("a", turn, domain.slots))
        with store.engine.connect() as connection:
            kept.append(connection.exec_driver_sql("SELECT * FROM events ORDER BY id").all())
    assert kept[0] == kept[1] and len(kept[0]) == 6


def test_a_connection_is_tried_first_and_one_to_sqlite_is_kept_and_writes_ahead(tmp_path: Path, mended: Any) -> None:
    of_rasa = stores.create_engine_kwargs("postgresql://somewhere/rasa")
    mended(rasa_fixes.connect_to_databases_with_care)
    with_care = stores.create_engine_kwargs("postgresql://somewhere/rasa")
    assert with_care == {**of_rasa, "pool_pre_ping": True, "connect_args": rasa_fixes.CONNECTING}
    assert stores.create_engine_kwargs("sqlite://") == stores.create_engine_kwargs("sqlite:///:memory:") == {}
    address = f"sqlite:///{tmp_path / 'x.db'}"
    engine = sa.create_engine(address, **stores.create_engine_kwargs(address))
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    assert engine.pool.checkedin() == 1


def test_after_the_start_nothing_of_it_is_looked_at_for_garbage(monkeypatch: pytest.MonkeyPatch, mended: Any) -> None:
    frozen_before = gc.get_freeze_count()
    monkeypatch.setattr(MessageProcessor, "_load_model", staticmethod(lambda path: f"the model in {path}"))
    rasa_fixes.give_memory_back()
    try:
        assert MessageProcessor._load_model("a folder") == "the model in a folder"
        assert gc.get_freeze_count() > frozen_before + 100_000
    finally:
        gc.unfreeze()


def test_mended_rasa_understands_the_same_without_tensorflow() -> None:
    assert not model_is_old(), "the model is missing or old: run `make train` first"
    plain, mended = (said_by(how) for how in ("plain", "mended"))
    assert plain[0] == mended[0]
    assert (plain[1], mended[1]) == (True, False)


def said_by(how: str) -> list[Any]:
    """What Rasa understands, in a process of its own, and whether that has TensorFlow."""
    command = [sys.executable, "-W", "ignore", "-c", SAYS, str(MODEL), how, json.dumps(SAID)]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    said: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return said

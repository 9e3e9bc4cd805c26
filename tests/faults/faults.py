"""The faults: each a context manager that causes one, checks that it is really there, and undoes it."""

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.faults.bot import Bot
from tests.faults.model import FORM, FORM_ASKS
from tests.faults.postgres import Postgres
from tests.faults.processes import until
from tests.faults.stand_in import Behaviour
from tests.faults.talk import Talk

WRONG_FOR_RASA = b'{"events": "many", "responses": [{"text": 5}]}'
WRONG_FOR_GATEWAY = b'[{"recipient_id": "x", "text": 5, "level": "urgent"}, {"text": "words of nobody"}, null, 7]'


@dataclass(frozen=True)
class Scene:
    """What a fault may touch."""

    bot: Bot
    postgres: Postgres
    talk: Talk
    known: tuple[str, ...]


Cause = Callable[[Scene], AbstractContextManager[None]]


def killed(part: str) -> Cause:
    """A process of the bot is gone."""
    return lambda scene: getattr(scene.bot, part).killed()


def answering(part: str, delay: float = 0, status: int = 200, body: bytes | None = None) -> Cause:
    """What is reached behind a stand-in is slow, or answers something else."""

    @contextmanager
    def cause(scene: Scene) -> Iterator[None]:
        behaviour = Behaviour(delay, status, body)
        with getattr(scene.bot, part).stand_in.misbehaving(behaviour):
            yield
        assert behaviour.requests, "nobody asked the stand-in"

    return cause


def rasa_stopped(scene: Scene) -> AbstractContextManager[None]:
    """Rasa takes connections and does nothing."""
    return scene.bot.rasa.process.paused()


@contextmanager
def without_a_model(scene: Scene) -> Iterator[None]:
    """Rasa runs and has no model."""
    with scene.bot.without_a_model():
        assert not _rasa_answers(scene)
        yield


@contextmanager
def a_component_raises(scene: Scene) -> Iterator[None]:
    """An NLU component raises at each message."""
    scene.bot.raise_marker.touch()
    try:
        assert not _rasa_answers(scene)
        yield
    finally:
        scene.bot.raise_marker.unlink()


def _rasa_answers(scene: Scene) -> bool:
    try:
        return bool(scene.bot.ask_rasa("hello"))
    except httpx.HTTPError:
        return False


def with_event(
    name: str, data: dict[str, object], undone_by: tuple[str, dict[str, object]], rasa_says: list[str]
) -> Cause:
    """An event stands at the end of each conversation that Rasa knows; another one shows what Rasa makes of it."""

    @contextmanager
    def cause(scene: Scene) -> Iterator[None]:
        conversations = [f"{scene.talk.key(person)}.0" for person in scene.known]
        for conversation in conversations:
            scene.bot.put_event(conversation, name, **data)
        _assert_rasa_says(scene, name, data, rasa_says)
        yield
        undone_name, undone_data = undone_by
        for conversation in conversations:
            scene.bot.put_event(conversation, undone_name, **undone_data)

    return cause


def _assert_rasa_says(scene: Scene, name: str, data: dict[str, object], rasa_says: list[str]) -> None:
    probe = scene.talk.key("probe")
    assert scene.bot.ask_rasa("what is baclofen withdrawal?", probe)[0]["answer_id"] == "what_is_withdrawal"
    scene.bot.put_event(probe, name, **data)
    said = scene.bot.ask_rasa("what is baclofen?", probe)
    assert list(dict.fromkeys(message.get("answer_id", message["text"]) for message in said)) == rasa_says


@contextmanager
def rasa_database_locked(scene: Scene) -> Iterator[None]:
    """Somebody else writes to Rasa's database and does not end."""
    with _locked(scene.bot.rasa_database()):
        yield


@contextmanager
def rasa_database_read_only(scene: Scene) -> Iterator[None]:
    """Rasa can read its database but not write it."""
    refused = "CREATE TRIGGER refused BEFORE INSERT ON events BEGIN SELECT RAISE(FAIL, 'read-only'); END"
    with _changed(scene, refused, "DROP TRIGGER refused"), _rasa_complains(scene, b"IntegrityError"):
        yield


@contextmanager
def rasa_table_away(scene: Scene) -> Iterator[None]:
    """What Rasa knows of conversations is gone; afterwards it is back."""
    gone, back = "ALTER TABLE events RENAME TO kept", "ALTER TABLE kept RENAME TO events"
    with _changed(scene, gone, back), _rasa_complains(scene, b"OperationalError"):
        yield


@contextmanager
def rasa_database_deleted(scene: Scene) -> Iterator[None]:
    """Rasa's database is deleted while Rasa has it open, which keeps it; afterwards it is back."""
    database = scene.bot.rasa_database()
    kept = database.rename(database.with_suffix(".kept"))
    try:
        yield
    finally:
        kept.replace(database)


def postgres_stopped(scene: Scene) -> AbstractContextManager[None]:
    """The log's database is gone."""
    return scene.postgres.stopped()


@contextmanager
def postgres_restarted(scene: Scene) -> Iterator[None]:
    """The log's database was away for a moment; all connections to it are dead."""
    with scene.postgres.stopped():
        pass
    yield


def postgres_frozen(scene: Scene) -> AbstractContextManager[None]:
    """The log's database takes connections and does nothing."""
    return scene.postgres.frozen()


@contextmanager
def outbox_locked(scene: Scene) -> Iterator[None]:
    """Somebody else writes to the outbox and does not end."""
    with _locked(scene.bot.outbox()):
        yield


@contextmanager
def disk_full(scene: Scene) -> Iterator[None]:
    """The gateway's disk is full; where the tests may not mount a small one, it may write no file."""
    if os.path.ismount(scene.bot.disk):
        with _filled(scene.bot.disk, scene.bot.outbox()):
            yield
    elif hasattr(resource, "prlimit"):
        with _writing_nothing(scene.bot.gateway.pid):
            yield
    else:
        pytest.skip("this system cannot limit another process")


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    assert database.exists()
    with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        assert connection.in_transaction
        connection.execute("ROLLBACK")


@contextmanager
def _changed(scene: Scene, during: str, afterwards: str) -> Iterator[None]:
    """Rasa's database, changed by a statement and back by another; Rasa has it open all the time."""
    with closing(sqlite3.connect(scene.bot.rasa_database(), isolation_level=None, timeout=10)) as database:
        database.execute(during)
        try:
            yield
        finally:
            database.execute(afterwards)


@contextmanager
def _rasa_complains(scene: Scene, about: bytes) -> Iterator[None]:
    before = len(scene.bot.output("rasa"))
    yield
    until(lambda: about in scene.bot.output("rasa")[before:], 5, lambda: f"Rasa never said {about.decode()!r}")


@contextmanager
def _filled(disk: Path, outbox: Path) -> Iterator[None]:
    filler = disk / "filler"
    try:
        with closing(sqlite3.connect(outbox, isolation_level=None, timeout=10)) as database:
            until(
                lambda: database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0, 10
            )  # no room left in it
            _fill(filler)
            with pytest.raises(sqlite3.OperationalError, match="disk is full|disk I/O"):
                database.execute("CREATE TABLE one_too_many (id)")
        yield
    finally:
        filler.unlink()


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


@contextmanager
def _writing_nothing(pid: int) -> Iterator[None]:
    _, hard = before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


FAULTS: dict[str, Cause] = {
    "action_server_killed": killed("actions"),
    "action_server_hung": answering("actions", delay=30),
    "action_server_500": answering("actions", status=500, body=b'{"error": "broken"}'),
    "action_server_malformed": answering("actions", body=b'{"events": ['),
    "action_server_wrong_schema": answering("actions", body=WRONG_FOR_RASA),
    "rasa_stopped": rasa_stopped,
    "rasa_slow": answering("rasa", delay=2),
    "rasa_says_nothing": answering("rasa", body=b"[]"),
    "rasa_500": answering("rasa", status=500, body=b'{"status": "failure"}'),
    "rasa_malformed": answering("rasa", body=b'[{"text": "half'),
    "rasa_wrong_schema": answering("rasa", body=WRONG_FOR_GATEWAY),
    "component_raises": a_component_raises,
    "tracker_paused": with_event("pause", {}, ("resume", {}), []),
    "form_active": with_event("active_loop", {"name": FORM}, ("active_loop", {"name": None}), [FORM_ASKS]),
    "follow_up_pending": with_event(  # Rasa drops it at the next message
        "followup", {"name": "action_listen"}, ("followup", {"name": None}), ["what_is_baclofen"]
    ),
    "rasa_database_locked": rasa_database_locked,
    "rasa_database_read_only": rasa_database_read_only,
    "rasa_table_away": rasa_table_away,
    "rasa_database_deleted": rasa_database_deleted,
    "postgres_stopped_before": postgres_stopped,
    "postgres_stopped_during": postgres_stopped,
    "postgres_restarted_during": postgres_restarted,
    "postgres_frozen": postgres_frozen,
    "outbox_locked": outbox_locked,
    "disk_full": disk_full,
    "rasa_killed": killed("rasa"),
    "rasa_without_a_model": without_a_model,
}
NOBODY_SPOKE_BEFORE = ("postgres_stopped_before",)

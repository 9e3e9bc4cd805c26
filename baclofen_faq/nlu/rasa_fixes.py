"""What is mended inside Rasa, and nowhere else: each with its reason. Nothing here changes a reply; Rasa runs without.

To be applied before Rasa is imported, in the process that serves. Gains: benchmarks/costs.md.
"""

import ctypes
import gc
import json
import logging
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import islice
from types import ModuleType
from typing import Any

log = logging.getLogger(__name__)
MADE_FOR = "3.6.21"
NEEDS_TENSORFLOW = {  # modules of Rasa that import TensorFlow, with what the rest of Rasa imports from them
    "rasa.core.policies.ted_policy": ("TEDPolicy",),
    "rasa.core.policies.unexpected_intent_policy": ("UnexpecTEDIntentPolicy",),
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier",),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("ConveRTFeaturizer",),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("LanguageModelFeaturizer",),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector",),
    "rasa.utils.tensorflow.callback": ("RasaModelCheckpoint", "RasaTrainingLogger"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}
CONNECTING = {  # to PostgreSQL, as service/settings/base.py has it: a server that is gone is noticed in seconds
    "connect_timeout": 2,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def apply() -> bool:
    """Mend Rasa; False, and a line in the log, where it is another Rasa than this was made for."""
    if version("rasa") != MADE_FOR:
        log.critical("Rasa is not mended", extra={"version": version("rasa")})
        return False
    for mend in FIXES:
        mend()
    return True


def leave_tensorflow_out() -> None:
    """Rasa imports TensorFlow for components that our model has none of: a third of its memory, seconds of its start.

    Relies on: nothing but these modules imports it, and of them only these classes are asked for. A model that has one
    of them cannot be loaded: Rasa says that the class has no `load`.
    """
    for name, classes in NEEDS_TENSORFLOW.items():
        if name not in sys.modules:
            module = sys.modules[name] = ModuleType(name, "Left out: it needs TensorFlow.")
            for one in classes:
                setattr(module, one, type(one, (), {"__module__": name}))


def check_responses_quickly() -> None:
    """What the action server says is checked against a schema that is itself checked first, each time.

    An event is checked against its own kind's schema here, which is built once; whatever does not pass is left to Rasa,
    which raises as always. Where: rasa.core.actions.action, `RemoteAction._validate_action_result`.
    Relies on: each kind of event has one schema, which names it (`const`).
    """
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.utils.schemas.events import EVENT_SCHEMA

    any_event = {name: value for name, value in EVENT_SCHEMA.items() if name != "oneOf"}
    kinds = {one["properties"]["event"]["const"]: {**any_event, "allOf": [one]} for one in EVENT_SCHEMA["oneOf"]}
    checks = {kind: validator_for(schema)(schema) for kind, schema in kinds.items()}
    as_rasa_does = RemoteAction._validate_action_result

    def is_right(event: Any) -> bool:
        check = checks.get(str(event.get("event"))) if isinstance(event, dict) else None
        return check is not None and check.is_valid(event)

    def is_plain(result: Any) -> bool:
        events, said = (result.get(part, []) for part in ("events", "responses"))
        is_of_lists = isinstance(events, list) and isinstance(said, list)
        return is_of_lists and all(map(is_right, events)) and all(isinstance(one, dict) for one in said)

    def checked(self: RemoteAction, result: Any) -> bool:
        return True if isinstance(result, dict) and is_plain(result) else as_rasa_does(self, result)

    RemoteAction._validate_action_result = checked


def look_events_up_once() -> None:
    """To read an event Rasa walks through all classes of events, for each event of a conversation at each turn.

    Where: rasa.shared.core.events, `Event.resolve_by_type`. Relies on: a name keeps its class.
    """
    from rasa.shared.core.events import Event

    walk, known = Event.resolve_by_type, {}

    def resolved(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        if type_name not in known:
            found = walk(type_name, default)
            if found is None or found is default:
                return found
            known[type_name] = found
        return known[type_name]

    Event.resolve_by_type = staticmethod(resolved)


def walk_the_graph_plainly() -> None:
    """For each message Rasa makes its graph anew, three times, and has dask find an order for it.

    Here each node asks for what it needs. Where: rasa.engine.runner.dask, `DaskGraphRunner.run`.
    Relies on: a node needs nothing but the outputs of others and the inputs by name.
    """
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    def run(
        self: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        outputs: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}

        def output(name: str) -> Any:
            if name not in outputs:
                node = self._graph_schema.nodes.get(name)
                outputs[name] = self._instantiated_nodes[name](*map(output, node.needs.values())) if node else name
            return outputs[name]

        try:
            return dict(output(name) for name in targets or self._graph_schema.target_names)
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error

    DaskGraphRunner.run = run


def read_and_write_rows_plainly() -> None:
    """The tracker store makes an object of each event that it reads or writes, and its queries anew for each message.

    Where: rasa.core.tracker_store, `SQLTrackerStore._retrieve`, `_additional_events` and `save`.
    Relies on: a tracker is made of the column `data` alone; the columns are those of `SQLEvent`.
    """
    import sqlalchemy as sa
    from rasa.core.tracker_store import SQLTrackerStore
    from rasa.shared.core.events import Event, SessionStarted
    from rasa.shared.core.trackers import DialogueStateTracker

    table = SQLTrackerStore.SQLEvent.__table__
    of_sender = table.c.sender_id == sa.bindparam("sender_id")
    session_start = sa.func.max(table.c.timestamp).label("session_start")
    latest = sa.select(session_start).where(of_sender, table.c.type_name == SessionStarted.type_name).subquery()
    is_of_session = sa.or_(table.c.timestamp >= latest.c.session_start, latest.c.session_start.is_(None))
    all_data = sa.select(table.c.data).where(of_sender).order_by(table.c.id)
    data_of_session = all_data.where(is_of_session)
    number_in_session = sa.select(sa.func.count()).select_from(table).where(of_sender, is_of_session)

    async def retrieved(
        self: SQLTrackerStore, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        query = all_data if fetch_events_from_all_sessions else data_of_session
        with self.session_scope() as session:
            events = [json.loads(data) for data in session.scalars(query, {"sender_id": sender_id})]
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if self.domain and events else None

    def additional(self: SQLTrackerStore, session: Any, tracker: DialogueStateTracker) -> Iterator[Event]:
        stored = session.scalar(number_in_session, {"sender_id": tracker.sender_id})
        return islice(tracker.events, stored, len(tracker.events))

    async def saved(self: SQLTrackerStore, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        with self.session_scope() as session:
            new = self._additional_events(session, tracker)
            rows = [_row(tracker.sender_id, event.type_name, event.as_dict()) for event in new]
            if rows:
                session.execute(sa.insert(table), rows)
                session.commit()

    SQLTrackerStore._retrieve = retrieved
    SQLTrackerStore._additional_events = additional
    SQLTrackerStore.save = saved


def _row(sender_id: str, type_name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        "sender_id": sender_id,
        "type_name": type_name,
        "timestamp": event.get("timestamp"),
        "intent_name": event.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": event.get("name"),
        "data": json.dumps(event),
    }


def connect_to_databases_with_care() -> None:
    """After a restart of PostgreSQL Rasa asks over a dead connection, and the conversation begins anew.

    A connection is tried before it is used; to SQLite one is kept, as to PostgreSQL, and SQLite writes ahead: Rasa
    opens and closes it three times a turn, and what was written ahead is moved at each close.
    Where: rasa.core.tracker_store, `create_engine_kwargs`; SQLAlchemy's connections.
    """
    import rasa.core.tracker_store as stores
    import sqlalchemy.event
    from sqlalchemy.engine import Engine, make_url
    from sqlalchemy.pool import QueuePool

    of_rasa = stores.create_engine_kwargs

    def with_care(url: Any) -> dict[str, Any]:
        kwargs, address = of_rasa(url), make_url(url)
        if address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:"):
            return {**kwargs, "poolclass": QueuePool, "connect_args": {"check_same_thread": False}}
        if not stores.is_postgresql_url(url):
            return kwargs
        return {**kwargs, "pool_pre_ping": True, "connect_args": {**CONNECTING, **kwargs.get("connect_args", {})}}

    def write_ahead(connection: Any, _: object) -> None:
        if type(connection).__module__ == "sqlite3":
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")

    stores.create_engine_kwargs = with_care
    sqlalchemy.event.listen(Engine, "connect", write_ahead)


def give_memory_back() -> None:
    """What the start needed is given back to the system, and what it made is not looked at again for garbage.

    Where: rasa.core.processor, `MessageProcessor._load_model`. Relies on: the C library is glibc; others keep it.
    """
    from rasa.core.processor import MessageProcessor

    load: Callable[[str], Any] = MessageProcessor._load_model

    def loaded(model_path: str) -> Any:
        model = load(model_path)
        gc.collect()
        gc.freeze()
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
        return model

    MessageProcessor._load_model = staticmethod(loaded)


FIXES = (
    leave_tensorflow_out,
    check_responses_quickly,
    look_events_up_once,
    walk_the_graph_plainly,
    read_and_write_rows_plainly,
    connect_to_databases_with_care,
    give_memory_back,
)

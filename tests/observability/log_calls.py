"""Every call of the project's own loggers, as the sources have them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from baclofen_faq.vetted_files import ROOT

ROOMS = ("actions", "baclofen_faq", "service")
LEVELS = ("debug", "info", "warning", "error", "critical", "exception")
FIELDS = {  # ids, names of the project's own, counts; none can hold what somebody wrote
    "about", "action", "alert", "cause", "channel", "count", "duty", "error", "hand_off", "head", "mode", "parcel",
    "parcels", "platform", "port", "rasa", "receipt", "sent_by", "tries", "version", "way", "why", "withdrawn", "work",
    "conversation",  # the log's number of it, never a channel's own id: that may be a person's phone number
}  # fmt: skip
ALARMS = {"service/conversations/outbox.py": "critical"}  # where `_alarm(event, ...)` writes the line


@dataclass(frozen=True)
class LogCall:
    """One call; `event` is None where it is no constant."""

    path: str
    line: int
    level: str
    event: str | None
    fields: tuple[str, ...]
    has_arguments: bool


def log_calls() -> Iterator[LogCall]:
    """All of them."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and (level := _level(node, name)):
                    yield _call(node, name, level)


def _level(node: ast.Call, path: str) -> str | None:
    match node.func:
        case ast.Attribute(value=ast.Name(id="log" | "head_log"), attr=name) if name in LEVELS:
            return None if _passes_on(node) else name
        case ast.Name(id="_alarm") if path in ALARMS:
            return ALARMS[path]
    return None


def _passes_on(node: ast.Call) -> bool:
    """The one line of `_alarm` itself, whose event is given to it."""
    return isinstance(node.args[0], ast.Name) and node.args[0].id == "what"


def _call(node: ast.Call, path: str, level: str) -> LogCall:
    first = node.args[0]
    event = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
    extras = [one.value for one in node.keywords if one.arg == "extra" and isinstance(one.value, ast.Dict)]
    fields = tuple(str(key.value) for extra in extras for key in extra.keys if isinstance(key, ast.Constant))
    is_alarm = isinstance(node.func, ast.Name)
    return LogCall(path, node.lineno, level, event, fields, has_arguments=len(node.args) > 1 and not is_alarm)

"""A line of the log: its form, what is kept of a library's line and of an error, how the project's own are written."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from baclofen_faq import logs
from baclofen_faq.logs.guard import LEFT_OUT, Guard
from baclofen_faq.vetted_files import ROOT
from tests.observability.log_calls import FIELDS, LogCall, log_calls

WORDS = "zqxwvblorp"  # what no line may hold
RAISING = f"""
import logging, threading
from baclofen_faq import logs
logs.configure()
logs.log_unhandled()
def fail(): raise ValueError("{WORDS}")
class Left:
    def __del__(self): fail()
Left()
threading.Thread(target=fail).start()
logging.getLogger("service.gateway").info("of ours", extra={{"receipt": "AB12"}})
fail()
"""


def printed(code: str, **environment: str) -> list[str]:
    """What a process of its own prints, line by line."""
    own = {key: value for key, value in os.environ.items() if key not in ("LOG_FORMAT", "LOG_LEVEL", "PRODUCTION")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**own, **environment}, capture_output=True, text=True
    )
    assert done.stdout == "" and done.stderr, done
    return done.stderr.splitlines()


def line_of(logger: str, message: str, *arguments: object, **more: Any) -> dict[str, Any]:
    """What stands in the record that a handler gets."""
    caught: list[logging.LogRecord] = []

    class Catching(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            caught.append(record)

    handler = Catching()
    handler.addFilter(Guard())
    logging.getLogger(logger).addHandler(handler)
    try:
        logging.getLogger(logger).warning(message, *arguments, **more)
    finally:
        logging.getLogger(logger).removeHandler(handler)
    (record,) = caught
    return {**record.__dict__, "event": record.getMessage()}


def test_each_line_is_one_json_object_with_time_level_logger_and_event() -> None:
    lines = [json.loads(line) for line in printed(RAISING, LOG_FORMAT="json", LOG_LEVEL="INFO")]
    assert [line["event"] for line in lines].count("of ours") == 1
    for line in lines:
        assert list(line)[:4] == ["time", "level", "logger", "event"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line["time"])
    (ours,) = [line for line in lines if line["event"] == "of ours"]
    assert (ours["level"], ours["logger"], ours["receipt"]) == ("INFO", "service.gateway", "AB12")


@pytest.mark.parametrize("form", ["json", "text"])
def test_errors_that_nobody_caught_say_what_and_where_and_not_their_message(form: str) -> None:
    lines = printed(RAISING, LOG_FORMAT=form)
    for event in ("left behind", "a thread ends", "the process ends"):
        (line,) = [line for line in lines if event in line]
        assert "ValueError" in line and re.search(r"<string>:\d+", line)
    assert len(lines) == 3 and WORDS not in "".join(lines)


def test_json_is_usual_in_production_and_text_elsewhere() -> None:
    assert printed(RAISING, PRODUCTION="true")[0].startswith("{")
    assert not printed(RAISING)[0].startswith("{")


@pytest.mark.parametrize(("name", "value"), [("LOG_FORMAT", "xml"), ("LOG_LEVEL", "LOUD")])
def test_a_setting_that_is_none_is_said_with_what_it_may_be(name: str, value: str) -> None:
    with pytest.raises(logs.LogSettingsError, match=f"{name} is '{value}': it must be one of"):
        logs.as_dict({name: value})


@pytest.mark.parametrize(
    ("logger", "message", "arguments", "event"),
    [
        ("rasa.core.processor", f"Received {WORDS}", (), LEFT_OUT),
        ("asyncio", f"Task exception was never retrieved\nfuture: {WORDS}", (), LEFT_OUT),
        ("django.request", "Internal Server Error: %s", (WORDS,), "Internal Server Error: %s"),
        ("uvicorn.error", "Exception in ASGI application\n", (), "Exception in ASGI application"),
        ("rasa.core.processor", logs.Known("processor.parse"), (), "processor.parse"),
        ("service.gateway.rasa", "rasa gave no answer", (), "rasa gave no answer"),
    ],
)
def test_of_a_librarys_line_only_its_own_words_are_kept(
    logger: str, message: str, arguments: tuple[str, ...], event: str
) -> None:
    try:
        raise RuntimeError(WORDS)
    except RuntimeError:
        line = line_of(logger, message, *arguments, exc_info=True, stack_info=True)
    assert line["event"] == event and line["error"] == "RuntimeError"
    assert [one.rpartition(":")[0] for one in line["frames"]] == ["tests/observability/test_log_lines.py"]
    assert WORDS not in repr(line)


def test_what_a_library_adds_to_its_line_is_left_out() -> None:
    line = line_of("django.request", "%s: %s", "Bad Request", WORDS, extra={"request": WORDS, "status_code": 400})
    assert "request" not in line and WORDS not in repr(line)
    assert (line["event"], line["status_code"]) == (LEFT_OUT, 400)


def test_a_library_that_puts_an_error_into_its_text_still_says_of_which_type_it_was() -> None:
    try:
        raise RuntimeError(WORDS)
    except RuntimeError as error:
        line = line_of("rasa.core.tracker_store", f"Please investigate: {error}")
        ours = line_of("service.gateway", "turn failed")
    assert (line["event"], line["error"]) == (LEFT_OUT, "RuntimeError") and line["frames"]
    assert "error" not in ours, "the project's own say it themselves"


def test_what_an_error_came_from_is_said_by_its_types() -> None:
    try:
        try:
            int(WORDS)
        except ValueError as error:
            raise KeyError(WORDS) from error
    except KeyError:
        line = line_of("service", "turn failed", exc_info=True)
    assert (line["error"], line["caused_by"]) == ("KeyError", ["ValueError"]) and WORDS not in repr(line)


def test_an_error_that_is_a_sentence_for_the_operator_is_said() -> None:
    try:
        logs.as_dict({"LOG_FORMAT": "xml"})
    except logs.LogSettingsError:
        assert "it must be one of json, text" in line_of("service", "the process ends", exc_info=True)["why"]


def test_the_projects_own_lines_are_constants_with_fields_that_hold_no_words() -> None:
    calls = list(log_calls())
    assert len(calls) > 50
    wrong = [problem for call in calls for problem in _wrong(call)]
    assert not wrong, "\n".join(wrong)


def _wrong(call: LogCall) -> Iterator[str]:
    where = f"{call.path}:{call.line}"
    if call.event is None:
        yield f"{where}: the event must be a constant; what varies goes into extra"
    elif re.search(r"[%{]", call.event) or call.has_arguments:
        yield f"{where}: {call.event!r} has values put into it; they go into extra"
    for field in call.fields:
        if field not in FIELDS:
            yield f"{where}: the field {field!r} is not one of tests/observability/log_calls.py"

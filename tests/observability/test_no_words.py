"""No word of a person in what any process prints, at LOG_LEVEL=DEBUG and whatever fails: all of the bot, as it runs."""

import json
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest

from service.place import BOT, STAFF, Place
from service.stack import running
from service.training import model_is_old
from tests.conftest import free_port
from tests.faults.processes import until

WORDS = "zqxwvblorp"  # in all that is said, and in what the databases' errors say
LINE = re.compile(r"^[\d:]+ (\w+)\.\d+ +\| (.*)$")
NOT_OF_PYTHON = re.compile(r"starting it again")  # bin/keep's own
AT_IMPORT = re.compile(r"Warning: |^  \S|^Implementing implicit namespace")  # of libraries, before a process is set up
FAILS = "CREATE TRIGGER told BEFORE {what} BEGIN SELECT RAISE(ABORT, '" + WORDS + "'); END"
QUESTION = f"what is baclofen, {WORDS}?"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Every process, in JSON at DEBUG, with databases whose errors hold words; all that is said was said."""
    assert not model_is_old(), "the model is missing or old: run `make train` first"
    ports = [free_port() for _ in range(4)]
    place = Place(ports[0], ports[1], ports[2], tmp_path_factory.mktemp("words"), ports[3])
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("LOG_FORMAT", "json")
        environ.setenv("LOG_LEVEL", "DEBUG")
        environ.setenv("METRICS_PORT", str(free_port()))
        with running(place, output=place.var / "serve.log", names=BOT + STAFF):
            post(place, {"sender": f"{WORDS}-0", "message": QUESTION})
            post(place, {"sender": f"{WORDS}-0", "message": f"he has a seizure, {WORDS}"})
            _break_gateway(place)
            _break_actions(place)
            _break_console(place)
            _break_housekeeping(place)
            _break_rasa(place)
            time.sleep(3)
            yield place


def post(place: Place, body: object) -> httpx.Response:
    return httpx.post(f"{place.gateway_url}/webhooks/rest/webhook", json=body, timeout=20)


def _break_gateway(place: Place) -> None:
    """The outbox refuses what it is told, in these words; a host that is none; JSON that is none."""
    _sql(place, "outbox", FAILS.format(what="INSERT ON conversations_entry"))
    assert post(place, {"sender": f"{WORDS}-1", "message": QUESTION}).json()[0]["text"]
    _sql(place, "outbox", "DROP TRIGGER told")
    httpx.get(f"{place.gateway_url}/web/settings?q={WORDS}", headers={"Host": f"{WORDS}.example"}, timeout=10)
    httpx.post(f"{place.gateway_url}/webhooks/rest/webhook", content=WORDS, timeout=10)
    _bytes(place.gateway, f"GET /{WORDS} {WORDS}\r\n\r\n")


def _break_actions(place: Place) -> None:
    url = f"http://127.0.0.1:{place.actions}/webhook"
    event = {"event": "user", "text": WORDS, "parse_data": {"intent": None}}
    tracker = {"sender_id": WORDS, "slots": {}, "latest_message": {"text": WORDS}, "events": [event]}
    httpx.post(url, json={"next_action": WORDS, "sender_id": WORDS, "tracker": tracker}, timeout=10)
    httpx.post(url, json={"next_action": "action_answer_question", "sender_id": WORDS, "tracker": tracker}, timeout=10)
    httpx.post(url, json={"next_action": "action_answer_question", "tracker": WORDS}, timeout=10)
    httpx.post(url, content=WORDS, timeout=10)


def _break_console(place: Place) -> None:
    """Signing in is written down, and the database refuses it in these words."""
    _sql(place, "conversations", FAILS.format(what="INSERT ON axes_accessattempt"))
    with httpx.Client(base_url=place.console_url, timeout=20) as client:
        page = client.get("/", follow_redirects=True)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert token, page.text
        form = {"csrfmiddlewaretoken": token[1], "username": WORDS, "password": WORDS}
        assert client.post(page.url.path, data=form).status_code == 500
    _sql(place, "conversations", "DROP TRIGGER told")
    _bytes(place.console, f"GET /{WORDS} {WORDS}\r\n\r\n")


def _break_housekeeping(place: Place) -> None:
    """An alert is due, and what became of it is refused in these words."""
    until(lambda: _sql(place, "conversations", "SELECT * FROM conversations_alert"), 30)
    due = "UPDATE conversations_alert SET ended_at = NULL, next_try_at = raised_at"
    with closing(sqlite3.connect(place.var / "conversations.db", timeout=10)) as connection:
        connection.executescript(
            f"BEGIN IMMEDIATE; {due}; {FAILS.format(what='UPDATE ON conversations_alert')}; COMMIT"
        )
        with pytest.raises(sqlite3.IntegrityError, match=WORDS):  # the words do stand in the database's errors
            connection.execute(due)
    until(lambda: "housekeeping failed" in (place.var / "serve.log").read_text(), 30)
    _sql(place, "conversations", "DROP TRIGGER told")


def _break_rasa(place: Place) -> None:
    """Its store refuses what is said, in these words; one conversation cannot be read, at which Rasa ends."""
    url = f"{place.rasa_url}/webhooks/rest/webhook"
    _sql(place, "rasa", FAILS.format(what="INSERT ON events"))
    httpx.post(url, json={"sender": f"{WORDS}-2", "message": QUESTION}, timeout=20)
    _sql(place, "rasa", "DROP TRIGGER told")
    broken = json.dumps({"event": "user", "text": WORDS})[:-1]
    _sql(
        place,
        "rasa",
        f"INSERT INTO events (sender_id, type_name, timestamp, data) VALUES ('{WORDS}-3', 'user', 1, '{broken}')",
    )
    with pytest.raises(httpx.HTTPError):
        httpx.post(url, json={"sender": f"{WORDS}-3", "message": QUESTION}, timeout=20).raise_for_status()


def _sql(place: Place, database: str, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(place.var / f"{database}.db", timeout=10)) as connection, connection:
        return connection.execute(sql).fetchall()


def _bytes(port: int, text: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(text.encode())
        connection.recv(1000)


def lines(place: Place) -> Iterator[tuple[str, str]]:
    """(process, line) of what was printed."""
    for line in (place.var / "serve.log").read_text(errors="replace").splitlines():
        if found := LINE.match(line):
            yield found[1], found[2]


def test_each_process_met_faults_and_said_so(whole: Place) -> None:
    """Without this the next tests could not fail."""
    grave = {name: set() for name in BOT + STAFF}  # type: dict[str, set[str]]
    for process, line in lines(whole):
        if line.startswith("{") and (said := json.loads(line))["level"] in ("WARNING", "ERROR", "CRITICAL"):
            grave[process] |= {said["event"], said.get("error", "")}
    assert "turns cannot be written" in grave["gateway"]
    assert "IntegrityError" in grave["console"] and "housekeeping failed" in grave["housekeeping"]
    assert {"action failed", "InvalidUsage"} <= grave["actions"]
    assert "IntegrityError" in grave["rasa"] or "SystemExit" in grave["rasa"], grave["rasa"]


def test_no_line_holds_a_word_of_a_person(whole: Place) -> None:
    assert WORDS not in (whole.var / "serve.log").read_text(errors="replace")


def test_every_line_is_one_json_object(whole: Place) -> None:
    others = [(process, line) for process, line in lines(whole) if not line.startswith("{")]
    assert [one for one in others if not (NOT_OF_PYTHON.search(one[1]) or AT_IMPORT.search(one[1]))] == []
    for _, line in lines(whole):
        if line.startswith("{"):
            assert {"time", "level", "logger", "event"} <= json.loads(line).keys()

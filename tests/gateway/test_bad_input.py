"""Any text and any JSON to every route: an answer in time, no 5xx, no process ended, no words in the output."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.place import Place

ROUTES = ("/webhooks/rest/webhook", "/healthz", "/readyz", "/metrics", "/", "/admin/", "/webhooks/telegram/webhook")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
MARK = "zqxwvblorp"  # in every text; no word of any log line
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
MESSAGE = st.fixed_dictionaries(
    {"sender": st.just("anna") | ANY_JSON, "message": st.text().map(lambda text: f"{MARK} {text}") | ANY_JSON},
    optional={"message_id": st.text() | ANY_JSON, "metadata": ANY_JSON},
)
MANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture(scope="module")
def client(bot: Place) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=bot.gateway_url, timeout=10) as client:
        yield client


@pytest.fixture(autouse=True)
def no_words_and_no_end(bot: Place) -> Iterator[None]:
    log = bot.var / "serve.log"
    before = log.stat().st_size
    yield
    output = log.read_bytes()[before:].decode(errors="replace")
    assert MARK not in output
    assert "starting it again" not in output and "Traceback" not in output


def post(client: httpx.Client, body: Any) -> httpx.Response:
    return client.post("/webhooks/rest/webhook", json=body)


def is_reply(response: httpx.Response) -> bool:
    """A list of messages with words, level and answer_id; not an empty one."""
    messages = response.json()
    return bool(messages) and all(message["text"] and message["level"] and message["answer_id"] for message in messages)


def is_clear(response: httpx.Response) -> bool:
    """A reply, or an error of the sender's with a sentence that says what is wrong."""
    if response.status_code == 200:
        return is_reply(response)
    return 400 <= response.status_code < 500 and len(response.json()["error"]) > 20


@MANY
@given(text=st.text(min_size=1, max_size=300))
def test_any_text_gets_a_reply(client: httpx.Client, text: str) -> None:
    response = client.post(
        "/webhooks/rest/webhook", content=json.dumps({"sender": "any-text", "message": f"{MARK} {text}"})
    )
    assert response.status_code == 200 and is_reply(response)


@MANY
@given(body=MESSAGE | ANY_JSON)
def test_any_json_gets_a_reply_or_a_clear_error(client: httpx.Client, body: Any) -> None:
    response = client.post("/webhooks/rest/webhook", content=json.dumps(body))
    assert is_clear(response), (response.status_code, response.text[:200])


@MANY
@given(
    route=st.sampled_from(ROUTES),
    method=st.sampled_from(METHODS),
    body=st.binary(max_size=2000) | ANY_JSON.map(lambda content: json.dumps(content).encode()),
    content_type=st.sampled_from(
        ["application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""]
    ),
)
def test_no_route_fails(client: httpx.Client, route: str, method: str, body: bytes, content_type: str) -> None:
    response = client.request(method, route, content=body, headers={"Content-Type": content_type})
    assert response.status_code < 500


@pytest.mark.parametrize(
    "nesting", ["[" * 5000 + "]" * 5000, '{"a":' * 5000 + "1" + "}" * 5000], ids=["lists", "objects"]
)
def test_json_of_any_depth_is_answered(client: httpx.Client, nesting: str) -> None:
    for body in (nesting, f'{{"sender": "deep", "message": {nesting}}}'):
        response = client.post("/webhooks/rest/webhook", content=body)
        assert response.status_code == 400 and response.json()["error"]
    body = f'{{"sender": "deep", "message": "what is baclofen?", "metadata": {nesting}}}'
    assert is_clear(client.post("/webhooks/rest/webhook", content=body))


@pytest.mark.parametrize(
    "message",
    [
        "\U0001f642" * 10_000,
        f"{MARK} " * 20_000,
        "a" * 400_000,
        "\u202e\u200b\ufeff" * 1000 + "hi",
        "hi\0there",
        "1" * 9000,
    ],
    ids=["emoji", "words", "letters", "invisible", "nul", "digits"],
)
def test_a_long_or_strange_message_gets_a_reply(client: httpx.Client, message: str) -> None:
    assert is_reply(post(client, {"sender": "strange", "message": message}))


HOSTILE = (
    "?!" * 2000,
    "!" * 4000,
    "\U0001f642" * 4000,
    "-" * 3990,
    "a'" * 2000,
    "(" * 4000,
    "1" * 4000,
    "\0" * 900_000,
)


def test_hostile_messages_hold_up_nobodys_emergency(bot: Place) -> None:
    def say(sender: str, message: str) -> tuple[float, Any]:
        begun = time.monotonic()
        body = {"sender": sender, "message": message}
        response = httpx.post(f"{bot.gateway_url}/webhooks/rest/webhook", json=body, timeout=20)
        return time.monotonic() - begun, response.json()

    with ThreadPoolExecutor(len(HOSTILE) + 1) as people:
        hostile = [people.submit(say, f"hostile-{number}", message) for number, message in enumerate(HOSTILE)]
        time.sleep(0.1)
        took, (guidance,) = people.submit(say, "urgent", "my husband is having a seizure").result()
        assert guidance["level"] == "emergency" and took < 1
        assert max(one.result()[0] for one in hostile) < 5  # the deadline, and what a busy machine adds


def test_an_emergency_at_the_end_of_a_long_message_is_seen(client: httpx.Client) -> None:
    long = "I will tell you the whole story of my week, it was a long one. " * 300
    (guidance,) = post(client, {"sender": "long", "message": f"{long} and now he is having a seizure"}).json()
    assert guidance["level"] == "emergency"


@pytest.mark.parametrize("key", ["sender", "message_id"])
@pytest.mark.parametrize(
    "value", ["a\0b", "\ud800", "a\nb", " ", "x" * 101], ids=["nul", "surrogate", "line", "blank", "long"]
)
def test_a_strange_id_is_told_so(client: httpx.Client, key: str, value: str) -> None:
    body = {"sender": "anna", "message": "what is baclofen?", "message_id": "m-1", key: value}
    response = client.post("/webhooks/rest/webhook", content=json.dumps(body))
    assert response.status_code == 400 and re.match(rf"{key} must be", response.json()["error"])


def test_a_body_over_a_megabyte_is_told_so(client: httpx.Client) -> None:
    response = post(client, {"sender": "anna", "message": MARK * 200_000})
    assert response.status_code == 413 and "1 MB" in response.json()["error"]


def test_a_message_in_another_content_type_is_read_as_json(client: httpx.Client) -> None:
    body = json.dumps({"sender": "anna", "message": "what is baclofen?"})
    response = client.post("/webhooks/rest/webhook", content=body, headers={"Content-Type": "text/plain"})
    assert is_clear(response)

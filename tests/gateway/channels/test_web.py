"""The web channel: sessions, limits, history, and who may use it."""

import gzip
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.signing import TimestampSigner

from baclofen_faq.triage import Level
from baclofen_faq.vetted_files import ROOT
from service.conversations.models import Conversation
from service.gateway import rate_limits
from service.gateway.channels.web import sessions
from service.gateway.listening import Listening
from service.place import Place
from service.settings.production import web_origins
from tests.conftest import unsure_text

QUESTION = "could you tell me what baclofen withdrawal is?"
EMERGENCY = "my husband is having a seizure right now"


class Visitor:
    """Somebody on the clinic's website, with a session of their own."""

    def __init__(self, bot: Place) -> None:
        self.origin = bot.gateway_url
        self.client = httpx.Client(base_url=bot.gateway_url, headers={"Origin": self.origin}, timeout=10)
        self.token = self.client.post("/web/session", json={}).raise_for_status().json()["token"]

    def post(self, text: object = QUESTION, id: object = None, token: str | None = None, **more: Any) -> httpx.Response:
        body = {"id": id or str(uuid.uuid4()), "text": text}
        return self.client.post("/web/messages", **{"json": body, "headers": self.bearer(token), **more})

    def say(self, text: str, id: str | None = None) -> list[dict[str, Any]]:
        response = self.post(text, id).raise_for_status().json()
        self.token = response["token"]
        return list(response["replies"])

    def history(self, after: object = 0, token: str | None = None) -> httpx.Response:
        return self.client.get("/web/history", params={"after": str(after)}, headers=self.bearer(token))

    def bearer(self, token: str | None = None) -> dict[str, str]:
        return {} if token == "" else {"Authorization": f"Bearer {token or self.token}"}


@pytest.fixture
def visitor(bot: Place) -> Visitor:
    return Visitor(bot)


@pytest.fixture
def another(bot: Place) -> Visitor:
    return Visitor(bot)


def test_an_answer_has_its_sources_and_notice_apart(visitor: Visitor) -> None:
    (answer,) = visitor.say(QUESTION)
    assert (answer["answer_id"], answer["level"]) == ("what_is_withdrawal", "information")
    assert "Sources" not in answer["text"] and "http" not in answer["text"]
    assert answer["notice"] == "This text is not yet approved by a clinician of your clinic."
    assert answer["notice"] not in answer["text"]
    assert all(source["title"] and source["url"] and source["read_on"] for source in answer["sources"])
    assert len(answer["sources"]) >= 1 and answer["buttons"]


def test_an_emergency_comes_first(visitor: Visitor) -> None:
    (guidance,) = visitor.say(EMERGENCY)
    assert guidance["level"] == "emergency" and guidance["text"].startswith("Call 911 now")


def test_a_repeat_gets_the_same_replies_and_is_kept_once(visitor: Visitor) -> None:
    id = str(uuid.uuid4())
    assert visitor.say(QUESTION, id) == visitor.say(QUESTION, id)
    assert [message["from"] for message in visitor.history().json()["messages"]] == ["person", "bot"]


def test_history_is_what_was_said_redacted_and_in_order(visitor: Visitor) -> None:
    (answer,) = visitor.say(f"My name is Anna Miller. {QUESTION}")
    visitor.say(answer["buttons"][0]["payload"])
    page = visitor.history().json()
    first, reply, second, *_ = page["messages"]
    assert first["text"] == f"My name is [name]. {QUESTION}"
    assert (reply["text"], reply["sources"], reply["id"]) == (answer["text"], answer["sources"], first["id"])
    assert second["text"] == answer["buttons"][0]["title"]
    numbers = [message["n"] for message in page["messages"]]
    assert numbers == sorted(set(numbers)) and numbers[-1] == page["last"]
    assert visitor.history(after=numbers[1]).json()["messages"] == page["messages"][2:]
    assert visitor.history(after=page["last"]).json()["messages"] == []


def test_history_stays_the_same_when_the_turn_is_moved_to_the_log(visitor: Visitor) -> None:
    visitor.say(QUESTION)
    before = visitor.history().json()["messages"]
    time.sleep(2)  # by then it is moved
    assert visitor.history().json()["messages"] == before


def test_a_deleted_conversation_has_no_history(visitor: Visitor) -> None:
    visitor.say(QUESTION)
    (receipt,) = visitor.say("delete my conversation")
    assert "deleted" in receipt["text"]
    assert visitor.history().json()["messages"] == []


def test_a_token_opens_its_own_conversation_only(visitor: Visitor, another: Visitor) -> None:
    visitor.say(f"the word is xylophone. {QUESTION}")
    assert another.history().json()["messages"] == []
    assert "xylophone" in visitor.history().json()["messages"][0]["text"]


@pytest.mark.parametrize(
    "token",
    ["", "nonsense", "a:b:c", TimestampSigner(key="of another server" * 3, salt=sessions.SALT).sign("somebody")],
    ids=["none", "no token", "unsigned", "of another key"],
)
def test_a_foreign_token_opens_nothing(visitor: Visitor, token: str) -> None:
    for response in (visitor.post(token=token), visitor.history(token=token)):
        assert response.status_code == 401 and "new one" in response.json()["error"]


def test_a_token_of_another_conversation_cannot_be_made_from_ones_own(visitor: Visitor) -> None:
    token = visitor.token
    for place in (token.index(":") - 1, len(token) - 1):
        forged = f"{token[:place]}{'a' if token[place] != 'a' else 'b'}{token[place + 1 :]}"
        assert visitor.post(token=forged).status_code == 401


def test_a_token_expires(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    token = sessions.token_for("anna")
    assert sessions.conversation_of(token) == "anna"
    settings.WEB_SESSION_SECONDS = -1
    with pytest.raises(sessions.NoSession):
        sessions.conversation_of(token)


def test_conversations_cannot_be_guessed() -> None:
    made = {sessions.new_conversation() for _ in range(1000)}
    assert len(made) == 1000 and min(map(len, made)) >= 32
    assert max(map(len, made)) <= Conversation._meta.get_field("key").max_length


def test_another_website_is_refused(visitor: Visitor) -> None:
    response = visitor.post(headers={**visitor.bearer(), "Origin": "https://elsewhere.example"})
    assert response.status_code == 403 and "access-control-allow-origin" not in response.headers
    assert visitor.post(headers={**visitor.bearer(), "Origin": "null"}).status_code == 403


def test_the_clinics_website_may_ask_across_origins(visitor: Visitor) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    response = visitor.client.options("/web/messages", headers=asks)
    assert response.headers["access-control-allow-origin"] == visitor.origin
    assert {"authorization", "content-type"} <= set(response.headers["access-control-allow-headers"].split(", "))
    assert "access-control-allow-credentials" not in response.headers
    elsewhere = visitor.client.options("/web/messages", headers={**asks, "Origin": "https://elsewhere.example"})
    assert "access-control-allow-origin" not in elsewhere.headers


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"content": b"{}", "json": None}, 415),
        ({"content": b"not json", "json": None, "type": "application/json"}, 400),
        ({"content": b"[" * 9000, "json": None, "type": "application/json"}, 400),
        ({"json": ["a list"]}, 400),
        ({"json": {"id": "1", "text": "hello"}}, 400),
        ({"json": {"id": str(uuid.UUID(int=1)), "text": ""}}, 400),
        ({"json": {"id": str(uuid.UUID(int=1)), "text": 5}}, 400),
        ({"json": {"id": str(uuid.UUID(int=1)), "text": "a" * 17_000}}, 413),
        ({"json": {"id": str(uuid.UUID(int=1)), "text": "a" * 1_100_000}}, 413),
    ],
)
def test_a_request_of_another_form_is_told_so(visitor: Visitor, more: dict[str, Any], status: int) -> None:
    headers = {**visitor.bearer(), **({"Content-Type": more.pop("type")} if "type" in more else {})}
    response = visitor.post(**more, headers=headers)
    assert response.status_code == status and response.json()["error"]
    assert visitor.history().json()["messages"] == []


def test_a_wrong_method_is_told_so(visitor: Visitor) -> None:
    response = visitor.client.get("/web/messages")
    assert response.status_code == 405 and response.headers["allow"] == "POST, OPTIONS" and response.json()["error"]


@pytest.mark.parametrize("after", ["", "-1", "x", "1e3", "\u0661", "9" * 40])
def test_a_history_after_nonsense_is_told_so(visitor: Visitor, after: str) -> None:
    assert visitor.history(after=after).status_code == 400


def test_over_the_limit_people_wait_and_an_emergency_does_not(visitor: Visitor, another: Visitor) -> None:
    for _ in range(20):
        assert visitor.post("thanks").status_code == 200
    refused = visitor.post("thanks")
    assert refused.status_code == 429
    assert 1 <= refused.json()["wait_seconds"] <= 60 and refused.headers["retry-after"].isdecimal()
    assert "call 911 now" in refused.json()["error"]
    (guidance,) = visitor.say(EMERGENCY)
    assert guidance["text"].startswith("Call 911 now")
    texts = [message["text"] for message in visitor.history().json()["messages"] if message["from"] == "person"]
    assert texts == ["thanks"] * 20 + [EMERGENCY]  # what was refused is not kept: its sender sends it again
    assert another.post("thanks").status_code == 200


def test_over_the_limit_yes_to_is_it_happening_now_is_an_emergency(visitor: Visitor) -> None:
    for _ in range(19):
        assert visitor.post("hello").status_code == 200
    assert visitor.say(unsure_text())[-1]["buttons"][0]["payload"] == "/affirm"
    assert visitor.post("/deny").status_code == 429
    (guidance,) = visitor.say("/affirm")
    assert guidance["level"] == "emergency" and guidance["text"].startswith("Call 911 now")


def test_a_flood_is_not_looked_at(bot: Place, visitor: Visitor) -> None:
    for _ in range(100):
        visitor.post("thanks")
    assert visitor.post(EMERGENCY).status_code == 429


async def test_the_rules_are_enough_for_guidance_over_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(ruled: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("service.gateway.listening.listen", fails)
    apart = await Listening().apart(EMERGENCY, 5)
    assert apart and apart.level is Level.EMERGENCY
    calm = await Listening().apart("what is baclofen?", 5)
    assert calm and calm.level is not Level.EMERGENCY


@pytest.mark.parametrize("listed", ["https://a.example/chat", "a.example", "https://*.example", "null"])
def test_a_website_that_is_none_stops_the_start(listed: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="WEB_ORIGINS"):
        web_origins(listed)


def test_websites_are_read_as_people_write_them() -> None:
    assert web_origins(" https://A.example/, http://b.example:8443 ,") == ["https://a.example", "http://b.example:8443"]


def test_the_limits_are_counted_for_each_by_itself(settings: Any) -> None:
    settings.WEB_LIMITS = {"one": "2/minute", "all": "3/minute"}
    waits = [rate_limits.seconds_to_wait(one=who, all="all") for who in ("a", "a", "a", "b", "b")]
    assert waits[0] == waits[1] == waits[3] == 0
    assert 0 < waits[2] <= 60 and 0 < waits[4] <= 60


def test_forty_visitors_at_once_see_their_own_words_only(bot: Place) -> None:
    words = [f"word{number:02}q" for number in range(40)]

    def visit(word: str) -> list[str]:
        visitor = Visitor(bot)
        for _ in range(2):
            visitor.say(f"{QUESTION} {word}")
        return [one["text"] for one in visitor.history().json()["messages"] if one["from"] == "person"]

    with ThreadPoolExecutor(40) as pool:
        seen = list(pool.map(visit, words))
    assert seen == [[f"{QUESTION} {word}"] * 2 for word in words]


def test_what_the_chat_box_needs_without_a_server(visitor: Visitor) -> None:
    settings = visitor.client.get("/web/settings").json()
    assert settings["numbers"][0] == {"kind": "emergency", "text": "911", "href": "tel:911"}
    assert {"kind": "crisis", "text": "988", "href": "tel:988"} in settings["numbers"]
    assert {"kind": "clinic", "text": "202-555-0142", "href": "tel:2025550142"} in settings["numbers"]
    assert settings["emergency"]["text"].startswith("Call 911 now")
    assert settings["greeting"]["answer_id"] == "greeting" and "do not write your name" in settings["privacy"]
    assert settings["limits"] == {"characters": 4000}


def test_the_chat_box_may_be_loaded_by_any_site_and_is_not_loaded_twice(visitor: Visitor) -> None:
    file = visitor.client.get("/widget.js")
    assert file.status_code == 200 and file.headers["content-type"].startswith("text/javascript")
    assert file.headers["access-control-allow-origin"] == "*"
    again = visitor.client.get("/widget.js", headers={"If-None-Match": file.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(("path", "status"), [("/demo", 200), ("/demo/visit", 200), ("/demo/demo.css", 200)])
def test_the_demo_allows_nothing_inline(visitor: Visitor, path: str, status: int) -> None:
    page = visitor.client.get(path)
    assert page.status_code == status
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_nothing_else_of_the_widget_is_served(visitor: Visitor) -> None:
    for path in ("/demo/index.html", "/demo/..%2f..%2fclinic.yml", "/demo/..", "/widget/src/element.js"):
        assert visitor.client.get(path).status_code == 404


def test_the_chat_box_is_small() -> None:
    assert 5_000 < len(gzip.compress((ROOT / "widget/dist/widget.js").read_bytes())) <= 30_000


def test_the_red_flag_words_of_the_chat_box_are_those_of_vetted() -> None:
    command = [str(ROOT / ".venv/bin/python"), "-W", "ignore", "-m", "baclofen_faq.triage.plainest"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "widget/src/red_flags.js").read_text() == printed, "run `make widget`"

"""The path of a message through the running bot: gateway, Rasa, actions and log."""

import json
import os
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import httpx
import pytest

from service.place import Place
from tests.conftest import free_port, gateway_at, manage, unsure_text

Say = Callable[..., list[dict[str, Any]]]


def test_a_question_gets_its_answer_with_sources(say: Say) -> None:
    (answer,) = say("could you tell me what baclofen withdrawal is?")
    assert (answer["level"], answer["answer_id"]) == ("information", "what_is_withdrawal")
    assert "Sources:" in answer["text"] and "https://" in answer["text"]
    assert 1 <= len(answer["buttons"]) <= 3


def test_a_button_asks_its_question(say: Say) -> None:
    (answer,) = say("could you tell me what baclofen withdrawal is?")
    next_answer, *_ = say(answer["buttons"][0]["payload"])
    assert f"/ask_{next_answer['answer_id']}" == answer["buttons"][0]["payload"]


def test_an_emergency_leads_with_the_number_and_is_said_once(say: Say) -> None:
    (guidance,) = say("my husband is seeing people who are not there")
    assert (guidance["level"], guidance["answer_id"]) == ("emergency", "emergency_report")
    assert guidance["text"].startswith("Call 911 now")


def test_an_emergency_stays_open_until_help_is_there(say: Say) -> None:
    assert say("my husband is seeing people who are not there")[0]["level"] == "emergency"
    assert say("my sister says it is nothing")[0]["level"] == "emergency"
    (reminder,) = say("ok, calling now")
    assert reminder["level"] == "none" and "911" in reminder["text"]
    (question,) = say("why must baclofen be tapered?")
    assert question["answer_id"] == "why_taper"
    guidance, *answer = say("what should I tell the ambulance people about baclofen?")
    assert guidance["level"] == "emergency" and guidance["text"].startswith("Call 911 now")
    assert [message["answer_id"] for message in answer] in (["what_to_tell_er"], [])  # [] where Rasa takes its time
    assert say("how long does that last?")[0]["level"] == "emergency"
    (closed,) = say("the ambulance is here")
    assert closed["level"] == "information" and "Thank you for telling me" in closed["text"]
    assert say("will it be sunny on saturday")[0]["level"] == "none"


def test_somebody_there_closes_a_crisis(say: Say) -> None:
    assert say("I want to end my life")[0]["answer_id"] == "self_harm"
    assert say("I am safe now, my sister is here with me")[0]["level"] == "information"


def test_after_a_crisis_each_reply_carries_the_crisis_line(say: Say) -> None:
    assert say("I want to end my life")[0]["answer_id"] == "self_harm"
    closed = say("I am safe now, my sister is here with me")[-1]
    assert "glad that you are not alone" in closed["text"]
    later = say("why must baclofen be tapered?")[-1]
    assert later["answer_id"] == "why_taper"
    assert "988" in closed["text"] and "988" in later["text"]


def test_the_grey_band_asks_whether_it_is_now_and_yes_is_an_emergency(say: Say) -> None:
    first, *_, question = say(unsure_text())
    assert first["level"] == "advisory" and first["text"].startswith("If this is happening now, call 911 now")
    assert "Is this happening now" in question["text"]
    assert [button["payload"] for button in question["buttons"]] == ["/affirm", "/deny"]
    assert say("/affirm")[0]["level"] == "emergency"


def test_no_to_the_closed_question_is_answered_and_closes_it(say: Say) -> None:
    say(unsure_text())
    (reply,) = say("No")
    assert reply["level"] == "information" and "If it starts, call 911" in reply["text"]
    assert say("will it be sunny on saturday")[0]["level"] == "none"


def test_a_yes_button_with_nothing_asked_is_an_ordinary_word(say: Say) -> None:
    assert say("/affirm")[0]["level"] in ("none", "information")


def test_a_pump_spoken_of_before_counts(say: Say) -> None:
    say("hello, I have a pump since 2019")
    assert say("I am itchy all over")[0]["level"] == "emergency"


def test_a_denied_symptom_gets_the_answer_and_no_escalation(say: Say) -> None:
    (answer,) = say("no seizures, just wondering why I have to taper")
    assert (answer["level"], answer["answer_id"]) == ("information", "why_taper")


def test_an_advisory_comes_before_the_answer(say: Say) -> None:
    first, *rest = say("I ran out of baclofen, what are the signs of withdrawal that I should look for?")
    assert (first["level"], first["answer_id"]) == ("advisory", "advisory_stopped")
    assert [message["answer_id"] for message in rest] == ["signs_overview"]


def test_off_topic_gets_a_polite_way_back(say: Say) -> None:
    (reply,) = say("will it be sunny on saturday")
    assert (reply["level"], reply["answer_id"]) == ("none", "out_of_scope")
    assert reply["buttons"]


@pytest.mark.parametrize("text", ["/restart I think he is having a seizure", '/greeting{"a": 1} she is not breathing'])
def test_a_slash_hides_nothing(say: Say, text: str) -> None:
    assert say(text)[0]["level"] == "emergency"


@pytest.mark.parametrize("text", ["/restart", "/session_start", "/ask_nothing", "asdf qwer", "🙂🙂🙂", "?"])
def test_any_message_gets_a_reply(say: Say, text: str) -> None:
    replies = say(text)
    assert replies
    assert all(reply["level"] and reply["answer_id"] and reply["text"] for reply in replies)


def test_a_repeated_message_id_gets_the_same_reply_and_is_logged_once(bot: Place, say: Say) -> None:
    first = say("why must I taper baclofen?", sender="twice", message_id="m-1")
    assert say("why must I taper baclofen?", sender="twice", message_id="m-1") == first
    transcript = manage(bot, "transcript", "twice").stdout
    assert transcript.count("why must I taper") == 1 and transcript.count("[information, why_taper") == 1


def test_retries_while_the_first_is_answered_get_the_same_reply(bot: Place) -> None:
    body = {"sender": "hurry", "message": "why must I taper baclofen?", "message_id": "m-1"}
    url = f"{bot.gateway_url}/webhooks/rest/webhook"
    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(lambda _: httpx.post(url, json=body, timeout=10).json(), range(4)))
    assert [messages[0]["answer_id"] for messages in said] == ["why_taper"] * 4
    assert manage(bot, "transcript", "hurry").stdout.count("why must I taper") == 1


def test_an_emergency_does_not_wait_for_a_locked_log(bot: Place, say: Say) -> None:
    with sqlite3.connect(bot.var / "conversations.db", isolation_level=None) as database:
        database.execute("BEGIN EXCLUSIVE")
        begun = time.monotonic()
        guidance = say("she is having a seizure", sender="locked")[0]
        took = time.monotonic() - begun
        database.execute("ROLLBACK")
    assert guidance["level"] == "emergency" and took < 1
    for _ in range(50):
        if "seizure" in manage(bot, "transcript", "locked").stdout:
            return
    pytest.fail("the emergency is not in the log")


def test_the_log_holds_everything_said_without_phone_and_mail(bot: Place, say: Say) -> None:
    said = say("my mail is jo@example.org, 202-555-0199. what is baclofen withdrawal?", sender="nurse-reads")
    say("now she is having a seizure", sender="nurse-reads")
    transcript = manage(bot, "transcript", "nurse-reads").stdout
    assert "[email]" in transcript and "[phone]" in transcript
    assert "jo@example.org" not in transcript and "0199" not in transcript
    assert said[0]["text"] in transcript
    assert "seizure current" in transcript
    assert re.search(r"bot \[emergency, emergency_report \w{12}\]", transcript)


def test_the_log_says_what_was_understood_and_where_the_time_went(bot: Place, say: Say) -> None:
    say("why must I taper baclofen?", sender="measured")
    say("she is having a seizure", sender="measured")
    for _ in range(50):
        with sqlite3.connect(bot.var / "conversations.db") as database:
            logged = database.execute(
                "SELECT m.intent, m.confidence, m.latency_ms, m.stages, c.risk, c.level FROM conversations_message m "
                "JOIN conversations_conversation c ON c.id = m.conversation_id "
                "WHERE c.key = 'measured' AND m.direction = 'in' ORDER BY m.id"
            ).fetchall()
        if len(logged) == 2:
            break
        time.sleep(0.1)
    question, emergency = logged
    assert question[0] == "ask_why_taper" and 0.5 < question[1] <= 1
    assert {"rules", "sound", "recall", "rasa"} == json.loads(question[3]).keys()
    assert sum(json.loads(question[3]).values()) <= question[2] + 4 < 3100
    assert emergency[:2] == ("", None) and emergency[2] < 1000, "it is answered without Rasa"
    assert emergency[4:] == (4, "emergency")


def test_an_unknown_conversation_is_said_to_be_unknown(bot: Place) -> None:
    done = manage(bot, "transcript", "nobody")
    assert done.returncode == 1 and "No conversation nobody" in done.stderr


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[]", b"null", b'"text"', b'{"message": "hi"}', b'{"sender": "", "message": "hi"}',
        b'{"sender": 5, "message": "hi"}', b'{"sender": "a", "message": ""}', b'{"sender": "a", "message": null}',
        b'{"sender": "a", "message": ["hi"]}', b'{"sender": "a\\u0000", "message": "hi"}', b'{"sender": "a"}',
        b'{"sender": "a", "message": "\\u0000 /"}', b"[" * 5000, b'{"sender": "a", "message": "hi", "message_id": 7}',
        b'{"sender": "' + b"a" * 101 + b'", "message": "hi"}', b"x" * 2_000_000,
    ],
)  # fmt: skip
def test_a_bad_request_is_told_what_is_wrong(bot: Place, body: bytes) -> None:
    response = httpx.post(f"{bot.gateway_url}/webhooks/rest/webhook", content=body)
    assert 400 <= response.status_code < 500


def test_rasa_by_itself_says_level_and_answer_id_in_one_message(bot: Place) -> None:
    body = {"sender": "rasa-alone", "message": "she is having a seizure"}
    said = httpx.post(f"{bot.rasa_url}/webhooks/rest/webhook", json=body, timeout=10).json()
    (guidance,) = said
    assert (guidance["level"], guidance["answer_id"]) == ("emergency", "emergency_report")
    assert "\n\n" in guidance["text"]


def other_address() -> str:
    """The machine's own address on its network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def test_nothing_listens_beyond_loopback(bot: Place) -> None:
    address = other_address()
    if address.startswith("127."):
        assert "CI" not in os.environ, "this machine has no other address to try"
        pytest.skip("this machine has no other address to try")
    for port in (bot.gateway, bot.rasa, bot.actions):
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, port)) != 0, f"{address}:{port} answers"


@pytest.fixture(scope="module")
def gateway_without_rasa(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A gateway whose Rasa is not there."""
    alone = replace(place, gateway=free_port(), rasa=free_port(), var=tmp_path_factory.mktemp("alone"))
    with gateway_at(alone):
        yield alone


def test_with_rasa_stopped_an_emergency_gets_its_guidance(gateway_without_rasa: Place) -> None:
    body = {"sender": "a", "message": "he is having a siezure and wont wake up"}
    (guidance,) = httpx.post(f"{gateway_without_rasa.gateway_url}/webhooks/rest/webhook", json=body).json()
    assert guidance["level"] == "emergency" and guidance["text"].startswith("Call 911 now")


def test_with_rasa_stopped_a_question_is_told_so(gateway_without_rasa: Place) -> None:
    body = {"sender": "b", "message": "what is baclofen withdrawal?"}
    (reply,) = httpx.post(f"{gateway_without_rasa.gateway_url}/webhooks/rest/webhook", json=body).json()
    assert reply["answer_id"] == "cannot_answer" and "I cannot answer just now" in reply["text"]
    assert "202-555-0143" in reply["text"]

"""The gateway's /metrics show what happened to people's messages, to the very number."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from baclofen_faq.answers import Mode
from service.gateway.health import SHARED_SECONDS
from service.gateway.message import Inbound
from service.gateway.metrics import CANNOT_ANSWER, Cause, count_unanswered, unanswered
from service.gateway.vetted import shared_replies
from service.place import Place
from tests.conftest import free_port, gateway_at
from tests.gateway.channels.test_web import Visitor
from tests.observability.scrape import Scrape

QUESTION, EMERGENCY = "what is baclofen withdrawal?", "my father is having a seizure right now"
Say = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def lonely(bot: Place, tmp_path: Path) -> Iterator[Place]:
    """A gateway whose Rasa is gone, and whose website lets a visitor write once a minute."""
    nobody = f"http://127.0.0.1:{free_port()}"
    place = replace(bot, gateway=free_port(), var=tmp_path)
    with gateway_at(place, RASA_URLS=nobody, WEB_LIMIT_SESSION_MESSAGES="1/minute"):
        yield place


def test_a_message_is_counted_once_with_its_channel_level_and_stages(bot: Place, say: Say) -> None:
    before = Scrape(bot.gateway_url)
    say(QUESTION)
    say(EMERGENCY, sender="another")
    after = Scrape(bot.gateway_url)
    assert after.since(before, "gateway_messages_total") == {
        'gateway_messages_total{channel="rest",level="none"}': 1,
        'gateway_messages_total{channel="rest",level="emergency"}': 1,
    }
    counts = {name: n for name, n in after.since(before, "gateway_stage_seconds").items() if "_count" in name}
    assert counts == {
        'gateway_stage_seconds_count{stage="rules"}': 2,  # the emergency is known by its words: no more is looked at
        'gateway_stage_seconds_count{stage="sound"}': 1,
        'gateway_stage_seconds_count{stage="recall"}': 1,
        'gateway_stage_seconds_count{stage="rasa"}': 1,
    }
    assert not after.since(before, "gateway_unanswered")


def test_an_emergencys_time_to_its_reply_is_kept_apart(bot: Place, say: Say) -> None:
    before, began = Scrape(bot.gateway_url), time.monotonic()
    say(EMERGENCY)
    took, after = time.monotonic() - began, Scrape(bot.gateway_url)
    change = after.since(before, "gateway_turn_seconds")
    assert change['gateway_turn_seconds_bucket{le="1.0",level="emergency"}'] == 1
    assert 0 < change['gateway_turn_seconds_sum{level="emergency"}'] < took
    assert not any('level="none"' in name for name in change)


def test_a_message_that_comes_again_is_counted_once(bot: Place, say: Say) -> None:
    before = Scrape(bot.gateway_url)
    first = say(QUESTION, message_id="m-1")
    assert say(QUESTION, message_id="m-1") == first
    after = Scrape(bot.gateway_url)
    assert after.sum("gateway_messages_total") == before.sum("gateway_messages_total") + 1


def test_health_checks_are_no_messages_of_people(bot: Place) -> None:
    time.sleep(SHARED_SECONDS + 0.1)  # the start asked, too; who asks soon after it shares its canary
    before = Scrape(bot.gateway_url)
    assert httpx.get(f"{bot.gateway_url}/readyz", timeout=10).is_success
    after = Scrape(bot.gateway_url)
    assert after.since(before, "gateway_") == {}
    assert after.sum("rasa_turns_total") > before.sum("rasa_turns_total"), "no canary came so far"


def test_a_dead_rasa_is_counted_with_its_cause(lonely: Place) -> None:
    before = Scrape(lonely.gateway_url)
    _post(lonely, "/webhooks/rest/webhook", {"sender": "a", "message": QUESTION})
    after = Scrape(lonely.gateway_url)
    assert set(after.since(before, "engine_no_answer_total")) == {'engine_no_answer_total{cause="ConnectError"}'}
    assert after.since(before, "gateway_unanswered") == {'gateway_unanswered_messages_total{cause="engine"}': 1}
    assert after.sum("rasa_away") == 1
    _post(lonely, "/webhooks/rest/webhook", {"sender": "b", "message": EMERGENCY})
    assert Scrape(lonely.gateway_url).since(after, "gateway_unanswered") == {}, "guidance needs no Rasa"


def test_who_writes_too_often_is_counted_and_an_emergency_over_the_limit_as_answered(lonely: Place) -> None:
    visitor = Visitor(lonely)
    before = Scrape(lonely.gateway_url)
    for text, status in ((QUESTION, 200), (QUESTION, 429), (EMERGENCY, 200)):
        assert visitor.post(text).status_code == status
    after = Scrape(lonely.gateway_url)
    assert after.since(before, "gateway_messages_total") == {
        'gateway_messages_total{channel="web",level="none"}': 1,
        'gateway_messages_total{channel="web",level="emergency"}': 1,
    }
    assert after.since(before, "gateway_unanswered") == {
        'gateway_unanswered_messages_total{cause="limit"}': 1,
        'gateway_unanswered_messages_total{cause="engine"}': 1,
    }


@pytest.mark.parametrize(
    ("mode", "has_engine", "cause"),
    [
        (Mode.NORMAL, True, Cause.UNABLE),
        (Mode.NORMAL, False, Cause.ENGINE),
        (Mode.OFF, False, Cause.SWITCHED_OFF),
        (Mode.EMERGENCY_ONLY, False, Cause.SWITCHED_OFF),
    ],
)
def test_each_cause_has_its_own_count(mode: Mode, has_engine: bool, cause: Cause) -> None:
    texts = shared_replies()
    sent = texts.cannot_answer_now() if mode is Mode.NORMAL else texts.switched_off(mode)
    assert sent.answer_id == CANNOT_ANSWER
    before = unanswered.labels(cause.value)._value.get()
    count_unanswered(Inbound("c", "x", "web", "m"), [sent], [sent] if has_engine else [], mode)
    count_unanswered(Inbound("c", "x", "canary", "m"), [sent], [sent] if has_engine else [], mode)
    count_unanswered(Inbound("c", "x", "web", "m"), [texts.guidance("emergency", ["seizure"]), sent], [], mode)
    assert unanswered.labels(cause.value)._value.get() == before + 1


def test_the_versions_at_work_are_shown(bot: Place, say: Say) -> None:
    say(QUESTION)
    now = Scrape(bot.gateway_url)
    versions, models = (
        [dict(labels) for (name, labels), value in now.numbers.items() if name == wanted and value == 1]
        for wanted in ("gateway_versions_info", "gateway_model_info")
    )
    assert [set(one) for one in versions] == [{"triage", "vetted"}] and all(versions[0].values())
    assert len(models) == 1 and models[0]["model"]


def test_promtool_has_nothing_against_them(bot: Place, say: Say) -> None:
    if not shutil.which("promtool"):
        pytest.fail("promtool is missing: apt-get install prometheus")
    say(EMERGENCY)
    text = Scrape(bot.gateway_url).text
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _post(place: Place, path: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{place.gateway_url}{path}", json=body, timeout=10)

"""Two gateways and two Rasas on one PostgreSQL, as a group of hospitals has them."""

import os
import re
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.gateway.engine import rank
from service.place import Place
from service.stack import running
from tests.conftest import free_ports
from tests.faults.postgres import Postgres, postgres  # noqa: F401  (a fixture)

QUESTION, EMERGENCY = "what is baclofen withdrawal?", "my father is having a seizure right now"
RASAS = [f"http://rasa-{number}:5005" for number in range(1, 6)]
Say = Callable[[str, str, int], dict[str, Any]]


def own(conversation: str, urls: list[str]) -> str:
    """The Rasa that a conversation is taken to."""
    return min(urls, key=lambda url: rank(url, conversation))


@given(st.lists(st.text(min_size=1), min_size=50, max_size=50, unique=True), st.sampled_from(RASAS))
def test_a_rasa_that_goes_moves_only_its_own_conversations(conversations: list[str], gone: str) -> None:
    left = [url for url in RASAS if url != gone]
    for conversation in conversations:
        assert own(conversation, RASAS) in (gone, own(conversation, left))


def test_conversations_are_spread_evenly_and_one_more_rasa_takes_only_its_share() -> None:
    conversations = [str(uuid.UUID(int=number)) for number in range(10_000)]
    before = {conversation: own(conversation, RASAS[:4]) for conversation in conversations}
    after = {conversation: own(conversation, RASAS) for conversation in conversations}
    moved = [conversation for conversation in conversations if before[conversation] != after[conversation]]
    assert {after[conversation] for conversation in moved} == {RASAS[4]}
    for url in RASAS:
        assert 1800 < list(after.values()).count(url) < 2200


@pytest.fixture(scope="module")
def group(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:  # noqa: F811
    gateway, rasa, actions, console = (free_ports(number) for number in (2, 2, 1, 1))
    place = Place(gateway, rasa, actions, tmp_path_factory.mktemp("group"), console, gateways=2, rasas=2)
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("DATABASE_URL", postgres.make_database("conversations"))
        environ.setenv("RASA_DATABASE_URL", postgres.make_database("rasa"))
        with running(place, output=place.var / "serve.log"):
            yield place


@pytest.fixture
def say(group: Place) -> Say:
    def post(conversation: str, text: str, gateway: int = 0) -> dict[str, Any]:
        body = {"sender": conversation, "message": text}
        response = httpx.post(f"{group.gateway_urls[gateway]}/webhooks/rest/webhook", json=body, timeout=10)
        assert response.status_code == 200, response.text
        return dict(response.json()[0])

    return post


def turns(place: Place) -> dict[str, float]:
    """How many turns each Rasa answered so far, as the gateways count them; of one that was not asked nothing."""
    counted: dict[str, float] = {}
    for url in place.gateway_urls:
        for rasa, number in re.findall(r'^rasa_turns_total{rasa="(.+)"} (.+)$', httpx.get(f"{url}/metrics").text, re.M):
            counted[rasa] = counted.get(rasa, 0) + float(number)
    return counted


def broken_off(place: Place) -> float:
    """How many messages were left without an answer for another reason than that there was no time."""
    shown = "".join(httpx.get(f"{url}/metrics").text for url in place.gateway_urls)
    counted = re.findall(r'^engine_no_answer_total{cause="(.+)"} (.+)$', shown, re.M)
    return sum(float(number) for cause, number in counted if cause not in ("Late", "NoPlace"))


def conversations_of(place: Place, number: int) -> list[str]:
    """New conversations that are taken to one of the Rasas."""
    names = (uuid.uuid4().hex for _ in range(1000))
    return [name for name in names if own(name, place.rasa_urls) == place.rasa_urls[number]][:10]


def test_every_gateway_takes_a_conversation_to_the_same_rasa(group: Place, say: Say) -> None:
    for number, url in enumerate(group.rasa_urls):
        (name, *_) = conversations_of(group, number)
        before = turns(group).get(url, 0)
        for turn in range(6):
            assert say(name, QUESTION, turn % 2)["answer_id"] == "what_is_withdrawal"
        assert turns(group)[url] >= before + 6


def test_a_rasa_that_is_killed_leaves_nobody_without_an_answer(group: Place, say: Say) -> None:
    """Messages are on their way at all times: those in the killed process are taken to the other one."""
    names = conversations_of(group, 0)[:5] + conversations_of(group, 1)[:5]
    before, until = broken_off(group), time.monotonic() + 8

    def talk(name: str) -> list[str]:
        said = []
        while time.monotonic() < until:
            said.append(str(say(name, QUESTION, len(said) % 2)["answer_id"]))
            time.sleep(0.2)
        return said

    with ThreadPoolExecutor(len(names)) as threads:
        talking = [threads.submit(talk, name) for name in names]
        time.sleep(2)
        os.kill(group.pid("rasa.1"), signal.SIGKILL)
        said = [answer for one in talking for answer in one.result()]
    assert len(said) > len(names)
    assert broken_off(group) == before
    assert said.count("what_is_withdrawal") > 0.9 * len(said)  # a machine that does other work is late now and then


def test_a_rasa_that_hangs_keeps_few_waiting_and_no_emergency(group: Place, say: Say) -> None:
    wait_for_both(group, say)
    pid, names = group.pid("rasa.2"), conversations_of(group, 1)
    os.kill(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        assert say(names[0], EMERGENCY)["level"] == "emergency"
        assert time.monotonic() - begun < 1
        assert say(names[1], QUESTION)["answer_id"] == "cannot_answer"  # it waited in vain
        for name in names[2:]:
            assert say(name, QUESTION)["answer_id"] == "what_is_withdrawal"
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for_both(group, say)


def test_all_that_was_said_is_in_postgresql_once(group: Place, say: Say, postgres: Postgres) -> None:  # noqa: F811
    name = uuid.uuid4().hex
    for turn in range(4):
        say(name, QUESTION, turn % 2)
        time.sleep(0.5)  # so that the order is plain: a conversation stays with one gateway, but for a fault
    query = (
        "SELECT direction, answer_id FROM conversations_message WHERE conversation_id = "
        "(SELECT id FROM conversations_conversation WHERE key = %s) ORDER BY said_at, direction"
    )
    until = time.monotonic() + 15
    with closing(psycopg2.connect(postgres.address("conversations"))) as connection:
        connection.autocommit = True
        rows: list[tuple[str, str]] = []
        while [direction for direction, _ in rows].count("in") < 4 and time.monotonic() < until:
            with connection.cursor() as cursor:
                cursor.execute(query, [name])
                rows = cursor.fetchall()
            time.sleep(0.2)
    assert [direction for direction, _ in rows].count("in") == 4
    assert {answer for direction, answer in rows if direction == "out"} == {"what_is_withdrawal"}


def wait_for_both(place: Place, say: Say) -> None:
    """Until each Rasa answers its own conversations again."""
    until = time.monotonic() + 60
    for number, url in enumerate(place.rasa_urls):
        while True:
            before = turns(place).get(url, 0)
            for gateway in range(2):
                say(conversations_of(place, number)[0], QUESTION, gateway)
            if turns(place).get(url, 0) >= before + 2:
                break
            assert time.monotonic() < until, f"{url} does not come back"
            time.sleep(0.5)

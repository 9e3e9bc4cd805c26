"""Two gateways behind nginx: a conversation stays with one of them, and when that one is gone nobody notices."""

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from tests.deploy.front import Front, Visitor, client
from tests.faults.postgres import rows
from tests.faults.processes import until

EMERGENCY = "my husband is having a seizure right now"
QUESTION = "why do I have to taper?"
LOGGED = """
    SELECT m.message_id, count(DISTINCT m.id), count(r.id) FROM conversations_message m
    LEFT JOIN conversations_message r ON r.in_reply_to_id = m.id WHERE m.message_id = ANY(%s) GROUP BY 1
"""


@pytest.fixture(autouse=True)
def both_again(front: Front) -> Iterator[None]:
    """Whatever a test does, both gateways are there afterwards."""
    yield
    for gateway in front.gateways:
        if not gateway.is_running:
            gateway.start()
            gateway.wait_until_ready()


def served_by(front: Front, lines: int, wanted: int, path: str) -> list[str]:
    return [one["upstream"] for one in front.nginx.logged_since(lines, wanted) if one["path"] == path]


def test_a_conversation_stays_with_one_gateway_and_both_have_some(front: Front) -> None:
    homes, changed = [], 0
    for number in range(16):
        with client(front.nginx, address=f"127.0.1.{number + 1}") as http:
            visitor, before = Visitor(http), len(front.nginx.logged())
            tokens = {visitor.token}
            for _ in range(3):
                visitor.say(EMERGENCY)
                tokens.add(visitor.token)
                time.sleep(0.4)
        served = served_by(front, before, 3, "/web/messages")
        assert len(served) == 3 and len(set(served)) == 1
        changed += len(tokens) > 1
        homes.append(served[0])
    assert set(homes) == {f"127.0.0.1:{port}" for port in front.ports}
    assert changed, "no token changed within a conversation, so nothing was tried"


def test_a_conversation_stays_where_it_is_when_the_visitor_changes_networks(front: Front) -> None:
    with client(front.nginx, address="127.0.1.50") as at_home:
        visitor = Visitor(at_home)
    before = len(front.nginx.logged())
    for number in range(8):
        with client(front.nginx, address=f"127.0.1.{60 + number}") as elsewhere:
            visitor.http = elsewhere
            visitor.say(EMERGENCY)
    assert len(set(served_by(front, before, 8, "/web/messages"))) == 1


def test_messaging_and_what_staff_reply_stay_with_one_gateway(front: Front) -> None:
    before = len(front.nginx.logged())
    for number in range(8):
        with client(front.nginx, address=f"127.0.2.{number + 1}") as http:
            http.post("/webhooks/telegram", json={})
            http.post("/handoff/replies", json={})
    served = [line["upstream"] for line in front.nginx.logged_since(before, 16)]
    assert len(served) >= 16 and len(set(served)) == 1


def talk(front: Front, number: int, messages: int) -> tuple[Visitor, list[list[str]]]:
    with client(front.nginx, address=f"127.0.3.{number + 1}") as http:
        visitor = Visitor(http)
        return visitor, [visitor.say(EMERGENCY if turn % 3 else QUESTION) for turn in range(messages)]


def test_a_gateway_that_is_killed_with_messages_on_their_way_loses_none(front: Front) -> None:
    people, messages, before = 8, 12, len(front.nginx.logged())
    with ThreadPoolExecutor(people) as threads:
        talks: list[Future[tuple[Visitor, list[list[str]]]]] = [
            threads.submit(talk, front, number, messages) for number in range(people)
        ]
        until(lambda: len(front.nginx.logged()) > before + people * 3, 30)
        front.gateways[0].kill()
        done = [one.result(120) for one in talks]
    assert [len(replies) for _, replies in done] == [messages] * people
    assert all(reply for _, replies in done for reply in replies)
    handed_on = [line for line in front.nginx.logged()[before:] if "," in line["upstream"]]
    assert handed_on, "nothing was on its way to the gateway that was killed"
    assert {line["status"] for line in handed_on} == {"200"}
    front.gateways[0].start()
    front.gateways[0].wait_until_ready()
    ids = [id for visitor, _ in done for id in visitor.ids]
    until(
        lambda: len(rows(front.log, LOGGED, ids)) == len(ids), 20, lambda: f"{len(rows(front.log, LOGGED, ids))} logged"
    )
    assert {logged for _, logged, _ in rows(front.log, LOGGED, ids)} == {1}
    until(lambda: all(replies for _, _, replies in rows(front.log, LOGGED, ids)), 20)


@pytest.mark.parametrize("frozen", [0, 1])
def test_a_gateway_that_says_nothing_any_more_is_stood_in_for_before_the_chat_box_gives_up(
    front: Front, frozen: int
) -> None:
    with client(front.nginx, address=f"127.0.4.{frozen + 1}") as http:
        visitors = [Visitor(http) for _ in range(20)]  # that none of them is with the frozen one is one in a million
        with front.gateways[frozen].paused(), ThreadPoolExecutor(20) as threads:
            began = time.monotonic()
            said = list(threads.map(lambda visitor: visitor.say(EMERGENCY), visitors))
            took = time.monotonic() - began
    assert all(replies[0].startswith("Call 911 now") for replies in said)
    assert 5 < took < 10


def test_a_message_that_two_gateways_heard_is_logged_once(front: Front) -> None:
    with client(front.nginx, address="127.0.5.1") as http:
        visitor = Visitor(http)
    id = str(uuid.uuid4())
    for port in front.ports:
        answer = httpx.post(
            f"http://127.0.0.1:{port}/web/messages",
            json={"id": id, "text": EMERGENCY},
            headers={"Authorization": f"Bearer {visitor.token}"},
        )
        assert answer.json()["replies"][0]["text"].startswith("Call 911 now")
    until(lambda: rows(front.log, LOGGED, [id]), 20)
    time.sleep(2)  # the other gateway moves it, too
    ((_, logged, replies),) = rows(front.log, LOGGED, [id])
    assert (logged, replies) == (1, 1)

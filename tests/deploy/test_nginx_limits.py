"""What nginx refuses, and how it says so: in the chat box's form, and never where the gateway's own limits speak."""

import re
import socket
import ssl
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import free_port
from tests.deploy.front import ADDRESS_SESSIONS, CLINIC_PAGE, Front, Visitor, client
from tests.deploy.nginx import CHAT, CONSOLE, Nginx

EMERGENCY = "my husband is having a seizure right now"
ORIGIN = {"Origin": CLINIC_PAGE}
HEADERS = ("strict-transport-security", "x-content-type-options", "referrer-policy", "content-security-policy")
MEDICAL = re.compile(r"baclofen|withdraw|seizure|emergency|dose|symptom|medic", re.IGNORECASE)


@pytest.fixture(scope="module")
def alone(nginx_is_there: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx with nothing behind it."""
    with Nginx(tmp_path_factory.mktemp("alone"), [free_port(), free_port()], free_port()).running() as running:
        yield running


@pytest.mark.parametrize(
    ("path", "longest"), [("/web/messages", 20_000), ("/webhooks/telegram", 500_000), ("/handoff/replies", 60_000)]
)
def test_a_body_that_is_too_long_is_refused_in_a_form_that_the_chat_box_can_read(
    chat: httpx.Client, path: str, longest: int
) -> None:
    assert chat.post(path, content=b"x" * longest).status_code in (401, 403)
    refused = chat.post(path, content=b"x" * longest * 2, headers=ORIGIN)
    assert refused.status_code == 413 and "too long" in refused.json()["error"]
    assert refused.headers["access-control-allow-origin"] == "*"


def test_a_slow_client_is_hung_up_on_and_holds_up_nobody(front: Front, chat: httpx.Client) -> None:
    context = ssl.create_default_context(cafile=str(front.nginx.certificate))
    begun = [
        b"GET /web/settings HTTP/1.1\r\nHos",
        f"POST /web/messages HTTP/1.1\r\nHost: {CHAT}\r\nContent-Length: 100\r\n\r\nx".encode(),
    ]
    started, slow = time.monotonic(), []
    for words in begun * 20:
        plain = socket.create_connection(("127.0.0.1", front.nginx.port))
        slow.append(context.wrap_socket(plain, server_hostname=CHAT))
        slow[-1].sendall(words)
    assert chat.get("/web/settings").elapsed.total_seconds() < 2
    for connection in slow:
        connection.settimeout(15)
        assert b" 200 " not in connection.recv(4096)  # which fails by itself where nothing comes in time
    assert 8 < time.monotonic() - started < 20


def test_a_flood_is_told_to_wait_by_nginx_alone(alone: Nginx) -> None:
    ask = f"GET /web/history HTTP/1.1\r\nHost: {CHAT}\r\nOrigin: {CLINIC_PAGE}\r\n"
    answers = alone.raw(f"{ask}\r\n" * 499 + f"{ask}Connection: close\r\n\r\n", address="127.0.0.3")
    statuses = re.findall(r"HTTP/1\.1 (\d+) ", answers)
    assert len(statuses) == 500 and set(statuses) == {"429", "503"} and statuses.count("503") >= 200
    refused = answers[answers.index("HTTP/1.1 429 ") :].split("HTTP/1.1 ")[1]
    assert "Retry-After: 5" in refused and '"wait_seconds": 5' in refused
    assert "Access-Control-Allow-Origin: *" in refused
    with client(alone, address="127.0.0.4") as somebody_else:
        assert somebody_else.get("/web/history").status_code == 503


def test_whoever_is_over_the_gateways_limits_still_hears_the_number_through_nginx(front: Front) -> None:
    with client(front.nginx, address="127.0.0.5") as http:
        person = Visitor(http)
        for _ in range(25):
            answer = http.post(
                "/web/messages",
                json={"id": str(uuid.uuid4()), "text": "why do I have to taper?"},
                headers={"Authorization": f"Bearer {person.token}"},
            )
        assert answer.status_code == 429 and answer.json()["wait_seconds"] > 0
        assert person.say(EMERGENCY)[0].startswith("Call 911 now")


def test_when_no_gateway_is_there_nginx_says_so_in_json(alone: Nginx) -> None:
    with client(alone) as http, client(alone, CONSOLE) as staff:
        for answer in (http.get("/web/settings", headers=ORIGIN), http.post("/web/messages", json={}), staff.get("/")):
            assert answer.status_code == 503 and "try again" in answer.json()["error"]
            assert answer.headers["retry-after"] == "5"
        assert http.get("/web/settings").headers["access-control-allow-origin"] == "*"


def test_what_nginx_says_itself_is_nothing_medical(alone: Nginx) -> None:
    said = re.findall(r"return \d+ '(.+)'", (alone.folder / "snippets" / "refusals.conf").read_text())
    assert len(said) == 6
    assert not [sentence for sentence in said if MEDICAL.search(sentence)]


def test_even_what_failed_is_logged_without_what_was_asked(alone: Nginx) -> None:
    with client(alone, CONSOLE) as staff:
        assert (
            staff.get("/conversations?q=zebraword", headers={"Referer": "https://zebraword.example"}).status_code == 503
        )
    assert any(line["upstream_status"].startswith("502") for line in alone.logged_since(0, 1))
    assert "zebraword" not in alone.printed


@pytest.mark.parametrize(
    ("host", "path"),
    [(CHAT, "/widget.js"), (CHAT, "/web/settings"), (CHAT, "/nothing"), (CONSOLE, "/sign-in"), (CONSOLE, "/nothing")],
)
def test_each_answer_carries_each_security_header_once(front: Front, host: str, path: str) -> None:
    with client(front.nginx, host) as http:
        answer = http.get(path)
    assert {name: len(answer.headers.get_list(name)) for name in HEADERS} == dict.fromkeys(HEADERS, 1)
    assert "nginx/" not in answer.headers["server"]


def test_nginxs_own_refusals_carry_them_too(alone: Nginx) -> None:
    with client(alone) as http:
        for path in ("/web/settings", "/nothing"):
            assert set(HEADERS) <= set(http.get(path).headers)


def test_words_of_the_console_are_not_compressed_and_files_are(front: Front, chat: httpx.Client) -> None:
    assert chat.get("/widget.js").headers["content-encoding"] == "gzip"
    assert chat.get("/web/settings").headers["content-encoding"] == "gzip"
    with client(front.nginx, CONSOLE) as staff:
        assert "content-encoding" not in staff.get("/sign-in").headers
        assert staff.get("/static/console/console.css").headers["content-encoding"] == "gzip"


def test_the_gateway_counts_by_the_visitors_own_address_whatever_the_visitor_says(front: Front) -> None:
    with client(front.nginx, address="127.0.0.6") as busy, client(front.nginx, address="127.0.0.7") as other:
        begun = [busy.post("/web/session", json={}).status_code for _ in range(2 * ADDRESS_SESSIONS + 1)]
        assert begun.count(201) >= ADDRESS_SESSIONS and begun[-1] == 429
        forged = {"X-Forwarded-For": "192.0.2.9", "Forwarded": "for=192.0.2.9", "X-Real-IP": "192.0.2.9"}
        assert busy.post("/web/session", json={}, headers=forged).status_code == 429
        assert other.post("/web/session", json={}).status_code == 201


def test_nobodys_words_stand_in_a_file_of_nginx(front: Front, chat: httpx.Client) -> None:
    long = "zebraword " * 1500
    assert Visitor(chat).say(long)
    assert chat.post("/webhooks/telegram", content=long * 30).status_code == 403
    written = [
        path for path in Path(front.nginx.folder, "tmp").rglob("*") if path.is_file() and path.name != "nginx.pid"
    ]
    assert written == []
    assert chat.post("/webhooks/telegram", content=b"x").status_code == 403

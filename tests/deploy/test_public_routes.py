"""What the public reaches through nginx: the public routes of the gateway, the console under its own name, no more."""

import json
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.gateway.urls import urlpatterns
from tests.deploy.front import CLINIC_PAGE, Front, client
from tests.deploy.nginx import CHAT, CONSOLE, Nginx

PUBLIC = {"widget.js", "web/settings", "web/session", "web/messages", "web/history"}
NOTHING = {"error": "nothing is at this address"}
CONSOLES = Path(__file__).parents[2] / "service" / "console" / "urls.py"


def console_paths() -> list[str]:
    """The console's pages, with something in place of what stands in <...>; its module needs its own settings."""
    patterns = re.findall(r'path\("([^"]*)"', CONSOLES.read_text())
    assert len(patterns) > 30
    return ["/" + re.sub(r"<[^>]+>", "1", pattern) for pattern in patterns]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/widget.js", 200),
        ("GET", "/web/settings", 200),
        ("POST", "/web/session", 201),
        ("POST", "/web/messages", 401),
        ("GET", "/web/history?after=0", 401),
        ("POST", "/webhooks/telegram", 403),
        ("POST", "/handoff/replies", 403),
    ],
)
def test_a_public_route_is_answered_by_the_gateway(
    front: Front, chat: httpx.Client, method: str, path: str, status: int
) -> None:
    before = len(front.nginx.logged())
    body = {"json": {}} if method == "POST" else {}
    assert chat.request(method, path, **body).status_code == status
    (line,) = front.nginx.logged_since(before, 1)
    assert line["upstream"].rpartition(":")[2] in map(str, front.ports)


def test_a_browser_on_the_clinics_page_may_ask_and_on_another_page_not(chat: httpx.Client) -> None:
    """Browsers ask first; Playwright answers for nginx there, so the tests with the chat box do not show it."""
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    allowed = chat.options("/web/messages", headers={"Origin": CLINIC_PAGE, **asks}).headers
    assert allowed["access-control-allow-origin"] == CLINIC_PAGE
    assert "authorization" in allowed["access-control-allow-headers"]
    other = chat.options("/web/messages", headers={"Origin": "https://other.example", **asks}).headers
    assert "access-control-allow-origin" not in other


def test_no_other_route_of_the_gateway_is_there(front: Front, chat: httpx.Client) -> None:
    routes = {str(route.pattern) for route in urlpatterns} | {"webhooks/rest", "webhooks/other", "demo/visit"}
    shut = {re.sub(r"<[^>]+>", "visit", route) for route in routes - PUBLIC}
    assert routes > PUBLIC and shut >= {"healthz", "readyz", "metrics", "demo", "webhooks/rest/webhook"}
    before = len(front.nginx.logged())
    for path in shut:
        for method in ("GET", "POST"):
            response = chat.request(method, f"/{path}")
            assert (response.status_code, response.json()) == (404, NOTHING), path
    assert {line["upstream"] for line in front.nginx.logged_since(before, 2 * len(shut))} == {""}
    there = [path for path in ("healthz", "metrics", "demo") if httpx.get(f"http://127.0.0.1:{front.ports[0]}/{path}")]
    assert len(there) == 3


@pytest.mark.parametrize(
    "path",
    [
        "/web/../metrics", "/web/%2e%2e/metrics", "/web/..%2fmetrics", "/web/..;/metrics", "//metrics", "/./metrics",
        "/%6detrics", "/metrics?/web/settings", "/metrics#/../web/settings", "/web/settings/../../metrics",
        "/metrics/../web/settings", "/webhooks/telegram/../rest/webhook", "/webhooks/rest%2fwebhook",
        "https://chat.clinic.example/metrics", "/widget.js/../metrics", "/web/%252e%252e/metrics", "/METRICS",
    ],
)  # fmt: skip
def test_no_way_to_write_an_address_gets_past_nginx(front: Front, path: str) -> None:
    answer = front.nginx.raw(f"GET {path} HTTP/1.1\r\nHost: {CHAT}\r\nConnection: close\r\n\r\n")
    assert int(answer.split(" ", 2)[1]) in (400, 404), answer[:200]
    assert "messages_total" not in answer and "python_info" not in answer


def test_the_console_is_under_its_own_name_only(front: Front, chat: httpx.Client) -> None:
    with client(front.nginx, CONSOLE) as staff:
        assert "Sign in" in staff.get("/sign-in").text
        for path in console_paths():
            assert staff.get(path).status_code in (200, 302, 404, 405), path
            response = chat.get(path)
            assert (response.status_code, response.json()) == (404, NOTHING), path
        for path in ("/web/settings", "/widget.js", "/metrics", "/webhooks/telegram"):
            assert staff.get(path, follow_redirects=False).headers["content-type"].startswith("text/html")


@pytest.fixture
def staff_only(front: Front, tmp_path: Path) -> Iterator[Nginx]:
    """nginx with an allow-list of the console that this machine is not on."""
    shut = "allow 192.0.2.0/24; deny all;"
    with Nginx(tmp_path, front.ports, front.console_port, CONSOLE_ACCESS=shut).running() as running:
        yield running


def test_who_is_not_on_the_allow_list_does_not_see_the_console(staff_only: Nginx) -> None:
    with client(staff_only, CONSOLE) as somebody, client(staff_only) as patient:
        assert [somebody.get(path).status_code for path in ("/", "/sign-in", "/static/console/console.css")] == [
            403
        ] * 3
        assert patient.get("/web/settings").status_code == 200


def test_another_host_name_gets_no_certificate(front: Front) -> None:
    with pytest.raises(ssl.SSLError), client(front.nginx, "other.example") as http:
        try:
            http.get("/")
        except httpx.ConnectError as error:
            raise ssl.SSLError(str(error)) from None


def test_plain_http_is_sent_to_https_and_serves_nothing(front: Front) -> None:
    url = f"http://127.0.0.1:{front.nginx.plain_port}/web/settings?a=b"
    answer = httpx.get(url, headers={"Host": CHAT})
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://{CHAT}/web/settings?a=b")
    with pytest.raises(httpx.TransportError):
        httpx.get(url, headers={"Host": "other.example"})


@pytest.mark.parametrize(
    ("version", "is_taken"),
    [
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_3, True),
    ],
)
def test_old_encryption_is_refused(front: Front, version: ssl.TLSVersion, is_taken: bool) -> None:
    context = ssl.create_default_context(cafile=str(front.nginx.certificate))
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version = context.maximum_version = version
    with socket.create_connection(("127.0.0.1", front.nginx.port)) as plain:
        try:
            context.wrap_socket(plain, server_hostname=CHAT).close()
            assert is_taken
        except ssl.SSLError as error:
            assert not is_taken and "ALERT" in str(error), error


def test_what_is_logged_is_json_without_words_queries_or_addresses(front: Front, chat: httpx.Client) -> None:
    before = len(front.nginx.logged())
    headers = {
        "Authorization": "Bearer zebraword:1:x",
        "Referer": "https://zebraword.example",
        "User-Agent": "zebraword",
    }
    chat.post("/web/messages?secret=zebraword", json={"id": "zebraword", "text": "zebraword"}, headers=headers)
    with client(front.nginx, CONSOLE) as staff:
        staff.get("/set-password/zebraword/zebraword")
    lines = front.nginx.logged_since(before, 2)
    assert [line["path"] for line in lines] == ["/web/messages", "/set-password/..."]
    assert lines[0].keys() >= {"time", "request", "status", "seconds", "upstream", "upstream_status"}
    assert "zebraword" not in front.nginx.printed and '127.0.0.1"' not in json.dumps(lines)

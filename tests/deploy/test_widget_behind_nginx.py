"""The chat box on the clinic's own page, in Chromium, with nginx between it and the gateways."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import chromium
from tests.deploy.front import CLINIC_PAGE, Front
from tests.deploy.nginx import CHAT, Nginx

EMERGENCY = "my husband is having a seizure right now"


@pytest.fixture(scope="module")  # while Playwright runs, no other test can have an event loop
def browser() -> Iterator[Browser]:
    """One for which the chat's host name is this machine; it takes the tests' certificate."""
    own = "--disable-features=LocalNetworkAccessChecks"  # else a page of the web may not ask this machine
    with chromium(own, f"--host-resolver-rules=MAP {CHAT} 127.0.0.1") as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[[Nginx], Page]]:
    """Opens the clinic's page, with the two lines of docs/website.md, and the chat on it."""
    contexts: list[BrowserContext] = []

    def opened(nginx: Nginx) -> Page:
        server = f"https://{CHAT}:{nginx.port}"
        box = (
            f'<script type="module" src="{server}/widget.js"></script><baclofen-chat server="{server}"></baclofen-chat>'
        )
        html = f"<!doctype html><html lang=en><title>A clinic</title>{box}"
        contexts.append(browser.new_context(ignore_https_errors=True))
        page = contexts[-1].new_page()
        page.route(f"{CLINIC_PAGE}/**", lambda route: route.fulfill(content_type="text/html", body=html))
        page.goto(f"{CLINIC_PAGE}/")
        page.get_by_role("button", name="Questions about baclofen?").click()
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(visit: Callable[[Nginx], Page], front: Front) -> Page:
    return visit(front.nginx)


@pytest.fixture
def strict(front: Front, tmp_path: Path) -> Iterator[Nginx]:
    """nginx in front of the same gateways, with limits that a person is over after the first message."""
    nginx = Nginx(tmp_path, front.ports, front.console_port)
    nginx.change("conf.d/10-shared.conf", "rate=100r/s", "rate=1r/m")
    nginx.change("snippets/site.conf", "burst=200", "burst=3")
    with nginx.running():
        yield nginx


def say(page: Page, text: str) -> None:
    page.get_by_label("Your message").fill(text)
    page.get_by_label("Your message").press("Enter")


def test_an_emergency_typed_on_another_sites_page_is_answered(page: Page) -> None:
    say(page, EMERGENCY)
    expect(page.locator(".turns .turn", has_text=EMERGENCY)).to_contain_text("Call 911 now")
    expect(page.get_by_text("Sent", exact=True)).to_have_count(1)


def test_what_is_typed_while_no_gateway_is_there_is_sent_once_one_is(page: Page, front: Front) -> None:
    say(page, EMERGENCY)
    expect(page.get_by_text("Sent", exact=True)).to_have_count(1)
    for gateway in front.gateways:
        gateway.kill()
    say(page, "he had a seizure again")
    expect(page.locator(".turns .level-emergency")).to_have_count(2)  # the box knows the plainest words by itself
    for gateway in front.gateways:
        gateway.start()
    for gateway in front.gateways:
        gateway.wait_until_ready()
    expect(page.get_by_text("Sent", exact=True)).to_have_count(2, timeout=60_000)


def test_what_nginx_refuses_is_said_and_sent_again_by_itself(visit: Callable[[Nginx], Page], strict: Nginx) -> None:
    page, words = visit(strict), [f"what is a pump? {number}" for number in range(4)]
    for text in words:
        say(page, text)
    expect(page.get_by_text("Too much is sent from your network just now.").first).to_be_visible(timeout=30_000)
    strict.change("conf.d/10-shared.conf", "rate=1r/m", "rate=100r/s")
    strict.read_again()
    expect(page.get_by_text("Sent", exact=True)).to_have_count(len(words), timeout=60_000)
    assert "429" in {line["status"] for line in strict.logged()}

"""A real Chromium on the demo clinic's page. Without one these tests are skipped; with CI=true they fail."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from baclofen_faq.vetted_files import ROOT
from service.stack import Place

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENSHOTS = ROOT / "reports" / "screenshots"
expect.set_options(timeout=10_000)


def missing(what: str) -> NoReturn:
    """Skip on a laptop, fail where everything must run."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="module")  # while Playwright runs, no other test can have an event loop
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing("no Chromium found; install it (Debian: sudo apt-get install chromium) and run the same command again")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script."""
    if not AXE.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("axe-core is not installed; it needs Node.js: install npm, then run `npm ci` in widget/")
        subprocess.run([npm, "ci", "--silent"], cwd=AXE.parents[2], check=True)
    return AXE.read_text(encoding="utf-8")


class Visitor:
    """Somebody with a browser of their own on the clinic's page."""

    def __init__(self, context: BrowserContext, bot: Place) -> None:
        self.context, self.bot = context, bot
        self.violations: list[str] = []
        self.page = self.tab()

    def tab(self, path: str = "/demo") -> Page:
        """One more tab; what it says about its content security policy is kept."""
        page = self.context.new_page()
        page.on("console", lambda message: self._note(message.text))
        page.on("pageerror", lambda error: self.violations.append(str(error)))
        page.goto(self.bot.gateway_url + path)
        return page

    def open(self) -> "Visitor":
        self.page.get_by_role("button", name="Questions about baclofen?").click()
        expect(self.input).to_be_focused()
        return self

    @property
    def input(self) -> Any:
        return self.page.get_by_label("Your message")

    @property
    def log(self) -> Any:
        return self.page.get_by_role("log")

    @property
    def answers(self) -> Any:
        """What the bot said to messages; not the greeting."""
        return self.page.locator(".turns .message.bot")

    @property
    def answered(self) -> Any:
        """The messages that have an answer, each with all that was answered."""
        return self.page.locator(".turns .turn", has=self.page.locator(".bot"))

    @property
    def said(self) -> Any:
        return self.page.locator(".turns .message.person p")

    def type(self, text: str) -> None:
        self.input.fill(text)
        self.input.press("Enter")

    def ask(self, text: str) -> Any:
        """Say something and wait for what is answered: the last message of the bot."""
        before = self.answers.count()
        self.type(text)
        expect(self.answers.nth(before)).to_be_visible()
        return self.answers.last

    def held_up(self, pattern: str, handle: Callable[[Route], None]) -> None:
        """The network of this visitor treats some requests in another way."""
        self.page.route(re.compile(pattern), lambda route: handle(route))

    def picture(self, name: str) -> Path:
        """A screenshot for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path)
        return path

    def _note(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.violations.append(text)


@pytest.fixture
def visit(browser: Browser, bot: Place) -> Iterator[Callable[..., Visitor]]:
    """Visitors, each with a browser context of their own; at the end nothing may have broken the page's policy."""
    visitors: list[Visitor] = []

    def one_more(**options: Any) -> Visitor:
        context = browser.new_context(**{"viewport": {"width": 1100, "height": 800}, **options})
        visitors.append(Visitor(context, bot))
        return visitors[-1]

    yield one_more
    violations = [violation for visitor in visitors for violation in visitor.violations]
    for visitor in visitors:
        visitor.context.close()
    assert not violations, violations


@pytest.fixture
def visitor(visit: Callable[..., Visitor]) -> Visitor:
    """One visitor with the chat open."""
    return visit().open()

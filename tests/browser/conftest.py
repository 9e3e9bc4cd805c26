"""A real Chromium on the demo clinic's page. Without one these tests are skipped; with CI=true they fail."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from baclofen_faq.vetted_files import ROOT
from service.place import Place
from tests.browser.staff import ROLES, Member, add_staff, console_at, run
from tests.browser.visitor import Visitor

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
expect.set_options(timeout=10_000)


def missing(what: str) -> NoReturn:
    """Skip on a laptop, fail where everything must run."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def chromium(*more_flags: str) -> Iterator[Browser]:
    """A Chromium of this machine; without one the tests are skipped, or fail where everything must run."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing("no Chromium found; install it (Debian: sudo apt-get install chromium) and run the same command again")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*FLAGS, *more_flags])
        yield running
        running.close()


@pytest.fixture(scope="module")  # while Playwright runs, no other test can have an event loop
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script."""
    if not AXE.exists():
        npm = shutil.which("npm")
        if npm is None:
            missing("axe-core is not installed; it needs Node.js: install npm, then run `npm ci` in widget/")
        subprocess.run([npm, "ci", "--silent"], cwd=AXE.parents[2], check=True)
    return AXE.read_text(encoding="utf-8")


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


@pytest.fixture(scope="session")
def console(bot: Place) -> Iterator[Place]:
    """The console over the running bot's log, with made-up conversations in it and somebody of each role."""
    run(bot, "demo_data", "--conversations", "150")
    add_staff(bot, *((role, role) for role in ROLES), ("forgetful", "reviewer"), ("careful", "clinician"))
    with console_at(bot):
        yield bot


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """Each role's cookies, once somebody signed in."""
    return {}


@pytest.fixture(scope="module")
def states(browser: Browser, console: Place, signed_in: dict[str, Any]) -> dict[str, Any]:
    """Each role's cookies after signing in once."""
    for role in ROLES if not signed_in else ():
        context = browser.new_context()
        member = Member(context, console).sign_in(role)
        expect(member.page.get_by_role("heading", level=1)).to_have_text("Inbox")
        signed_in[role] = context.storage_state()
        context.close()
    return signed_in


@pytest.fixture
def enter(browser: Browser, console: Place, states: dict[str, Any]) -> Iterator[Callable[..., Member]]:
    """Staff, each with a browser of their own, signed in unless `role` is ""; at the end no page broke its policy."""
    members: list[Member] = []

    def one_more(role: str = "", **options: Any) -> Member:
        state = {"storage_state": states[role]} if role else {}
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options, **state})
        members.append(Member(context, console))
        return members[-1]

    yield one_more
    violations = [violation for member in members for violation in member.violations]
    for member in members:
        member.context.close()
    assert not violations, violations


@pytest.fixture
def nurse(enter: Callable[..., Member]) -> Member:
    return enter("reviewer")

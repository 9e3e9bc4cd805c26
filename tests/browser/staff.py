"""Somebody of the clinic's staff with a browser, and the console that they sign in to."""

import base64
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from django_otp.oath import totp
from playwright.sync_api import BrowserContext, Page, expect

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment
from service.stack import migrate
from tests.browser.visitor import SCREENSHOTS

PASSWORD = "a long password of tests 7"
ROLES = ("viewer", "reviewer", "clinician", "admin")
ADD_STAFF = """
from service.console.models import Staff
for name, role in {people!r}:
    Staff.objects.create_user(username=name, password={password!r}, role=role)
"""


@contextmanager
def console_at(place: Place, **more: str) -> Iterator[None]:
    """The console as `make serve` runs it, over the databases of that place; `more` goes into its environment."""
    env = {**environment(place), **more}
    command = [
        *(str(Path(sys.executable).parent / "gunicorn"), "service.console.wsgi:application"),
        *("--bind", f"127.0.0.1:{place.console}", "--worker-class", "gthread", "--threads", "8"),
        *("--no-control-socket", "--log-level", "warning"),
    ]
    running = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        for _ in range(300):
            try:
                httpx.get(f"{place.console_url}/sign-in")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield
    finally:
        running.terminate()
        running.wait(20)


def add_staff(place: Place, *people: tuple[str, str]) -> None:
    """People with a name and a role, who all have the same password."""
    run(place, "shell", "--no-imports", "-c", ADD_STAFF.format(people=people, password=PASSWORD))


def run(place: Place, *arguments: str) -> str:
    """One of the console's commands; what it printed."""
    migrate(place)
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    env = {**environment(place), "DJANGO_SETTINGS_MODULE": "service.settings.console"}
    return subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout


class Member:
    """One of the staff in a browser of their own."""

    def __init__(self, context: BrowserContext, place: Place) -> None:
        self.context, self.place = context, place
        self.violations: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        """One more tab; what it says about its content security policy is kept."""
        page = self.context.new_page()
        page.on("console", lambda message: self._note(message.text))
        page.on("pageerror", lambda error: self.violations.append(str(error)))
        return page

    def go(self, path: str) -> Page:
        self.page.goto(self.place.console_url + path)
        return self.page

    def sign_in(self, name: str, password: str = PASSWORD) -> "Member":
        """User name and password; an authenticator app is set up where the role asks for it."""
        self.go("/sign-in")
        self.page.get_by_label("User name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        if self.page.url.split("?")[0].endswith("/account/second-factor"):
            self.page.get_by_text("The camera does not work").click()
            self.page.get_by_label("Code of your authenticator app").fill(code(self.page.locator(".key").inner_text()))
            self.page.get_by_role("button", name="Finish").click()
        return self

    def focused(self) -> str:
        """What has the focus, as a person would name it."""
        return str(
            self.page.evaluate(
                "() => { const one = document.activeElement; return one.id || one.getAttribute('aria-label') "
                "|| one.name || one.textContent.trim().slice(0, 40) }"
            )
        )

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(self.place.console_url + path)

    def picture(self, name: str) -> Path:
        """A screenshot for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"console_{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def _note(self, text: str) -> None:
        if "Content Security Policy" in text or "Refused to" in text:
            self.violations.append(text)


def code(key: str) -> str:
    """What an authenticator app shows now for a key."""
    secret = base64.b32decode(key.replace(" ", ""))
    return f"{totp(secret):06d}"

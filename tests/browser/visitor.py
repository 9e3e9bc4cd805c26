"""Somebody with a browser on the demo clinic's page."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from baclofen_faq.vetted_files import ROOT
from service.place import Place

SCREENSHOTS = ROOT / "reports" / "screenshots"


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

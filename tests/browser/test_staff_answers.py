"""The clinic's staff write to somebody who has the chat box open."""

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.visitor import Visitor

QUESTION = "could you tell me what baclofen withdrawal is?"
WORDS = "From the clinic's staff: Hello <b>{you}</b>, we call you at 3 pm."
OF_STAFF = {"n": 900_000, "from": "staff", "id": "staff:1", "at": "2026-11-26T10:00:00+00:00", "text": WORDS}
OF_STAFF |= {"level": "none", "answer_id": "staff", "buttons": [], "sources": [], "notice": ""}


def handed_off(visitor: Visitor) -> list[dict[str, Any]]:
    """From now on the server says that staff have the chat; what is put into the list is in its history."""
    waiting: list[dict[str, Any]] = []

    def change(route: Route) -> None:
        answer = route.fetch()
        body = {**answer.json(), "is_handed_off": True}
        if "messages" in body:
            body["messages"] += [one for one in waiting if f"after={one['n']}" not in route.request.url]
            body["last"] = max([body["last"], *(one["n"] for one in waiting)])
        route.fulfill(response=answer, body=json.dumps(body))

    visitor.page.route(re.compile("/web/(messages|history)"), change)
    return waiting


def test_what_staff_write_appears_by_itself_marked_and_is_read_aloud(visitor: Visitor) -> None:
    staff = handed_off(visitor)
    visitor.ask(QUESTION)
    staff.append(OF_STAFF)
    message = visitor.page.locator("baclofen-chat .message.staff")
    expect(message).to_have_count(1, timeout=15_000)
    expect(message).to_contain_text(WORDS)
    expect(message).to_contain_text("Written by a person:")
    expect(message.locator("b")).to_have_count(0)
    expect(
        visitor.page.locator("baclofen-chat [aria-live]").filter(has_text="we call you at 3 pm").first
    ).to_be_attached()
    visitor.page.wait_for_timeout(6000)
    expect(message).to_have_count(1)


def test_nobody_is_asked_for_where_nothing_is_handed_off(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    visitor.page.wait_for_timeout(7000)
    assert [url for url in asked if "/web/history" in url] == []


def test_what_came_while_the_panel_was_closed_is_counted(visit: Callable[..., Visitor]) -> None:
    visitor = visit().open()
    staff = handed_off(visitor)
    visitor.ask(QUESTION)
    visitor.page.get_by_role("button", name="Close the chat").click()
    staff.append(OF_STAFF)
    expect(visitor.page.locator("baclofen-chat .badge")).to_contain_text("1 new message", timeout=15_000)

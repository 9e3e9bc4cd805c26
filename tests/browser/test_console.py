"""The console in a real browser: signing in, the inbox live, reviewing by keyboard, exporting, being locked out."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
from playwright.sync_api import Browser, expect

from service.place import Place
from tests.browser.staff import PASSWORD, Member, add_staff, code, console_at
from tests.conftest import free_port

Enter = Callable[..., Member]
Say = Callable[..., list[dict[str, Any]]]


def rows(member: Member) -> Any:
    return member.page.locator("[data-row]")


def turns(member: Member) -> Any:
    return member.page.locator("[data-turn]")


def test_who_is_not_signed_in_sees_the_sign_in_page_and_comes_back(enter: Enter) -> None:
    somebody = enter()
    somebody.go("/retention")
    expect(somebody.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    somebody.page.get_by_label("User name").fill("viewer")
    somebody.page.get_by_label("Password").fill(PASSWORD)
    somebody.page.keyboard.press("Enter")
    somebody.is_at("/retention")


def test_a_clinician_needs_the_code_of_an_authenticator_app(enter: Enter) -> None:
    first = enter()
    first.go("/sign-in")
    first.page.get_by_label("User name").fill("careful")
    first.page.get_by_label("Password").fill(PASSWORD)
    first.page.get_by_role("button", name="Sign in").click()
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Set up your authenticator app")
    first.go("/")
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Set up your authenticator app")
    first.picture("second_factor")
    first.page.get_by_text("The camera does not work").click()
    key = first.page.locator(".key").inner_text()
    first.page.get_by_label("Code of your authenticator app").fill("000000")
    first.page.get_by_role("button", name="Finish").click()
    expect(first.page.locator(".errorlist")).to_be_visible()
    first.page.wait_for_timeout(1500)  # a wrong code is followed by a pause
    first.page.get_by_label("Code of your authenticator app").fill(code(key))
    first.page.get_by_role("button", name="Finish").click()
    expect(first.page.get_by_role("heading", level=1)).to_have_text("Inbox")
    again = enter().sign_in("careful")
    expect(again.page.get_by_role("heading", level=1)).to_have_text("One more step: your code")
    again.go("/conversations")
    expect(again.page.get_by_role("heading", level=1)).to_have_text("One more step: your code")


def test_five_wrong_passwords_lock_the_account_whatever_comes_next(enter: Enter) -> None:
    somebody = enter()
    for _ in range(5):
        somebody.sign_in("forgetful", "not the password")
    somebody.sign_in("forgetful", PASSWORD)
    expect(somebody.page.get_by_role("heading", level=1)).not_to_have_text("Inbox")
    expect(somebody.page.get_by_role("heading", level=1)).to_have_text("Too many wrong passwords")
    somebody.picture("locked_out")
    other = enter().sign_in("viewer")
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Inbox")


def test_a_new_emergency_is_on_the_screen_within_three_seconds(nurse: Member, say: Say) -> None:
    page = nurse.go("/")
    title = page.title()
    say("my husband is having a seizure right now", sender="seen-by-the-nurse")
    began = time.monotonic()
    expect(page.locator("#announcements")).to_contain_text("emergency", timeout=3500)
    took = time.monotonic() - began
    assert took < 3.5, took
    expect(page.locator("section.open [data-row]").first).to_contain_text("seizure")
    assert page.title() != title
    page.locator("section.open [data-row] a").first.click()
    expect(turns(nurse).last).to_contain_text("my husband is having a seizure right now")


def test_a_message_in_an_open_conversation_is_on_the_screen_within_three_seconds(nurse: Member, say: Say) -> None:
    say("my wife has a fever and hallucinates since her pump alarms", sender="talks-on")
    nurse.go("/inbox/next")
    page = nurse.page
    for _ in range(20):
        if "since her pump alarms" in page.locator("#turns").inner_text():
            break
        page.keyboard.press("s")
        page.wait_for_load_state()
    before = turns(nurse).count()
    say("the alarm is louder now", sender="talks-on")
    expect(turns(nurse)).to_have_count(before + 1, timeout=3500)
    expect(turns(nurse).last).to_contain_text("the alarm is louder now")


def test_a_nurse_reviews_by_keyboard_alone(nurse: Member, say: Say) -> None:
    said = say("she took all her baclofen pills at once", sender="by-keyboard")
    assert said[0]["level"] == "emergency"
    page = nurse.go("/")
    expect(page.locator("section.open [data-row]").first).to_be_visible()
    page.keyboard.press("j")
    first = nurse.focused()
    page.keyboard.press("j")
    assert nurse.focused() != first
    page.keyboard.press("k")
    assert nurse.focused() == first
    page.keyboard.press("Enter")
    expect(turns(nurse).first).to_be_visible()
    here = page.url
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator("#announcements")).to_contain_text("Saved: right answer")
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Remove the flag")).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.type("rang back, jumpy but safe? r f")
    assert page.url == here, "letters of a note are no commands"
    page.get_by_role("button", name="Save note").press("Enter")
    expect(page.locator("#notes")).to_contain_text("rang back, jumpy but safe? r f")
    page.locator("#main").focus()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name=re.compile("^Flag"))).to_be_visible()
    page.keyboard.press("r")
    expect(page).not_to_have_url(here)
    page.goto(here)
    expect(page.get_by_label("State")).to_have_value("done")


def test_help_lists_the_keys_and_they_can_be_switched_off(nurse: Member) -> None:
    page = nurse.go("/")
    page.keyboard.press("?")
    help = page.get_by_role("dialog")
    expect(help).to_be_visible()
    nurse.picture("help")
    page.get_by_label(re.compile("Shortcuts")).uncheck()
    page.keyboard.press("Escape")
    expect(help).to_be_hidden()
    before = nurse.focused()
    page.keyboard.press("j")
    assert nurse.focused() == before


def test_what_is_filtered_is_what_is_exported(nurse: Member) -> None:
    page = nurse.go("/conversations?level=emergency")
    listed = set(rows(nurse).locator("a").all_inner_texts())
    assert listed
    exported: dict[str, str] = {}
    for name in ("CSV", "JSONL"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        exported[name] = download.value.path().read_bytes().decode()
    assert exported["CSV"].startswith("\ufeff")
    numbers = {str(json.loads(line)["conversation"]) for line in exported["JSONL"].splitlines()}
    assert numbers == listed


def test_search_finds_what_a_person_wrote(nurse: Member, say: Say) -> None:
    say("is a glockenspiel allowed with baclofen?", sender="plays-music")
    page = nurse.go("/conversations")
    for _ in range(30):
        page.get_by_label("Words").first.fill("glockensp")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if rows(nurse).count():
            break
    expect(rows(nurse)).to_have_count(1)
    assert "glockenspiel" not in page.locator("table").inner_text(), "lists show no words"


def test_a_session_that_nobody_clicks_in_ends_though_its_page_asks_for_news(browser: Browser, bot: Place) -> None:
    add_staff(bot, ("asleep", "viewer"))
    place = replace(bot, console=free_port())
    with console_at(place, CONSOLE_IDLE_SECONDS="3"):
        context = browser.new_context()
        member = Member(context, place).sign_in("asleep")
        expect(member.page.get_by_role("heading", level=1)).to_have_text("Inbox")
        expect(member.page.get_by_role("heading", level=1)).to_have_text("Sign in", timeout=12_000)
        context.close()


def test_nothing_of_the_console_is_reached_through_the_gateway(console: Place) -> None:
    assert httpx.get(f"{console.console_url}/sign-in").status_code == 200
    for path in ("/sign-in", "/conversations", "/audit", "/static/console/console.css"):
        assert httpx.get(console.gateway_url + path).status_code == 404

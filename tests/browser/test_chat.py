"""A conversation on the clinic's page, as patients have it."""

import re
from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from service.place import Place
from tests.browser.visitor import Visitor

QUESTION = "could you tell me what baclofen withdrawal is?"
EMERGENCY = "my husband is having a seizure right now"
Visit = Callable[..., Visitor]


def test_a_whole_conversation(visitor: Visitor) -> None:
    expect(visitor.log).to_contain_text("I am a computer program")
    expect(visitor.log).to_contain_text("Please do not write your name")
    answer = visitor.ask(QUESTION)
    expect(answer).to_contain_text("how the body reacts when it loses the drug")
    expect(answer).to_contain_text("not yet approved by a clinician of your clinic")
    answer.get_by_text(re.compile(r"Sources \(\d+\)")).click()
    source = answer.locator("details").get_by_role("link").first
    expect(source).to_be_visible()
    assert (source.get_attribute("href") or "").startswith("https://")
    assert "noopener" in (source.get_attribute("rel") or "")
    expect(answer.locator("details")).to_contain_text(re.compile(r"read on \d+ \w+ 2026"))
    visitor.picture("answer")
    button = answer.get_by_role("group", name="You can ask").get_by_role("button").first
    title = button.inner_text()
    before = visitor.answers.count()
    button.click()
    expect(visitor.said.last).to_have_text(title)
    expect(visitor.answers.nth(before)).to_be_visible()
    assert visitor.page.locator(".turns time").count() >= 4


def test_an_emergency_looks_like_one_and_can_be_called(visitor: Visitor) -> None:
    card = visitor.ask(EMERGENCY)
    expect(card.get_by_role("heading", name="Emergency")).to_be_visible()
    call = card.get_by_role("link", name="Call 911")
    expect(call).to_have_attribute("href", "tel:911")
    expect(call).to_be_in_viewport()
    visitor.picture("emergency")


def test_the_numbers_never_scroll_away(visitor: Visitor) -> None:
    numbers = visitor.page.get_by_role("group", name="Phone numbers for help")
    for kind, href in (("Emergency 911", "tel:911"), ("Crisis line 988", "tel:988")):
        expect(numbers.get_by_role("link", name=kind)).to_have_attribute("href", href)
    for _ in range(3):
        visitor.ask(QUESTION)
    expect(numbers.get_by_role("link", name="Emergency 911")).to_be_in_viewport()


def test_shift_and_enter_makes_a_new_line(visitor: Visitor) -> None:
    visitor.input.press_sequentially("first line")
    visitor.input.press("Shift+Enter")
    visitor.input.press_sequentially("second line")
    expect(visitor.input).to_have_value("first line\nsecond line")
    expect(visitor.said).to_have_count(0)
    visitor.input.press("Enter")
    expect(visitor.said).to_have_count(1)


def test_markup_in_a_message_is_words(visitor: Visitor) -> None:
    visitor.ask('<img src=x onerror="document.title=1"><b>bold</b> what is baclofen?')
    expect(visitor.said.last).to_have_text('<img src=x onerror="document.title=1"><b>bold</b> what is baclofen?')
    assert visitor.page.locator(".turns img, .turns b").count() == 0


def test_too_many_characters_are_counted_and_not_sent(visitor: Visitor) -> None:
    visitor.input.fill("a" * 3990)
    expect(visitor.page.get_by_text("10 characters left").first).to_be_visible()
    visitor.input.fill("a" * 4001)
    expect(visitor.page.get_by_text("Too long by 1").first).to_be_visible()
    visitor.input.press("Enter")
    expect(visitor.said).to_have_count(0)
    expect(visitor.input).to_have_value("a" * 4001)


def test_clearing_forgets_the_chat(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.page.get_by_role("button", name="More choices").click()
    visitor.page.get_by_role("button", name="Clear this chat").click()
    expect(visitor.page.get_by_text("What you sent stays with the clinic")).to_be_visible()
    visitor.page.get_by_role("button", name="Clear the chat").click()
    expect(visitor.said).to_have_count(0)
    visitor.page.reload()
    expect(visitor.log).to_contain_text("I am a computer program")
    expect(visitor.said).to_have_count(0)


def test_the_transcript_can_be_copied(visit: Visit) -> None:
    visitor = visit(permissions=["clipboard-read", "clipboard-write"]).open()
    visitor.ask(QUESTION)
    visitor.page.get_by_role("button", name="More choices").click()
    visitor.page.get_by_role("button", name=re.compile("^Copy")).click()
    expect(visitor.page.get_by_text(re.compile("was copied")).first).to_be_visible()
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert QUESTION in copied and "how the body reacts" in copied and "https://" in copied


def test_leaving_quickly_leaves_no_trace(visitor: Visitor) -> None:
    visitor.page.evaluate("document.querySelector('baclofen-chat').setAttribute('leave-to', '/demo/visit')")
    visitor.ask(QUESTION)
    visitor.page.get_by_role("button", name="Leave quickly").click()
    visitor.page.wait_for_url("**/demo/visit")
    expect(visitor.page.get_by_role("button", name="Questions about baclofen?")).to_be_visible()
    stored = visitor.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "token" not in stored
    visitor.open()
    expect(visitor.said).to_have_count(0)


def test_without_the_script_the_emergency_lines_stand_there(visit: Visit) -> None:
    visitor = visit(java_script_enabled=False)
    line = visitor.page.locator("baclofen-chat").get_by_role("link", name="911")
    expect(line).to_be_visible()
    expect(line).to_have_attribute("href", "tel:911")


def test_where_the_server_is_not_reached_the_emergency_lines_stand_there(visit: Visit) -> None:
    visitor = visit()
    visitor.held_up(r"/web/settings", lambda route: route.abort())
    visitor.page.evaluate("sessionStorage.clear()")
    visitor.page.reload()
    line = visitor.page.locator("baclofen-chat").get_by_role("link", name="911")
    expect(line).to_be_visible()
    assert visitor.page.get_by_role("button", name="Questions about baclofen?").count() == 0
    visitor.picture("server_down")
    visitor.page.unroute(re.compile(r"/web/settings"))
    expect(visitor.page.get_by_role("button", name="Questions about baclofen?")).to_be_visible()
    expect(line).to_be_hidden()


def test_another_visitors_token_is_of_no_use(visitor: Visitor, visit: Visit, bot: Place) -> None:
    visitor.ask(f"the word is xylophone. {QUESTION}")
    other = visit().open()
    other.ask(QUESTION)
    expect(other.log).not_to_contain_text("xylophone")
    kept = "JSON.parse(Object.entries(sessionStorage).find(([key]) => key.endsWith(':token'))[1]).token"
    token = other.page.evaluate(kept)
    conversation = visitor.page.evaluate(kept).split(":")[0]
    forged = {"Authorization": f"Bearer {conversation}:{token.split(':', 1)[1]}"}
    assert httpx.get(f"{bot.gateway_url}/web/history", headers=forged).status_code == 401


def test_a_token_that_the_server_does_not_know_begins_a_new_chat(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.held_up(
        r"/web/messages",
        lambda route: route.continue_(headers={**route.request.headers, "authorization": "Bearer of:nobody:x"}),
    )
    visitor.type("thanks")
    visitor.page.wait_for_timeout(500)
    visitor.page.unroute(re.compile(r"/web/messages"))
    expect(visitor.page.get_by_text("A new chat was started").first).to_be_visible()
    expect(visitor.answered).to_have_count(2, timeout=20_000)
    expect(visitor.said).to_have_count(2)


def test_no_other_host_is_asked_and_no_cookie_is_set(visit: Visit, bot: Place) -> None:
    visitor, hosts = visit(), set()
    visitor.context.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    visitor.page.reload()
    visitor.open().ask(QUESTION)
    assert hosts == {bot.gateway_url.removeprefix("http://")}
    assert visitor.context.cookies() == []
    stored = visitor.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "token" in stored and QUESTION not in stored and "how the body reacts" not in stored

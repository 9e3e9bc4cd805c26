"""Reloads, tabs, and a network or server that fails: each message arrives once, and each answer is on screen once."""

import os
import re
import signal
import time
from collections.abc import Callable

import httpx
from playwright.sync_api import Route, expect

from service.place import Place
from tests.browser.visitor import Visitor

QUESTION = "could you tell me what baclofen withdrawal is?"
EMERGENCY = "my husband is having a seizure right now"
Visit = Callable[..., Visitor]


def test_a_reload_and_another_page_go_on_with_the_chat(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.page.reload()
    expect(visitor.said).to_have_text([QUESTION])
    expect(visitor.answered).to_have_count(1)
    visitor.page.goto(f"{visitor.bot.gateway_url}/demo/visit")
    expect(visitor.said).to_have_text([QUESTION])
    visitor.ask("why must baclofen be tapered?")
    expect(visitor.said).to_have_count(2)


def test_a_second_tab_has_its_own_chat_unless_it_is_remembered(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    first, second = visitor.page, visitor.tab()
    visitor.page = second
    visitor.open()
    expect(visitor.log).to_contain_text("I am a computer program")  # greeted: there is nothing to go on with
    expect(visitor.said).to_have_count(0)
    visitor.page = first
    visitor.page.get_by_role("button", name="More choices").click()
    visitor.page.get_by_label("Remember on this device").check()
    third = visitor.tab()
    visitor.page = third
    visitor.open()
    expect(visitor.said).to_have_text([QUESTION])
    visitor.ask("why must baclofen be tapered?")
    visitor.page = first
    visitor.page.bring_to_front()
    expect(visitor.said).to_have_count(2)
    expect(visitor.answered).to_have_count(2)


def test_what_is_typed_offline_is_sent_in_order_and_once(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.context.set_offline(True)
    words = ["why must baclofen be tapered?", "what is a pump?", "who is most at risk?"]
    for text in words:
        visitor.type(text)
    expect(visitor.page.get_by_role("button", name="Not sent. Tap to try again")).to_have_count(3)
    expect(visitor.page.get_by_text("You are offline.").first).to_be_visible()
    visitor.picture("offline")
    visitor.context.set_offline(False)
    expect(visitor.page.get_by_text("Sent", exact=True)).to_have_count(4, timeout=20_000)
    expect(visitor.said).to_have_text([QUESTION, *words])
    assert persons_words(visitor) == [QUESTION, *words]
    visitor.page.reload()
    expect(visitor.said).to_have_text([QUESTION, *words])


def test_an_emergency_offline_shows_the_card_at_once_and_only_one(visitor: Visitor) -> None:
    visitor.context.set_offline(True)
    visitor.type("he is having a seizure")
    card = visitor.page.locator(".turns .level-emergency")
    expect(card.get_by_role("link", name="Call 911")).to_be_visible(timeout=1500)
    visitor.context.set_offline(False)
    expect(visitor.page.get_by_text("Sent", exact=True)).to_be_visible(timeout=20_000)
    expect(card).to_have_count(1)


def test_offline_words_without_an_emergency_name_the_number_all_the_same(visitor: Visitor) -> None:
    visitor.context.set_offline(True)
    visitor.type("what is a pump?")
    line = visitor.page.locator(".status", has_text="In an emergency, call 911")
    expect(line).to_be_visible()
    assert visitor.page.locator(".turns .level-emergency").count() == 0


def test_a_slow_server_holds_up_no_emergency(visitor: Visitor) -> None:
    held: list[Route] = []
    visitor.held_up(r"/web/messages", held.append)
    visitor.type("she had a convulsion")
    card = visitor.page.locator(".turns .level-emergency")
    expect(card).to_be_visible(timeout=5500)
    held[0].continue_()
    expect(visitor.page.get_by_text("Sent", exact=True)).to_be_visible(timeout=20_000)
    expect(card).to_have_count(1)


def test_a_lost_answer_is_got_again_and_the_message_kept_once(visitor: Visitor) -> None:
    lost: list[str] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        route.fetch()  # the server hears it and answers
        lost.append(route.request.post_data or "")
        return route.abort()

    visitor.held_up(r"/web/messages", lose)
    visitor.type(QUESTION)
    expect(visitor.answered).to_have_count(1, timeout=20_000)
    assert len(lost) == 1 and persons_words(visitor) == [QUESTION]


def test_a_page_with_unsent_words_asks_before_it_is_left(visitor: Visitor) -> None:
    asked: list[str] = []
    visitor.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visitor.ask(QUESTION)
    visitor.page.reload()
    assert asked == []
    expect(visitor.said).to_have_count(1)
    visitor.page.route(re.compile(r"/web/messages"), lambda route: route.abort())
    visitor.type("what is a pump?")
    expect(visitor.page.get_by_role("button", name="Not sent. Tap to try again")).to_be_visible()
    visitor.page.reload()
    assert asked == ["beforeunload"]


def test_a_tap_sends_again(visitor: Visitor) -> None:
    visitor.page.route(re.compile(r"/web/messages"), lambda route: route.abort())
    visitor.type(QUESTION)
    retry = visitor.page.get_by_role("button", name="Not sent. Tap to try again")
    expect(retry).to_be_visible()
    visitor.page.unroute(re.compile(r"/web/messages"))
    retry.click()
    expect(visitor.answered).to_have_count(1)


def test_a_gateway_that_is_killed_comes_back_and_nothing_is_lost(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    kill(visitor.bot, "gateway.1")
    visitor.type("why must baclofen be tapered?")
    expect(visitor.answered).to_have_count(2, timeout=60_000)
    expect(visitor.page.get_by_text("Sent", exact=True)).to_have_count(2)
    assert persons_words(visitor) == [QUESTION, "why must baclofen be tapered?"]


def test_without_rasa_an_emergency_is_answered_and_a_question_is_told_so(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    kill(visitor.bot, "rasa.1")
    expect(visitor.ask("why must baclofen be tapered?")).to_contain_text("I cannot answer just now")
    expect(visitor.ask(EMERGENCY)).to_contain_text("Call 911 now")
    until_ready(visitor.bot)
    expect(visitor.ask("the ambulance is here")).to_contain_text("Thank you for telling me")
    expect(visitor.ask("who is most at risk?")).to_contain_text("at risk")
    expect(visitor.said).to_have_count(5)


def test_forty_visitors_at_once_see_their_own_words_only(visit: Visit) -> None:
    visitors = [visit().open() for _ in range(40)]
    for number, visitor in enumerate(visitors):
        visitor.type(f"{QUESTION} word{number:02}q")
    for number, visitor in enumerate(visitors):
        expect(visitor.answers.first).to_be_visible(timeout=60_000)
        words = set(re.findall(r"word\d\dq", visitor.log.inner_text()))
        assert words == {f"word{number:02}q"}


def test_words_that_the_server_cannot_take_hold_up_no_others(visitor: Visitor) -> None:
    visitor.held_up(
        r"/web/messages",
        lambda route: (
            route.fulfill(status=500) if "xylophone" in (route.request.post_data or "") else route.continue_()
        ),
    )
    visitor.type("xylophone")
    expect(visitor.page.get_by_role("button", name="Not sent. Tap to try again")).to_be_visible()
    expect(visitor.ask(EMERGENCY)).to_contain_text("Call 911 now")


def test_plain_words_of_an_emergency_bring_up_the_card_offline(visit: Visit) -> None:
    visitor = visit().open()
    visitor.context.set_offline(True)
    said = (
        "I want to die",
        "he is unable to breathe",
        "tuvo una convulsión",
        "can not wake her",
        "saw bugs on the wall",
    )
    for number, text in enumerate(said, start=1):
        visitor.type(text)
        expect(visitor.page.locator(".turns .level-emergency")).to_have_count(number, timeout=1500)
    visitor.type("what are the opening hours?")
    visitor.page.wait_for_timeout(500)
    expect(visitor.page.locator(".turns .level-emergency")).to_have_count(len(said))


def persons_words(visitor: Visitor) -> list[str]:
    """What the server has of the person's words, in its order."""
    script = """async () => {
        const kept = Object.entries(sessionStorage).find(([key]) => key.endsWith(':token'))[1];
        const headers = {Authorization: `Bearer ${JSON.parse(kept).token}`};
        return (await (await fetch('/web/history?after=0', {headers})).json()).messages;
    }"""
    return [message["text"] for message in visitor.page.evaluate(script) if message["from"] == "person"]


def kill(bot: Place, name: str) -> None:
    """End a process of the bot without asking it; its keeper starts it again."""
    os.kill(bot.pid(name), signal.SIGKILL)


def until_ready(bot: Place) -> None:
    """Wait until the whole bot answers again."""
    for _ in range(90):
        try:
            if httpx.get(f"{bot.gateway_url}/readyz", timeout=10).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    raise AssertionError("the bot did not come back")

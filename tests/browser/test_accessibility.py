"""WCAG 2.2 AA as far as a program can see it, and what it cannot: keyboard, names, what a screen reader is told."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

QUESTION = "could you tell me what baclofen withdrawal is?"
EMERGENCY = "my husband is having a seizure right now"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.5.8
Visit = Callable[..., Visitor]
Step = Callable[[Visitor], Any]


def offline(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    visitor.context.set_offline(True)
    visitor.type("what is a pump?")
    expect(visitor.page.get_by_role("button", name="Not sent. Tap to try again")).to_be_visible()


def refused(visitor: Visitor) -> None:
    visitor.held_up(r"/web/messages", lambda route: route.fulfill(status=400, json={"error": "this will not work"}))
    visitor.type(QUESTION)
    expect(visitor.page.get_by_text("this will not work").first).to_be_visible()


def with_sources(visitor: Visitor) -> None:
    visitor.ask(QUESTION).locator("summary").click()


def with_menu(visitor: Visitor) -> None:
    visitor.page.get_by_role("button", name="More choices").click()


def with_question(visitor: Visitor) -> None:
    with_menu(visitor)
    visitor.page.get_by_role("button", name="Clear this chat").click()


def too_long(visitor: Visitor) -> None:
    visitor.input.fill("a" * 4100)


STATES: dict[str, Step] = {
    "open": lambda visitor: None,
    "answer": with_sources,
    "emergency": lambda visitor: visitor.ask(EMERGENCY),
    "advisory": lambda visitor: visitor.ask("I ran out of baclofen tablets this morning"),
    "offline": offline,
    "error": refused,
    "menu": with_menu,
    "clear": with_question,
    "too_long": too_long,
}
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {},
    "dark": {"color_scheme": "dark"},
    "320": {"viewport": {"width": 320, "height": 640}},
    "zoomed": {"viewport": {"width": 320, "height": 256}},  # 1280 by 1024 at 400 %
}


def violations(visitor: Visitor, axe: str) -> list[str]:
    """What axe finds: rule and element."""
    visitor.page.evaluate(axe)
    found = visitor.page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    assert found["passes"], "axe checked nothing"
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def test_axe_sees_into_the_chat(visitor: Visitor, axe: str) -> None:
    """Else the tests below would prove nothing."""
    visitor.page.evaluate(
        "document.querySelector('baclofen-chat').shadowRoot.querySelector('label[for=input]').remove();"
        "document.querySelector('baclofen-chat').shadowRoot.querySelector('textarea').removeAttribute('placeholder')"
    )
    assert any(one.startswith("label: <textarea") for one in violations(visitor, axe))


@pytest.mark.parametrize("device", DEVICES)
def test_axe_finds_nothing_while_it_is_closed(visit: Visit, axe: str, device: str) -> None:
    visitor = visit(**DEVICES[device])
    expect(visitor.page.get_by_role("button", name="Questions about baclofen?")).to_be_visible()
    visitor.picture(f"closed_{device}")
    assert violations(visitor, axe) == []


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_must_be_scrolled_sideways(
    visit: Visit, axe: str, state: str, device: str
) -> None:
    visitor = visit(**DEVICES[device]).open()
    STATES[state](visitor)
    visitor.picture(f"{state}_{device}")
    assert violations(visitor, axe) == []
    assert sideways(visitor) == []


def test_forced_colours_keep_borders_and_names(visit: Visit, axe: str) -> None:
    visitor = visit(forced_colors="active").open()
    card = visitor.ask(EMERGENCY)
    assert card.evaluate("one => getComputedStyle(one).borderStyle") != "none"
    visitor.picture("emergency_forced_colours")
    assert violations(visitor, axe) == []


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    visitor = visit()
    launcher = visitor.page.get_by_role("button", name="Questions about baclofen?")
    for _ in range(30):
        visitor.page.keyboard.press("Tab")
        if launcher.evaluate("one => one.getRootNode().activeElement === one"):
            break
    visitor.page.keyboard.press("Enter")
    expect(visitor.input).to_be_focused()
    visitor.page.keyboard.type(QUESTION)
    visitor.page.keyboard.press("Enter")
    expect(visitor.answered).to_have_count(1)
    reached = walk(visitor, backwards=True)
    for name in ("Leave quickly", "More choices", "Close the chat", "Emergency 911", "Sources", "signs of withdrawal"):
        assert any(name in one for one in reached), (name, reached)
    visitor.input.focus()
    visitor.page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
    expect(visitor.input).to_be_hidden()


def test_the_focus_is_always_seen(visitor: Visitor) -> None:
    visitor.ask(QUESTION)
    walk(visitor, backwards=True, each=lambda: seen(visitor))


def seen(visitor: Visitor) -> None:
    """The focused element has an outline or a ring, and is not covered."""
    script = """() => {
        let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        const style = getComputedStyle(one), box = one.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 10)];
        const top = one.getRootNode().elementFromPoint(x, y);
        return {
            name: one.outerHTML.slice(0, 120),
            hasRing: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
            isInView: box.bottom > 0 && box.top < innerHeight,
            isCovered: !(top && (one.contains(top) || top.contains(one))),
        };
    }"""
    found = visitor.page.evaluate(script)
    assert found["hasRing"] and found["isInView"] and not found["isCovered"], found


def test_every_target_is_large_enough(visitor: Visitor) -> None:
    with_sources(visitor)
    script = """smallest => {
        const root = document.querySelector('baclofen-chat').shadowRoot;
        const targets = [...root.querySelectorAll('button, a, input, summary, textarea')].filter(one => one.checkVisibility());
        const isInline = one => one.tagName === 'A' && getComputedStyle(one).display === 'inline';
        const isSmall = one => { const box = one.getBoundingClientRect(); return Math.min(box.width, box.height) < smallest; };
        return [targets.length, targets.filter(one => !isInline(one) && isSmall(one)).map(one => one.outerHTML.slice(0, 120))];
    }"""
    count, small = visitor.page.evaluate(script, SMALLEST_TARGET)
    assert count > 10
    assert [one for one in small if "checkbox" not in one] == []


def test_a_screen_reader_hears_a_new_answer_once_and_an_emergency_at_once(visitor: Visitor) -> None:
    visitor.page.evaluate(
        """() => {
            window.heard = [];
            const root = document.querySelector('baclofen-chat').shadowRoot;
            for (const region of root.querySelectorAll('[aria-live=polite], [role=alert]')) {
                const how = region.getAttribute('role') ?? region.getAttribute('aria-live');
                new MutationObserver(records => records.forEach(one => one.addedNodes.forEach(
                    node => window.heard.push([how, node.textContent])))).observe(region, {childList: true, subtree: true});
            }
        }"""
    )
    visitor.ask(QUESTION)
    visitor.ask(EMERGENCY)
    heard = visitor.page.evaluate("window.heard")
    answers = [text for how, text in heard if how == "polite" and "how the body reacts" in text]
    assert len(answers) == 1 and "http" not in answers[0]
    assert [how for how, text in heard if text.startswith("Call 911 now")] == ["alert"]
    assert visitor.log.get_attribute("aria-live") == "off"


def test_the_names_of_the_accessibility_tree(visitor: Visitor) -> None:
    tree = visitor.page.locator("baclofen-chat").aria_snapshot()
    for name in (
        'heading "Questions about baclofen"', 'group "Phone numbers for help"', 'link "Emergency 911"',
        'link "Crisis line 988"', 'log "Conversation"', 'textbox "Your message"', 'button "Send"',
        'button "Close the chat"', 'button "More choices"',
    ):  # fmt: skip
        assert name in tree, (name, tree)


@pytest.mark.parametrize(("preference", "moves"), [("reduce", False), ("no-preference", True)])
def test_reduced_motion_stands_still(visit: Visit, preference: str, moves: bool) -> None:
    visitor = visit(reduced_motion=preference).open()
    visitor.held_up(r"/web/messages", lambda route: None)
    visitor.type(QUESTION)
    expect(visitor.page.locator(".typing")).to_be_visible()
    script = (
        "document.querySelector('baclofen-chat').shadowRoot.getAnimations().some(one => one.playState === 'running')"
    )
    assert visitor.page.evaluate(script) is moves


def test_right_to_left_mirrors_the_chat(visit: Visit) -> None:
    visitor = visit()
    visitor.page.evaluate("document.documentElement.dir = 'rtl'")
    visitor.open()
    box = visitor.page.locator(".panel").bounding_box()
    assert box and box["x"] < 200
    assert sideways(visitor) == []
    visitor.picture("right_to_left")


def walk(visitor: Visitor, backwards: bool = False, each: Callable[[], Any] = lambda: None) -> list[str]:
    """Go through the chat by Tab until the focus leaves it; the names on the way."""
    script = """() => {
        const host = document.activeElement;
        if (host?.tagName !== 'BACLOFEN-CHAT') return null;
        const one = host.shadowRoot.activeElement;
        return `${one.getAttribute('aria-label') ?? ''} ${one.innerText ?? ''}`;
    }"""
    names: list[str] = []
    for _ in range(60):
        visitor.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        name = visitor.page.evaluate(script)
        if name is None:
            break
        names.append(name)
        each()
    assert 5 < len(names) < 60, names
    return names


def sideways(visitor: Visitor) -> list[str]:
    """What must be scrolled sideways to be read."""
    script = """() => {
        const root = document.querySelector('baclofen-chat').shadowRoot;
        const wide = [...root.querySelectorAll('*')].filter(
            one => one.scrollWidth > one.clientWidth + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowX));
        const page = document.documentElement;
        const names = wide.map(one => one.outerHTML.slice(0, 100));
        return page.scrollWidth > page.clientWidth ? [...names, 'the page'] : names;
    }"""
    return list(visitor.page.evaluate(script))

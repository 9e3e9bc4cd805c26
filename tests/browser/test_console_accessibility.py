"""WCAG 2.2 AA on every page of the console: what axe can see, and a walk through it by keyboard."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.staff import Member
from tests.browser.test_accessibility import DEVICES, SMALLEST_TARGET, violations

Enter = Callable[..., Member]
PAGES = {
    "inbox": "/",
    "section": "/?section=today",
    "conversations": "/conversations",
    "wrong_filter": "/conversations?turns_min=many&started_after=yesterday",
    "conversation": "/inbox/next",
    "missed": "/missed-emergencies",
    "changes": "/changes",
    "answers": "/answers",
    "answer": "/answers/why_taper",
    "bot": "/bot",
    "figures": "/figures?demo=on",
    "retention": "/retention",
    "receipts": "/retention/receipts",
    "staff": "/staff",
    "member": "/staff/1",
    "audit": "/audit",
    "account": "/account",
    "missing": "/no-such-page",
}
FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
WALK = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {is_body: one === document.body, outline: parseFloat(style.outlineWidth) || 0, kind: style.outlineStyle,
          name: one.outerHTML.slice(0, 120), width: box.width, height: box.height,
          key: [...document.querySelectorAll('*')].indexOf(one)};
}"""
SMALL = """smallest => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]
  .map(one => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.width && Math.min(box.width, box.height) < smallest)
  .map(([one]) => one)
  .filter(one => !one.closest('label') && !one.matches('[type=radio], [type=checkbox]'))
  .map(one => one.outerHTML.slice(0, 120))"""


def page_of(member: Member, name: str) -> Any:
    page = member.go(PAGES[name])
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if name == "conversation":
        page.keyboard.press("j")
        page.locator("[data-turn] details").first.locator("summary").click()
        page.keyboard.press("a")
    return page


def test_axe_sees_the_pages(enter: Enter, axe: str) -> None:
    """Else the tests below would prove nothing."""
    admin = enter("admin")
    page_of(admin, "conversations").evaluate("document.querySelectorAll('label').forEach(label => label.remove())")
    assert any(one.startswith(("label", "select-name")) for one in violations(admin, axe))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_any_page_and_device(enter: Enter, axe: str, name: str) -> None:
    found = {}
    for device, options in DEVICES.items():
        admin = enter("admin", **options)
        page = page_of(admin, name)
        admin.picture(f"{name}_{device}")
        found[device] = violations(admin, axe)  # type: ignore[arg-type]
        if device == "320":
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= 320, f"{name} is {wide} wide on a screen of 320"
        admin.context.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("path", ["/sign-in", "/set-password/MQ/wrong-token"])
def test_axe_finds_nothing_before_the_sign_in(enter: Enter, axe: str, path: str) -> None:
    somebody = enter()
    somebody.go(path)
    assert violations(somebody, axe) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("name", PAGES)
def test_by_keyboard_everything_is_reached_and_the_focus_is_seen(enter: Enter, name: str) -> None:
    admin = enter("admin")
    page = page_of(admin, name)
    visible = page.locator(FOCUSABLE).evaluate_all(
        "all => all.filter(one => one.checkVisibility() && !one.disabled && one.tabIndex >= 0"
        " && !(one.type === 'radio' && !one.checked && one.form.querySelector(`[name=${one.name}]:checked`))).length"
    )
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.locator("a.skip").focus()
    seen: dict[int, dict[str, Any]] = {}
    last = -1
    for _ in range(min(visible + 40, 160)):
        where = page.evaluate(WALK)
        if where["is_body"] or (where["key"] in seen and where["key"] != last):  # a date has three fields of its own
            break
        last = where["key"]
        seen[last] = where
        page.keyboard.press("Tab")
    hidden = [one["name"] for one in seen.values() if one["kind"] == "none" or one["outline"] < 1]
    assert not hidden, hidden
    radios = page.locator("input[type=radio]").count()
    assert len(seen) >= min(visible - radios, 150), (len(seen), visible)


@pytest.mark.parametrize("name", PAGES)
def test_what_is_pressed_is_large_enough(enter: Enter, name: str) -> None:
    admin = enter("admin")
    assert page_of(admin, name).evaluate(SMALL, SMALLEST_TARGET) == []

"""Every page of the console, read from urls.py: who may open it, and what no page may do. It finds new pages itself.

A page that is new here needs nothing, unless its address has an argument without an example in EXAMPLES.
"""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from service.console.models import Staff
from service.console.roles import ALLOWED, Role
from service.conversations.models import Conversation, Message, Note
from tests.console.conftest import PASSWORD, member, signed_in, talk, turn

pytestmark = pytest.mark.django_db
WORDS = "my dad is having a seizure"
FOR_EVERYBODY = {"sign_in", "set_password"}
FOR_WHOEVER_IS_SIGNED_IN = {"sign_out", "sign_in_code", "account", "second_factor", "change_second_factor"}
LEADS_ON = {
    "inbox_next",
    "sign_in",
    "sign_in_code",
    "second_factor",
    "change_second_factor",
}  # to another page, in time
EXAMPLES: dict[str, Callable[[Conversation], object]] = {  # by the page's name and argument, or by the argument alone
    "number": lambda conversation: conversation.pk,
    "message": lambda conversation: Message.objects.filter(conversation=conversation, direction="in").earliest("pk").pk,
    "note": lambda conversation: Note.objects.filter(conversation=conversation).earliest("pk").pk,
    "id": lambda conversation: "why_taper",
    "member.number": lambda conversation: Staff.objects.earliest("pk").pk,
    "change_member.number": lambda conversation: Staff.objects.earliest("pk").pk,
    "set_password.uidb64": lambda conversation: "MQ",
    "set_password.token": lambda conversation: "no-token",
}


def patterns(resolver: Any) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        yield from patterns(one) if isinstance(one, URLResolver) else [one]


PAGES = {one.name or str(one.pattern): one for one in patterns(get_resolver("service.console.urls"))}
GUARDED = sorted(name for name, page in PAGES.items() if hasattr(page.callback, "only_who_may"))
every_page = pytest.mark.parametrize("name", sorted(PAGES))
every_guarded_page = pytest.mark.parametrize("name", GUARDED)


@pytest.fixture
def conversation(db: None) -> Conversation:
    """One with everything that a page may show."""
    one = talk(turn(WORDS, "emergency", ["seizure"], "emergency_report"), turn("why taper slowly", confidence=0.5))
    Note.objects.create(conversation=one, author="rita", text="called back")
    member(Role.REVIEWER, "rita")
    return one


def address(name: str, conversation: Conversation) -> str:
    arguments = {}
    for argument in PAGES[name].pattern.converters:
        example = EXAMPLES.get(f"{name}.{argument}") or EXAMPLES.get(argument)
        if example is None:
            pytest.fail(f"urls.py: the page {name} has <{argument}>: give an example of it in EXAMPLES of this file")
        arguments[argument] = example(conversation)
    return reverse(name, kwargs=arguments)


def html_of(response: Any) -> str:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return response.content.decode() if is_html and not response.streaming else ""


class Faults(HTMLParser):
    """What the policy of the pages forbids, and forms that another site could send."""

    def __init__(self) -> None:
        """None yet."""
        super().__init__()
        self.found: list[str] = []
        self._form_without_token = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one."""
        given = {name: value or "" for name, value in attrs}
        is_code = tag == "script" and given.get("type") != "application/json"
        self._note("an inline style", tag == "style" or "style" in given)
        self._note("an inline script", is_code and not given.get("src", "").startswith("/static/"))
        self._note("an event attribute", any(name.startswith(("on", "hx-on")) for name in given))
        self._note(
            "a javascript: address", any(value.strip().lower().startswith("javascript:") for value in given.values())
        )
        self._note(
            "hx-vars or js: values", "hx-vars" in given or given.get("hx-vals", "").startswith(("js:", "javascript:"))
        )
        if tag == "form":
            self._form_without_token = given.get("method", "").lower() == "post"
        if given.get("name") == "csrfmiddlewaretoken":
            self._form_without_token = False

    def handle_endtag(self, tag: str) -> None:
        """The end of a form."""
        if tag == "form":
            self._note("a form without a token", self._form_without_token)
            self._form_without_token = False

    def _note(self, fault: str, is_one: bool) -> None:
        self.found += [f"{fault} in line {self.getpos()[0]}"] if is_one else []


def check(response: Any, page: str) -> None:
    """What holds for every response."""
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'", page
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", page
    assert "unsafe" not in response["Content-Security-Policy"], page
    assert response["Cache-Control"] == "no-store" and response["X-Frame-Options"] == "DENY", page
    assert response["X-Content-Type-Options"] == "nosniff" and response["Referrer-Policy"] == "same-origin", page
    faults = Faults()
    faults.feed(html_of(response))
    assert not faults.found, f"{page}: {faults.found}"


def test_there_are_pages_and_each_has_a_name() -> None:
    assert len(GUARDED) >= 8 and all(page.name for page in PAGES.values())
    assert len(PAGES) == len(list(patterns(get_resolver("service.console.urls")))), "two pages have the same name"
    assert set(PAGES) >= FOR_EVERYBODY | FOR_WHOEVER_IS_SIGNED_IN | LEADS_ON


@every_page
def test_it_says_who_may_open_it(name: str) -> None:
    view = PAGES[name].callback
    assert (name in GUARDED) != (name in FOR_EVERYBODY | FOR_WHOEVER_IS_SIGNED_IN), (
        f"{name}: put @only_who_may(May....) on {view.__module__}.{view.__name__}; only what shows no more than "
        "one's own account stands in the short lists of this file"
    )
    assert getattr(view, "login_required", True) == (name not in FOR_EVERYBODY)


@every_page
def test_nobody_sees_it_before_signing_in(name: str, conversation: Conversation) -> None:
    page = address(name, conversation)
    for method in ("get", "post", "put", "delete", "head"):
        response = getattr(Client(), method)(page)
        check(response, page)
        if name not in FOR_EVERYBODY:
            assert response.status_code == 302 and response.content == b"", f"{method} {page}"
            assert response["Location"].startswith("/sign-in"), f"{method} {page}"


@every_guarded_page
def test_nobody_sees_it_before_the_code(name: str, conversation: Conversation) -> None:
    page = address(name, conversation)
    client, admin = Client(), member(Role.ADMIN)
    client.post("/sign-in", {"username": admin.get_username(), "password": PASSWORD})
    for method in ("get", "post"):
        response = getattr(client, method)(page)
        assert response.status_code == 302 and response["Location"].startswith("/sign-in/code"), f"{method} {page}"
    assert client.get(page, headers={"HX-Request": "true"})["HX-Redirect"].startswith("/sign-in/code")


@every_guarded_page
def test_whose_role_does_not_allow_it_sees_nothing(name: str, conversation: Conversation) -> None:
    page = address(name, conversation)
    for role in (role for role in Role.values if PAGES[name].callback.only_who_may not in ALLOWED[role]):
        client = signed_in(member(role))
        answers = {method: getattr(client, method)(page) for method in ("get", "post", "put", "delete")}
        statuses = {method: response.status_code for method, response in answers.items()}
        assert set(statuses.values()) <= {403, 405} and 403 in statuses.values(), f"{role} {page}: {statuses}"
        for response in answers.values():
            assert "seizure" not in html_of(response) and "called back" not in html_of(response), f"{role} {page}"
            check(response, page)


@every_page
def test_whose_role_allows_it_opens_it(name: str, conversation: Conversation) -> None:
    page = address(name, conversation)
    needed = getattr(PAGES[name].callback, "only_who_may", None)
    for role in (role for role in Role.values if needed is None or needed in ALLOWED[role]):
        response = signed_in(member(role)).get(page)
        check(response, page)
        if response.status_code == 405:
            assert "POST" in response["Allow"], page
        elif response.status_code == 302:
            assert name in LEADS_ON and response["Location"].startswith("/"), f"{role} {page}"
        else:
            assert response.status_code in (200, 204), f"{role} {page}: {response.status_code}"


@every_page
def test_every_time_is_shown_by_the_clock_of_whoever_reads(name: str, conversation: Conversation) -> None:
    page = html_of(signed_in(member(Role.ADMIN)).get(address(name, conversation)))
    for tag, words in re.findall(r"<time ([^>]*)>([^<]*)</time>", page):
        is_by_the_clock = "data-local" in tag and words.endswith(" UTC") or 'data-local="time"' in tag
        assert is_by_the_clock or "data-waits" in tag or not re.search(r"\d:\d", words), f"{name}: {tag} {words}"
    assert "(UTC)" not in page
    assert ('id="clock"' in page) == ('<nav aria-label="Console">' in page)


@every_page
def test_no_form_of_another_site_is_taken(name: str, conversation: Conversation) -> None:
    page = address(name, conversation)
    admin = signed_in(member(Role.ADMIN))
    client = Client(enforce_csrf_checks=True)
    client.cookies = admin.cookies
    response = client.post(page)
    check(response, page)
    assert response.status_code in (403, 405), page
    assert response.status_code == 405 or "This page was too old" in html_of(response), page


@pytest.mark.parametrize("page", ["/no-such-page", "/conversations/999999999", "/staff/999999999"])
def test_what_is_not_there_keeps_the_rules_too(page: str, admin: Client) -> None:
    response = admin.get(page)
    assert response.status_code == 404
    check(response, page)
    check(Client().get(page), page)


def test_a_fault_keeps_them_too(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("service.console.views.staff._all", broken)
    admin.raise_request_exception = False
    response = admin.get("/staff")
    assert response.status_code == 500
    check(response, "/staff")


def test_the_rules_are_looked_at() -> None:
    """What the parser is there for, it finds."""
    faults = Faults()
    faults.feed(
        "<p style='color:red'><script>x()</script><script src='//evil/x.js'></script><style></style>"
        "<a href=' JavaScript:x()' onclick='x()'></a><i hx-on:click='x()' hx-vals='js:{}'></i><form method=POST></form>"
        "<script type='application/json'>{}</script><form></form>"
        "<form method=post><input name=csrfmiddlewaretoken></form>"
    )
    assert len(faults.found) == 9, faults.found

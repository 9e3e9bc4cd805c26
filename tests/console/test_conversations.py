"""The list of all conversations: what it shows, what it can be filtered by, how its pages stay where they are."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from service.console import list_page
from service.console.models import AuditEntry
from service.conversations.models import Conversation, Message
from tests.console.conftest import member, signed_in, talk, turn

pytestmark = pytest.mark.django_db
PAGE = "/conversations"
WORDS = "Zacharias has a seizure"
SEPTEMBER = datetime(2026, 9, 10, 23, 59, 30, tzinfo=timezone.utc)


def listed(browser: Client, **filters: Any) -> list[int]:
    """The numbers that a page lists, in its order."""
    response = browser.get(PAGE, filters)
    assert response.status_code == 200 and not response.context["form"].errors, response.context["form"].errors
    return numbers_in(response)


def numbers_in(response: Any) -> list[int]:
    return [
        int(one) for one in re.findall(r'<tr data-row>\s*<th[^>]*><a href="/conversations/(\d+)"', text_of(response))
    ]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def changed(conversation: Conversation, **values: Any) -> Conversation:
    Conversation.objects.filter(pk=conversation.pk).update(**values)
    return conversation


def many(count: int) -> list[int]:
    """Conversations begun one after the other; their numbers, the newest first."""
    at = SEPTEMBER
    rows = [Conversation.begun("web", f"many-{one}", at + timedelta(minutes=one)) for one in range(count)]
    return sorted((one.pk for one in Conversation.objects.bulk_create(rows)), reverse=True)


def link(response: Any, label: str) -> str:
    """Where the link of that label leads; "" where there is none."""
    found = re.search(rf'<a [^>]*href="([^"]*)"[^>]*>{label}</a>', text_of(response))
    return found[1].replace("&amp;", "&") if found else ""


def test_it_shows_what_a_conversation_is_about_and_none_of_its_words(viewer: Client) -> None:
    emergency = talk(turn(WORDS, "emergency", ["seizure"], "emergency_report"))
    changed(emergency, is_flagged=True, assignee="j.doe", is_demo=True)
    page = text_of(viewer.get(PAGE))
    for shown in ("seizure", "emergency", "flagged", "demo", "j.doe", "1 conversation"):
        assert f"{shown}<" in page or f"{shown}\n" in page, shown
    assert "Zacharias" not in page and "Vetted text" not in page


def test_who_was_drawn_at_random_looks_like_all_others(viewer: Client) -> None:
    talk(turn("hello", at=SEPTEMBER), is_drawn=True)
    talk(turn("hello", at=SEPTEMBER, confidence=0.2))
    rows = re.findall(r"<tr data-row>\s*<th.*?</th>(.*?)</tr>", text_of(viewer.get(PAGE)), re.S)
    assert len(rows) == 2 and rows[0] == rows[1]


def test_the_newest_stands_first(viewer: Client) -> None:
    first, second = talk(turn("hello")), talk(turn("hello"))
    assert listed(viewer) == [second.pk, first.pk]


FILTERS: list[tuple[dict[str, Any], str]] = [
    # of conversations by name (see `different`), those that a filter leaves
    ({"words": "seiz"}, "emergency"),
    ({"words": '"has a"'}, "emergency"),
    ({"began_from": "2026-09-10", "began_to": "2026-09-10"}, "september"),
    ({"began_to": "2026-09-09"}, ""),
    ({"began_from": "2026-09-11"}, "emergency advisory demo unsure"),
    ({"channel": "telegram"}, "advisory"),
    ({"level": "emergency"}, "emergency"),
    ({"level": "advisory"}, "advisory"),
    ({"topic": "timeline"}, "advisory"),
    ({"topic": "emergency_report"}, "emergency"),
    ({"topic": "timeline", "version": "v2"}, "advisory"),
    ({"topic": "timeline", "version": "v1"}, ""),
    ({"intent": "ask_overdose"}, "unsure"),
    ({"confidence_below": "0.6"}, "unsure"),
    ({"confidence_below": "0"}, ""),
    ({"confidence_below": "1"}, "september emergency advisory demo unsure"),
    ({"turns_from": "2"}, "advisory"),
    ({"turns_to": "1", "level": "information"}, "september demo unsure"),
    ({"turns_from": "2", "turns_to": "2"}, "advisory"),
    ({"helpful": "not_helpful"}, "advisory"),
    ({"helpful": "helpful"}, "demo"),
    ({"helpful": "not_answered"}, ""),
    ({"helpful": "nothing"}, "september emergency unsure"),
    ({"flagged": "yes"}, "unsure"),
    ({"flagged": "no"}, "september emergency advisory demo"),
    ({"state": "follow_up"}, "unsure"),
    ({"assigned": "a.ndiaye"}, "emergency"),
    ({"assigned": "(nobody)", "level": "emergency"}, ""),
    ({"reviewed": "a.ndiaye"}, "september"),
    ({"reviewed": "(nobody)", "level": "information"}, "demo unsure"),
    ({"demo": "yes"}, "demo"),
    ({"demo": "no", "level": "information"}, "september unsure"),
    ({"level": "emergency", "words": "seizure", "assigned": "a.ndiaye", "topic": "emergency_report"}, "emergency"),
    ({"level": "emergency", "words": "taper"}, ""),
    ({"level": "", "words": "", "topic": ""}, "september emergency advisory demo unsure"),
    ({"nobody_knows": "this"}, "september emergency advisory demo unsure"),
]


@pytest.fixture
def different() -> dict[str, int]:
    """Conversations that differ, by name, the oldest first."""
    member("reviewer", "a.ndiaye")
    not_helpful, helpful = ({"answer_id": "timeline", "said": said} for said in ("not_helpful", "helpful"))
    found = {
        "september": changed(talk(turn("how slowly", at=SEPTEMBER)), reviewer="a.ndiaye", state="done"),
        "emergency": changed(talk(turn(WORDS, "emergency", ["seizure"], "emergency_report")), assignee="a.ndiaye"),
        "advisory": talk(
            turn("I ran out", "advisory", ["stopped_or_ran_out"], "timeline"),
            turn("no", answer_id="greeting", feedback=not_helpful),
            channel="telegram",
        ),
        "demo": changed(talk(turn("how long", feedback=helpful)), is_demo=True),
        "unsure": changed(
            talk(turn("two pills", intent="ask_overdose", confidence=0.5)), is_flagged=True, state="follow_up"
        ),
    }
    Message.objects.filter(answer_id="timeline").update(answer_version="v2")
    return {name: one.pk for name, one in found.items()}


@pytest.mark.parametrize(("filters", "left"), FILTERS, ids=lambda one: str(one))
def test_a_filter_leaves_what_it_says(
    viewer: Client, different: dict[str, int], filters: dict[str, str], left: str
) -> None:
    assert listed(viewer, **filters) == [different[name] for name in reversed(left.split())]


WRONG = [
    ("words", "?!…", "There is no word in this."),
    ("words", "word " * 800, "at most 200 characters"),
    ("words", "nul\x00", "Null characters are not allowed."),
    ("began_from", "yesterday", "Enter a valid date."),
    ("began_from", "0001-01-01", "greater than or equal to 2000-01-01"),
    ("began_to", "9999-12-31", "less than or equal to 2100-01-01"),
    ("level", "worst", "Select a valid choice."),
    ("topic", "no_such_answer", "Select a valid choice."),
    ("channel", "pigeon", "Select a valid choice."),
    ("confidence_below", "2", "less than or equal to 1"),
    ("confidence_below", "NaN", "Enter a number."),
    ("turns_from", "many", "Enter a whole number."),
    ("turns_from", "9" * 30, "less than or equal to 100000"),
    ("turns_to", "-1", "greater than or equal to 0"),
    ("assigned", "who.is.that", "Select a valid choice."),
    ("version", "v" * 13, "at most 12 characters"),
]


@pytest.mark.parametrize(
    ("name", "value", "said"), WRONG, ids=[f"{name}-{number}" for number, (name, *_) in enumerate(WRONG)]
)
def test_bad_input_is_named_beside_its_field_and_loses_nothing(
    viewer: Client, different: dict[str, int], name: str, value: str, said: str
) -> None:
    response = viewer.get(PAGE, {"state": "follow_up", "topic": "timeline", name: value})
    form = response.context["form"]
    assert list(form.errors) == [name] and said in str(form.errors[name])
    assert said.replace("'", "&#x27;") in text_of(response) and not numbers_in(response)
    assert form["state"].value() == "follow_up" and form[name].value() == value


@pytest.mark.parametrize(
    ("filters", "beside"),
    [
        ({"began_from": "2026-09-02", "began_to": "2026-09-01"}, "began_to"),
        ({"turns_from": "3", "turns_to": "2"}, "turns_to"),
        ({"version": "abc"}, "topic"),
    ],
)
def test_what_can_never_fit_is_an_error(viewer: Client, filters: dict[str, str], beside: str) -> None:
    response = viewer.get(PAGE, filters)
    assert list(response.context["form"].errors) == [beside] and response.context["page"] is None


def test_the_rest_of_the_filters_is_open_where_one_of_it_is_used(viewer: Client) -> None:
    assert "<details>" in text_of(viewer.get(PAGE, {"level": "none"}))
    assert "<details open>" in text_of(viewer.get(PAGE, {"level": "none", "flagged": "yes"}))
    assert "<details open>" in text_of(viewer.get(PAGE, {"turns_from": "x"}))


def test_a_version_is_a_chip_that_can_be_removed(viewer: Client, different: dict[str, int]) -> None:
    response = viewer.get(PAGE, {"topic": "timeline", "version": "v1", "state": "new"})
    assert "Only version v1" in text_of(response) and numbers_in(response) == []
    assert parse_qs(urlsplit(link(response, "Show all versions")).query) == {"topic": ["timeline"], "state": ["new"]}


def test_an_answer_that_was_sent_can_be_chosen_though_it_is_no_longer_vetted(viewer: Client) -> None:
    old = talk(turn("hello", answer_id="an_answer_of_last_year"))
    assert listed(viewer, topic="an_answer_of_last_year") == [old.pk]
    assert ">an answer of last year</option>" in text_of(viewer.get(PAGE))


def test_pages_lead_to_each_other_and_keep_the_filters(viewer: Client) -> None:
    numbers = many(120)
    page = viewer.get(PAGE, {"channel": "web", "words": ""})
    seen = [numbers_in(page)]
    while older := link(page, "Older"):
        assert parse_qs(urlsplit(older).query).keys() == {"channel", "before"}
        page = viewer.get(PAGE + older)
        seen.append(numbers_in(page))
    assert [len(one) for one in seen] == [50, 50, 20] and sum(seen, []) == numbers
    back = [seen.pop()]
    while newer := link(page, "Newer"):
        page = viewer.get(PAGE + newer)
        back.append(numbers_in(page))
    assert back[1:] == seen[::-1]


def test_a_page_stays_where_it_is_while_new_conversations_begin(viewer: Client) -> None:
    numbers = many(101)
    second = link(viewer.get(PAGE), "Older")
    new = [talk(turn("hello")).pk for _ in range(2)]
    page = viewer.get(PAGE + second)
    assert numbers_in(page) == numbers[50:100]
    first = viewer.get(PAGE + link(page, "Newer"))
    assert numbers_in(first) == numbers[:50]
    assert numbers_in(viewer.get(PAGE + link(first, "Newer")))[:2] == new[::-1]


@pytest.mark.parametrize(
    "place", ["before=x", "before=-1", "before=0", "after=99999999999999999999", "after=1.5", "before=%00"]
)
def test_a_place_that_is_none_is_the_first_page(viewer: Client, place: str) -> None:
    numbers = many(60)
    assert numbers_in(viewer.get(f"{PAGE}?{place}")) == numbers[:50]


def test_after_the_oldest_there_is_a_way_back(viewer: Client) -> None:
    numbers = many(3)
    page = viewer.get(PAGE, {"before": numbers[-1]})
    assert numbers_in(page) == [] and "any more on this page" in text_of(page)
    assert numbers_in(viewer.get(PAGE + link(page, "Newer"))) == numbers


def test_they_are_counted_up_to_a_thousand(viewer: Client) -> None:
    many(1000)
    assert "1,000 conversations" in text_of(viewer.get(PAGE))
    many_more = Conversation.begun("web", "one-more", SEPTEMBER)
    many_more.save()
    assert "More than 1,000 conversations" in text_of(viewer.get(PAGE))


def test_the_number_of_queries_does_not_grow_with_the_list(viewer: Client) -> None:
    talk(turn(WORDS, "emergency", ["seizure"], "emergency_report"))
    viewer.get(PAGE)
    with CaptureQueriesContext(
        connection,
    ) as of_one:
        viewer.get(PAGE)
    for _ in range(9):
        talk(turn(WORDS, "emergency", ["seizure"], "emergency_report"))
    with CaptureQueriesContext(connection) as of_ten:
        viewer.get(PAGE)
    assert len(of_ten) == len(of_one)


def test_no_row_is_read_beyond_the_page_and_what_is_counted() -> None:
    many(60)
    with CaptureQueriesContext(connection) as queries:
        list_page.list_page(Conversation.objects.all())
    assert all("LIMIT 51" in one["sql"] or "LIMIT 1001" in one["sql"] for one in queries.captured_queries)


def test_each_field_has_a_label_and_says_what_is_wrong_with_it(viewer: Client) -> None:
    page = text_of(viewer.get(PAGE, {"turns_from": "x"}))
    fields = re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page)
    assert len(fields) > 12
    for id in fields:
        assert f'<label for="{id}">' in page
    assert re.search(
        r'<input[^>]*aria-describedby="id_turns_from_error"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id_turns_from_error',
        page,
    )


def test_the_list_itself_is_not_recorded(viewer: Client) -> None:
    talk(turn(WORDS))
    before = AuditEntry.objects.count()
    viewer.get(PAGE, {"level": "information"})
    assert AuditEntry.objects.count() == before


def test_the_list_is_only_read(reviewer: Client) -> None:
    assert reviewer.post(PAGE).status_code == 405


def test_someone_who_may_not_sees_nothing(client: Client) -> None:
    talk(turn(WORDS, "emergency", ["seizure"], "emergency_report"))
    response = client.get(PAGE)
    assert response.status_code == 302 and response["Location"].startswith("/sign-in")
    left = member("viewer")
    browser = signed_in(left)
    assert browser.get(PAGE).status_code == 200
    left.is_active = False
    left.save()
    response = browser.get(PAGE)
    assert response.status_code == 302 and "seizure" not in text_of(response)

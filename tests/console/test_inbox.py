"""The safety inbox: what is in it, in which order, what it says, and what it does not give away."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from service.console import queue
from service.console.first_review import first_review
from service.console.sections import SECTIONS, of
from service.conversations.models import Conversation, Risk, State
from tests.console.conftest import member, signed_in, talk, turn

pytestmark = pytest.mark.django_db
WORDS = "my dad is having a seizure"


def ago(**time):
    return timezone.now() - timedelta(**time)


def emergency(*symptoms, **of_turn):
    return turn(WORDS, "emergency", symptoms or ["seizure"], "emergency_report", **of_turn)


def advisory(*symptoms, **of_turn):
    return turn("ran out of bac", "advisory", symptoms or ["stopped_or_ran_out"], **of_turn)


def unsure(**of_turn):
    return turn("what about cheese", confidence=0.41, **of_turn)


def rows(page, section):
    """The numbers of the conversations in one section, in their order."""
    part = re.search(rf'<section aria-labelledby="{section}".*?</section>', page, re.S)[0]
    return [int(number) for number in re.findall(r'<tr id="row-(\d+)" data-row', part)]


def page_of(browser: Client, address: str = "/") -> str:
    return browser.get(address).content.decode()


def row_of(page, conversation):
    return re.search(rf'<tr id="row-{conversation.pk}".*?</tr>', page, re.S)[0]


def test_someone_who_may_not_sees_nothing(client, browser_of):
    talk(emergency())
    for address in ("/", "/inbox/changes", "/inbox/unread", "/inbox/next"):
        answer = client.get(address)
        assert answer.status_code == 302 and answer.url.startswith("/sign-in")
        assert b"seizure" not in answer.content
    nobody = member("viewer")
    nobody.is_active = False
    nobody.save()
    assert signed_in(nobody).get("/").status_code in (302, 403)


def test_everybody_who_reads_has_it(browser_of):
    waiting = talk(emergency())
    for role in ("viewer", "reviewer", "clinician", "admin"):
        assert rows(page_of(browser_of(role)), "open") == [waiting.pk]


def test_each_conversation_stands_in_its_section(viewer):
    open_now, is_open = talk(emergency()), "open"
    silent = talk(emergency(at=ago(hours=13)))
    over = talk(emergency())
    Conversation.objects.filter(pk=over.pk).update(open_level="none", open_symptoms=[])
    again, today = talk(advisory("repeated")), talk(advisory())
    old = talk(advisory("repeated", at=ago(hours=49)))
    to_check, drawn = talk(unsure()), talk(turn("why taper"), is_drawn=True)
    nothing = talk(turn("why taper"))
    done = talk(emergency())
    Conversation.objects.filter(pk=done.pk).update(state=State.DONE)
    page = page_of(viewer)
    assert rows(page, is_open) == [open_now.pk]
    assert rows(page, "earlier") == [silent.pk, over.pk]
    assert rows(page, "today") == [again.pk, today.pk]
    assert rows(page, "calls") == [old.pk]
    assert set(rows(page, "check")) == {to_check.pk, drawn.pk}
    assert f"row-{nothing.pk}" not in page and f"row-{done.pk}" not in page


def test_self_harm_comes_first_and_then_who_waits_longest(viewer):
    short, long = talk(emergency(at=ago(minutes=5))), talk(emergency(at=ago(hours=2)))
    self_harm = talk(emergency("self_harm", at=ago(minutes=1)))
    assert rows(page_of(viewer), "open") == [self_harm.pk, long.pk, short.pk]


def test_demo_data_comes_after_all_others(viewer):
    demo = talk(emergency("self_harm", at=ago(hours=3)))
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    real = talk(emergency())
    page = page_of(viewer)
    assert rows(page, "open") == [real.pk, demo.pk]
    assert "demo" in row_of(page, demo) and "demo" not in row_of(page, real)
    assert viewer.get("/inbox/next").url == f"/conversations/{real.pk}"


def test_a_row_says_why_since_when_and_who(viewer):
    waiting = talk(emergency("rigid_muscles", "high_fever", at=ago(minutes=65)), channel="telegram")
    Conversation.objects.filter(pk=waiting.pk).update(route="pump", assignee="anna", is_flagged=True)
    row = row_of(page_of(viewer), waiting)
    for said in ("rigid muscles", "high fever", "1 h 5 min", "Telegram, 1 turn", "pump", "anna", "flagged", "unread"):
        assert said in row, said
    assert waiting.due_at.isoformat() in row  # the exact time, for machines and in the title
    assert re.search(r"<a [^>]*>", row)[0].startswith(f'<a href="/conversations/{waiting.pk}"')


def test_lists_show_no_words_of_patients(viewer):
    talk(emergency())
    page = page_of(viewer)
    assert "seizure" in page and WORDS not in page and "my dad" not in page


def test_what_was_drawn_cannot_be_told_from_the_others(viewer):
    at = ago(hours=5).replace(minute=30)
    drawn = talk(turn("why taper", at=at), key="drawn", is_drawn=True)
    others = [talk(unsure(at=at)), talk(turn("why", feedback={"answer_id": "x", "said": "not_helpful"}, at=at))]
    page = page_of(viewer)

    def bare(conversation):
        return re.sub(rf"(row-|open-|onversations?[ /]){conversation.pk}\b", r"\1N", row_of(page, conversation))

    assert bare(drawn) == bare(others[0]) == bare(others[1])
    for word in ("drawn&", "is_drawn", "low confidence<", "not helpful<"):
        assert word not in page


def test_the_order_to_check_does_not_tell_when_each_became_due(viewer):
    hour = ago(hours=5).replace(minute=0, second=0)
    later_due = talk(turn("why", at=hour + timedelta(minutes=1)), unsure(at=hour + timedelta(minutes=50)))
    drawn = talk(turn("why", at=hour + timedelta(minutes=10)), is_drawn=True)
    assert rows(page_of(viewer), "check") == [later_due.pk, drawn.pk]
    assert ":50" not in row_of(page_of(viewer), later_due).split("Last message")[0]


def test_a_long_section_is_cut_and_can_be_seen_whole(viewer):
    everybody = [talk(advisory(at=ago(minutes=500 - number))).pk for number in range(130)]
    page = page_of(viewer)
    assert rows(page, "today") == everybody[:25]
    assert "Show all 130" in page
    first = page_of(viewer, "/?section=today")
    assert rows(first, "today") == everybody[:100]
    after = re.search(r"\?section=today&amp;after=(\d+)", first)[1]
    assert rows(page_of(viewer, f"/?section=today&after={after}"), "today") == everybody[100:]
    assert viewer.get("/?section=nothing").status_code == 404
    never_due = talk(turn("why"))
    assert rows(page_of(viewer, f"/?section=today&after={never_due.pk}"), "today") == everybody[:100]


def test_pages_of_what_is_to_check_lose_nobody(viewer):
    everybody = {talk(unsure(at=ago(minutes=900 - 7 * number))).pk for number in range(105)}
    first = page_of(viewer, "/?section=check")
    after = re.search(r"after=(\d+)\" id", first)[1]
    second = page_of(viewer, f"/?section=check&after={after}")
    assert {*rows(first, "check"), *rows(second, "check")} == everybody
    assert len(rows(second, "check")) == 5


def test_counts_stop_at_a_thousand(viewer, monkeypatch):
    monkeypatch.setattr(queue, "MOST_COUNTED", 30)
    for number in range(31):
        talk(unsure(), key=f"k{number}")
    assert "30+" in page_of(viewer)


def test_the_unread_are_counted_without_demo_data(viewer, reviewer):
    first, second = talk(emergency()), talk(unsure())
    demo = talk(emergency())
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    assert "<title>(2) Inbox" in page_of(viewer)
    reviewer.get(f"/conversations/{first.pk}")
    page = page_of(viewer)
    assert "<title>(1) Inbox" in page and '<span class="count">1</span>' in page
    assert "unread" in row_of(page, second) and "unread" not in row_of(page, first)


def test_what_became_worse_after_it_was_opened_is_unread_again(reviewer):
    opened = talk(advisory(), key="worse")
    reviewer.get(f"/conversations/{opened.pk}")
    assert queue.unread() == 0
    talk(emergency(), key="worse")
    assert queue.unread() == 1
    assert "unread" in row_of(page_of(reviewer), opened)


def test_the_page_asks_and_gets_nothing_until_something_changes(viewer):
    talk(emergency())
    ask = re.search(r'id="inbox" hx-get="([^"]+)"', page_of(viewer))[1].replace("&amp;", "&")
    assert viewer.get(ask).status_code == 204
    new = talk(emergency("self_harm"))
    answer = viewer.get(ask)
    assert answer.status_code == 200 and rows(answer.content.decode(), "open")[0] == new.pk
    Conversation.objects.filter(pk=new.pk).update(assignee="anna")
    ask = re.search(r'id="inbox" hx-get="([^"]+)"', answer.content.decode())[1].replace("&amp;", "&")
    assert viewer.get(ask).status_code == 200


def test_a_new_emergency_is_announced_on_every_page(viewer):
    talk(unsure())
    page = page_of(viewer, "/conversations")
    ask = re.search(r'hx-get="(/inbox/unread[^"]+)"', page)[1].replace("&amp;", "&")
    assert viewer.get(ask).status_code == 204
    talk(unsure())
    quiet = viewer.get(ask)
    assert quiet.status_code == 200 and b"new emergenc" not in quiet.content
    talk(emergency())
    talk(emergency())
    assert b"2 new emergencies" in viewer.get(ask).content


def test_what_the_page_asks_by_itself_keeps_no_session_alive(viewer):
    page = page_of(viewer)
    for address in ("/inbox/changes", "/inbox/unread"):
        asking = re.search(rf'<[^>]*hx-get="{address}[^>]*>', page)[0]
        assert """hx-headers='{"X-Polling": "1"}'""" in asking


def test_asking_is_cheap_however_many_wait(viewer, django_assert_max_num_queries):
    for number in range(40):
        talk(unsure(), key=f"k{number}")
        talk(emergency(), key=f"e{number}")
    with CaptureQueriesContext(connection) as made, django_assert_max_num_queries(25):
        viewer.get("/inbox/changes?since=old")
    of_log = [one["sql"] for one in made if "conversations_conversation" in one["sql"]]
    assert of_log and all("LIMIT" in sql for sql in of_log)


def test_next_opens_the_most_urgent_that_is_not_anothers(browser_of):
    me = member("reviewer", "me")
    browser = signed_in(me)
    theirs, mine = talk(emergency("self_harm")), talk(emergency(at=ago(minutes=9)))
    parked, last = talk(emergency(at=ago(minutes=20))), talk(unsure())
    Conversation.objects.filter(pk=theirs.pk).update(assignee="somebody")
    Conversation.objects.filter(pk=mine.pk).update(assignee="me")
    Conversation.objects.filter(pk=parked.pk).update(state=State.FOLLOW_UP)
    assert browser.get("/inbox/next").url == f"/conversations/{mine.pk}"
    assert browser.get(f"/inbox/next?skip={mine.pk}").url == f"/conversations/{last.pk}"
    back = browser.get(f"/inbox/next?skip={last.pk}", follow=True)
    assert back.redirect_chain[-1][0] == "/" and b"you skipped" in back.content
    assert browser.get("/inbox/next").url == f"/conversations/{mine.pk}"


def test_a_skipped_conversation_comes_back_when_something_new_is_said_in_it(reviewer):
    skipped = talk(emergency(), key="s")
    other = talk(unsure())
    assert reviewer.get(f"/inbox/next?skip={skipped.pk}").url == f"/conversations/{other.pk}"
    talk(turn("he is still shaking"), key="s")
    assert reviewer.get("/inbox/next").url == f"/conversations/{skipped.pk}"


def test_an_empty_inbox_says_so(reviewer):
    assert b"Nothing else waits" in reviewer.get("/inbox/next", follow=True).content
    assert page_of(reviewer).count("None.") == len(SECTIONS)


def test_time_to_first_review_is_of_emergencies_of_seven_days(viewer):
    for minutes in (2, 4, 30):
        waited = talk(emergency(at=ago(hours=20)), key=f"w{minutes}")
        Conversation.objects.filter(pk=waited.pk).update(first_review_at=waited.due_at + timedelta(minutes=minutes))
    talk(emergency(at=ago(hours=1)))
    old, demo = talk(emergency(at=ago(days=8))), talk(emergency())
    Conversation.objects.filter(pk=old.pk).update(first_review_at=timezone.now())
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    measured = first_review(timezone.now())
    assert (measured.emergencies, measured.not_opened) == (4, 1)
    assert measured.median == timedelta(minutes=4)
    assert timedelta(minutes=24) < measured.slowest_tenth < timedelta(minutes=30)
    page = page_of(viewer)
    assert "4 min" in page and "1 not opened yet" in page
    assert "time until somebody opened them (1 not opened is not in it)" in page


def test_the_sections_hold_everything_that_waits_once():
    now = timezone.now()
    talk(emergency())
    talk(emergency(at=ago(hours=13)))
    talk(advisory())
    talk(unsure())
    held = [one.pk for section in SECTIONS for one in of(section, now)]
    assert sorted(held) == sorted(Conversation.objects.filter(risk__gt=Risk.NONE).values_list("pk", flat=True))

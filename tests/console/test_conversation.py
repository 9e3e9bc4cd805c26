"""The page of one conversation: the transcript as stored, live, and what is recorded of reading it."""

import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from service.console.marks import marked
from service.console.models import AuditEntry
from service.conversations.models import Conversation, Message, SecondLook, State
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db
WORDS = "no fever  but\n<b>he</b> is having a seizure & shakes"


def finding(text, words, symptom="seizure", status="current", phrase="having a seizure"):
    at = text.index(words)
    placed = {"start": at, "end": at + len(words)}
    return {"symptom": symptom, "status": status, "level": "emergency", "phrase": phrase, **placed}


def judged(text, *findings, **of_turn):
    one = turn(text, "emergency", ["seizure"], "emergency_report", **of_turn)
    one["inbound"]["findings"] = list(findings)
    return one


def page_of(browser, conversation, query=""):
    answer = browser.get(f"/conversations/{conversation.pk}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def poll_of(page):
    return html.unescape(re.search(r'id="poll"[^>]* hx-get="([^"]+)"', page)[1])


def reads(conversation):
    return AuditEntry.objects.filter(action="conversation read", conversation=conversation.pk)


def test_someone_who_may_not_sees_nothing(client):
    conversation = talk(judged(WORDS))
    for address in ("", "/news?after=0&count=0"):
        answer = client.get(f"/conversations/{conversation.pk}{address}")
        assert answer.status_code == 302 and answer.url.startswith("/sign-in")
        assert b"seizure" not in answer.content
    assert not reads(conversation)


def test_a_viewer_reads_and_can_change_nothing(viewer):
    conversation = talk(judged(WORDS))
    page = page_of(viewer, conversation)
    assert "seizure" in page
    assert "<textarea" not in page and "Reviewed, next" not in page and 'name="code"' not in page
    conversation.refresh_from_db()
    assert conversation.state == State.NEW and conversation.first_review_at is None


def test_every_reading_is_recorded_before_it_is_shown(viewer, monkeypatch):
    conversation = talk(judged(WORDS))
    page_of(viewer, conversation)
    page_of(viewer, conversation)
    assert reads(conversation).count() == 2
    assert "seizure" not in str(list(reads(conversation).values()))
    monkeypatch.setattr("service.console.audit.hash_of", lambda entry: 1 / 0)
    viewer.raise_request_exception = False
    answer = viewer.get(f"/conversations/{conversation.pk}")
    assert answer.status_code == 500 and b"seizure" not in answer.content


def test_a_conversation_that_does_not_exist_is_not_found(viewer):
    answer = viewer.get("/conversations/999")
    assert answer.status_code == 404 and b"no such page" in answer.content
    assert not AuditEntry.objects.filter(action="conversation read")


def test_the_first_opening_by_somebody_who_may_review_is_kept(reviewer):
    conversation = talk(judged(WORDS))
    page_of(reviewer, conversation)
    conversation.refresh_from_db()
    first = conversation.first_review_at
    assert first and conversation.state == State.IN_REVIEW
    page_of(reviewer, conversation)
    conversation.refresh_from_db()
    assert conversation.first_review_at == first
    assert AuditEntry.objects.filter(action="state changed").count() == 1


def test_what_does_not_wait_is_not_reviewed_by_being_read(reviewer):
    conversation = talk(turn("why taper"))
    page_of(reviewer, conversation)
    conversation.refresh_from_db()
    assert conversation.state == State.NEW and conversation.first_review_at is None


def test_words_stand_there_exactly_with_their_findings_marked(viewer):
    found = finding(WORDS, "having a seizure"), finding(WORDS, "fever", "high_fever", "denied", "fever")
    page = page_of(viewer, talk(judged(WORDS, *found)))
    words = re.search(r'<p class="words">(.*?)</p>', page, re.S)[1]
    assert html.unescape(re.sub(r"</?mark[^>]*>", "", words)) == WORDS
    assert '<mark class="counts">having a seizure</mark>' in words and "<mark>fever</mark>" in words
    assert "<b>" not in words


def test_findings_that_meet_are_marked_once_and_what_counts_is_seen():
    text = "my pump is beeping"
    findings = [finding(text, "pump is beeping", status="denied"), finding(text, "my pump")]
    assert marked(text, findings) == '<mark class="counts">my pump</mark><mark> is beeping</mark>'
    assert marked(text, [finding(text, text, phrase="sound")]) == text


def test_a_turn_says_why_it_was_judged_so(viewer):
    asked = finding(WORDS, "seizure", status="question", phrase="seizure")
    conversation = talk(judged(WORDS, finding(WORDS, "having a seizure"), asked))
    Message.objects.filter(direction="in").update(triage_version="triage-7")
    page = page_of(viewer, conversation)
    for said in ("seizure: counts", "only asked about", "“having a seizure”", "0.93", "80 ms", "rasa 60 ms"):
        assert said in page, said
    for said in ("triage-7", "model-1", "Why must baclofen be reduced slowly?", "ask_why_taper"):
        assert said in page, said
    assert 'href="/conversations?topic=emergency_report&amp;version=abc123def456"' in page


def test_answers_stand_there_as_sent_with_their_buttons_and_what_was_said_of_them(viewer):
    one = turn("why", at=timezone.now() - timedelta(minutes=1))
    one["replies"][0] |= {
        "text": "First.\n\nSecond & last.\n\nSources:\n- a book",
        "buttons": [{"title": "What is a pump?", "payload": "/ask_what_is_pump"}],
    }
    conversation = talk(one, turn("/feedback_not_helpful", feedback={"answer_id": "why_taper", "said": "not_helpful"}))
    Message.objects.filter(direction="out").update(delivery="undelivered")
    page = page_of(viewer, conversation)
    assert '<p class="words">First.\n\nSecond &amp; last.</p>' in page
    assert '<p class="words">Sources:\n- a book</p>' in page
    assert "<li>What is a pump?</li>" in page and "/ask_what_is_pump" not in page
    assert "the person said: not helpful" in page and ">not delivered</strong>" in page
    assert "By the button “No”" in page


def test_why_it_waits_is_said_unless_it_is_to_be_judged_like_those_drawn(viewer):
    assert "wrote again" in page_of(viewer, talk(turn("again", "advisory", ["repeated"])))
    for to_check in (talk(turn("cheese", confidence=0.4)), talk(turn("why"), is_drawn=True)):
        page = page_of(viewer, to_check)
        assert "low confidence" not in page and "drawn" not in page


def test_a_long_conversation_comes_in_parts(viewer):
    begun = timezone.now() - timedelta(hours=5)
    turns = [turn(f"question {number}.", at=begun + timedelta(minutes=number)) for number in range(130)]
    conversation = talk(*turns)
    page = page_of(viewer, conversation)
    assert page.count("data-turn ") == 50
    assert "question 129." in page and "question 80." in page and "question 79." not in page
    earlier = html.unescape(re.search(r'id="earlier" href="([^"]+)"', page)[1])
    before = page_of(viewer, conversation, earlier)
    assert "question 79." in before and "question 30." in before and "question 80." not in before
    assert 'id="poll"' not in before
    part = viewer.get(f"/conversations/{conversation.pk}{earlier}", headers={"HX-Request": "true"}).content.decode()
    assert "question 79." in part and "<html" not in part
    first = html.unescape(re.search(r'id="earlier" href="([^"]+)"', before)[1])
    last = page_of(viewer, conversation, first)
    assert "question 0." in last and 'id="earlier"' not in last


def test_an_old_turn_can_be_linked_to(viewer):
    begun = timezone.now() - timedelta(hours=5)
    conversation = talk(*[turn(f"question {number}.", at=begun + timedelta(minutes=number)) for number in range(130)])
    old = Message.objects.get(text="question 5.")
    page = page_of(viewer, conversation, f"?turn={old.pk}")
    assert f'id="turn-{old.pk}"' in page and "question 6." not in page and "To its latest turns" in page
    other = talk(turn("elsewhere"))
    assert viewer.get(f"/conversations/{other.pk}?turn={old.pk}").status_code == 404


def test_who_reviewed_it_is_said_as_of_now(viewer):
    conversation = talk(turn("why"))
    for state, said in (("done", ">reviewed by rita"), ("in_review", ">was reviewed by rita")):
        changed = {"state": state, "reviewer": "rita", "reviewed_at": timezone.now()}
        Conversation.objects.filter(pk=conversation.pk).update(**changed)
        page = page_of(viewer, conversation)
        assert said in page and (", opened again" in page) == (state != "done")


def test_it_is_said_that_nobody_knows_who_it_is(viewer):
    page = page_of(viewer, talk(turn("he is having a seizure", "emergency", ["seizure"])))
    assert "cannot write to them. The bot told them whom to call." in page
    page = page_of(viewer, talk(turn("why")))
    assert "cannot write to them." in page and "whom to call" not in page


def test_each_symptom_is_named_once_with_commas_between(viewer):
    conversation = talk(
        turn("no pills since monday, want to die", "emergency", ["self_harm", "early_signs", "self_harm"])
    )
    page = viewer.get(f"/conversations/{conversation.pk}").content.decode()
    nav = re.search(r'<nav class="urgent".*?</nav>', page, re.S)[0]
    assert re.search(r"</time> self-harm, early signs</a>", nav)
    summary = re.search(r'<details class="judged"><summary>(.*?)<span class="soft">', page, re.S)[1]
    assert re.sub(r"<[^>]+>", "", summary).strip() == "self-harm: counts, early signs: counts"


def test_urgent_turns_are_linked_from_the_top(viewer):
    conversation = talk(turn("why"), judged(WORDS, finding(WORDS, "having a seizure")), turn("thanks", "none"))
    message = Message.objects.get(text=WORDS)
    page = page_of(viewer, conversation)
    nav = re.search(r'<nav class="urgent".*?</nav>', page, re.S)[0]
    assert nav.count("<a ") == 1 and f"#turn-{message.pk}" in nav and "seizure" in nav


def test_new_turns_come_by_themselves_and_are_recorded_only_then(viewer):
    conversation = talk(turn("why"), key="live")
    ask = poll_of(page_of(viewer, conversation))
    polling = {"X-Polling": "1", "HX-Request": "true"}
    for _ in range(3):
        assert viewer.get(ask, headers=polling).status_code == 204
    assert reads(conversation).count() == 1
    talk(turn("he is shaking now"), key="live")
    answer = viewer.get(ask, headers=polling)
    news = answer.content.decode()
    assert "he is shaking now" in news and "1 new message" in news and news.count("data-turn ") == 1
    assert reads(conversation).count() == 2
    assert viewer.get(poll_of(news), headers=polling).status_code == 204


def test_more_than_a_page_of_news_is_not_seen_before_all_of_it_came(viewer):
    begun = timezone.now() - timedelta(hours=2)
    conversation = talk(turn("why", at=begun), key="away")
    ask = poll_of(page_of(viewer, conversation))
    talk(*[turn(f"more {number}.", at=begun + timedelta(minutes=number + 1)) for number in range(60)], key="away")
    first = viewer.get(ask).content.decode()
    assert first.count("data-turn ") == 50 and 'data-seen=""' in first
    rest = viewer.get(poll_of(first)).content.decode()
    assert rest.count("data-turn ") == 10 and 'data-seen="61 ' in rest
    assert viewer.get(poll_of(rest)).status_code == 204


def test_a_late_reply_comes_by_itself(viewer):
    late = turn("why", answered=False)
    conversation = talk(late, key="late")
    page = page_of(viewer, conversation)
    assert "No reply is stored" in page
    heard = Message.objects.get(direction="in")
    Message.objects.create(
        conversation=conversation,
        direction="out",
        in_reply_to=heard,
        said_at=timezone.now(),
        text="Late.",
        level="none",
    )
    news = viewer.get(poll_of(page)).content.decode()
    assert f'id="replies-{heard.pk}" hx-swap-oob="true"' in news and "Late." in news and "data-turn " not in news


def test_news_do_not_count_as_somebody_of_the_staff_opening_it(reviewer):
    conversation = talk(turn("ran out", "advisory", ["stopped_or_ran_out"]), key="worse")
    ask = poll_of(page_of(reviewer, conversation))
    talk(judged(WORDS), key="worse")
    assert reviewer.get(ask).status_code == 200
    conversation.refresh_from_db()
    assert conversation.first_review_at is None  # the screen may be unwatched: it stays unread in the inbox


def test_what_was_erased_leaves_the_screen(viewer):
    conversation = talk(turn("why"))
    ask = poll_of(page_of(viewer, conversation))
    Conversation.objects.filter(pk=conversation.pk).delete()
    answer = viewer.get(ask)
    assert answer.status_code == 204 and answer["HX-Refresh"] == "true"


def test_what_triage_says_today_is_shown_where_it_differs(viewer):
    conversation = talk(turn("he is not right"))
    looked_at = {"level": "emergency", "change": SecondLook.change.field.choices[0][0], "triage_version": "t9"}
    SecondLook.objects.create(message=Message.objects.get(direction="in"), **looked_at)
    assert re.search(r"Triage now</dt><dd>emergency, version t9", page_of(viewer, conversation))


def test_a_page_costs_as_many_queries_for_fifty_turns_as_for_one(viewer, django_assert_max_num_queries):
    conversation = talk(*[turn(f"question {number}") for number in range(50)])
    with django_assert_max_num_queries(35):
        page_of(viewer, conversation)


def test_what_the_clinics_staff_wrote_stands_where_they_wrote_it(viewer: Client) -> None:
    conversation = talk(turn("first question"), turn("second question"))
    first, second = conversation.messages.filter(direction="in").order_by("said_at", "id")
    wrote = {"conversation": conversation, "direction": "out", "answer_id": "staff", "level": "none"}
    Message.objects.create(said_at=first.said_at, text="between <b>them</b>", message_id="staff:1", **wrote)
    Message.objects.create(
        said_at=second.said_at + timedelta(seconds=1), text="at the end", delivery="undelivered", **wrote
    )
    page = viewer.get(f"/conversations/{conversation.pk}").content.decode()
    places = [page.index(text) for text in ("first question", "between &lt;b&gt;them", "second question", "at the end")]
    assert places == sorted(places)
    assert page.count("clinic's staff, <time") == 2 and "not delivered" in page

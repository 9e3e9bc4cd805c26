"""What did not reach its person, as staff see it: inbox, transcript, list, export, alerts, figures, erasure."""

import html
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from service.console import alerts, plain_words, queue
from service.console.day_counts import count
from service.console.filters import ConversationFilter
from service.console.sections import SECTIONS, of
from service.console.selection import Selection
from service.conversations.deliveries import log_deliveries
from service.conversations.models import Alert, Conversation, Message, Parcel, Risk, State
from tests.console.conftest import member, signed_in, talk, turn
from tests.console.test_alerts import Mail, Receiver, mail, receiver  # noqa: F401
from tests.console.test_conversations import listed
from tests.console.test_export import rows_of_csv, rows_of_jsonl
from tests.console.test_inbox import emergency, page_of, row_of, rows, unsure

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"])
Status = Parcel.Status
WAS_NOT_TOLD = "The emergency guidance did not reach this person."


def of_last_turn(conversation: Conversation, status: str, is_urgent: bool = True) -> Parcel:
    """The parcel of its last turn gets so far, and the log takes it in."""
    heard = Message.objects.filter(conversation=conversation, direction="in").latest("said_at", "pk")
    name = {"channel": conversation.channel, "conversation": conversation.key, "message_id": heard.message_id}
    now = timezone.now()
    new = {"platform": "p", "received_at": now, "held_by": "p", "is_answered": True, "is_urgent": is_urgent}
    one, _ = Parcel.objects.update_or_create(
        **name, defaults={"status": status}, create_defaults={"status": status, **new}
    )
    assert log_deliveries() == 1
    return one


def undelivered(conversation: Conversation, is_urgent: bool = True) -> Conversation:
    of_last_turn(conversation, Status.UNDELIVERED, is_urgent)
    conversation.refresh_from_db()
    return conversation


def conversation_page(browser: Client, conversation: Conversation) -> str:
    return page_of(browser, f"/conversations/{conversation.pk}")


def poll_of(page: str) -> str:
    return html.unescape(re.search(r'id="poll"[^>]* hx-get="([^"]+)"', page)[1])


def test_an_undelivered_emergency_is_at_the_very_top_of_the_inbox(viewer: Client) -> None:
    self_harm, other = talk(emergency("self_harm")), talk(emergency())
    not_told = undelivered(talk(emergency(), channel="whatsapp"))
    page = page_of(viewer)
    sections = re.findall(r'<section aria-labelledby="(\w+)"', page)
    assert sections[0] == "undelivered" and rows(page, "undelivered") == [not_told.pk]
    assert rows(page, "open") == [self_harm.pk, other.pk]
    row = row_of(page, not_told)
    assert '<span class="badge emergency">emergency not delivered</span>' in row and "seizure" in row
    assert "WhatsApp, 1 turn" in row and "unread" in row
    assert "Call them if you know who they are." in page
    assert viewer.get("/inbox/next").url == f"/conversations/{not_told.pk}"


def test_it_stands_in_one_section_only_also_when_it_is_silent() -> None:
    talk(emergency())
    quiet = undelivered(talk(emergency()))
    Conversation.objects.filter(pk=quiet.pk).update(open_level="none")
    undelivered(talk(turn("why")), is_urgent=False)
    held = [one.pk for section in SECTIONS for one in of(section, timezone.now())]
    assert sorted(held) == sorted(Conversation.objects.filter(risk__gt=Risk.NONE).values_list("pk", flat=True))
    assert [one.pk for one in of(SECTIONS[0], timezone.now())] == [quiet.pk]


def test_another_reply_that_was_not_delivered_is_to_be_checked_and_its_reason_looks_like_all_others(
    viewer: Client,
) -> None:
    missed = undelivered(talk(turn("why taper")), is_urgent=False)
    talk(unsure())
    page = page_of(viewer)
    assert missed.pk in rows(page, "check") and rows(page, "undelivered") == []
    assert "not delivered" not in row_of(page, missed)


@pytest.mark.parametrize("name", [section.name for section in SECTIONS])
def test_every_section_is_found_by_the_index_of_the_inbox(name: str) -> None:
    for _ in range(20):
        talk(turn("why"))
    undelivered(talk(emergency()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    section = next(one for one in SECTIONS if one.name == name)
    plan = of(section, timezone.now()).filter(is_demo=False).order_by(*queue.ORDER)[:25].explain()
    if connection.vendor == "sqlite" and name != "open":  # those of the last twelve hours are found by their time
        assert "USING INDEX inbox" in plan, plan


def test_it_is_unread_again_after_staff_were_done_and_announced_on_every_page(reviewer: Client) -> None:
    done = talk(emergency())
    done_by_staff = {"state": State.DONE, "first_review_at": timezone.now()}
    Conversation.objects.filter(pk=done.pk).update(**done_by_staff)
    page = page_of(reviewer, "/conversations")
    ask = html.unescape(re.search(r'hx-get="(/inbox/unread[^"]+)"', page)[1])
    assert queue.unread() == 0
    undelivered(done)
    assert queue.unread() == 1
    assert ">1 emergency not delivered</a>" in page_of(reviewer, ask)
    talk(emergency())
    assert ">1 emergency not delivered, 1 new emergency</a>" in page_of(reviewer, ask)


def test_each_reply_says_in_words_that_it_was_not_delivered_or_is_on_its_way(viewer: Client) -> None:
    conversation = talk(emergency())
    assert "delivered" not in conversation_page(viewer, conversation)
    of_last_turn(conversation, Status.ON_ITS_WAY)
    assert '<strong class="badge">on its way</strong>' in conversation_page(viewer, conversation)
    of_last_turn(conversation, Status.LATE)
    assert '<strong class="badge emergency">not delivered</strong>' in conversation_page(viewer, conversation)
    calm = undelivered(talk(turn("why")), is_urgent=False)
    assert '<strong class="badge advisory">not delivered</strong>' in conversation_page(viewer, calm)


def test_the_page_says_what_can_be_done_and_not_that_the_person_was_told(viewer: Client) -> None:
    conversation = talk(emergency(), channel="sms")
    assert "The bot told them whom to call." in conversation_page(viewer, conversation)
    of_last_turn(conversation, Status.LATE)
    page = conversation_page(viewer, conversation)
    assert WAS_NOT_TOLD in page and "recognise the person from what they wrote" in page
    assert "whom to call" not in page and "SMS ·" in page
    of_last_turn(conversation, Status.DELIVERED)
    page = conversation_page(viewer, conversation)
    assert "At first the emergency guidance did not reach this person." in page and WAS_NOT_TOLD not in page
    assert "The bot told them whom to call." in page and "emergency not delivered" in page


def test_what_is_no_emergency_says_how_many_replies_are_missing(viewer: Client) -> None:
    page = conversation_page(viewer, undelivered(talk(turn("why")), is_urgent=False))
    assert "1 reply did not reach this person" in page and WAS_NOT_TOLD not in page


def test_an_open_page_learns_by_itself_that_a_reply_did_not_arrive(viewer: Client) -> None:
    conversation = talk(emergency(), turn("thanks"))
    first, last = Message.objects.filter(direction="in").order_by("pk")
    ask = poll_of(conversation_page(viewer, conversation))
    assert viewer.get(ask).status_code == 204
    Message.objects.filter(in_reply_to=first).update(delivery="undelivered")
    news = page_of(viewer, ask)
    for shown in (first, last):
        assert f'id="replies-{shown.pk}" hx-swap-oob="true"' in news
    assert "not delivered</strong>" in news and WAS_NOT_TOLD in news and "data-turn " not in news
    assert '<a href="#about">1 reply not delivered</a>' in news
    assert viewer.get(poll_of(news)).status_code == 204
    Message.objects.update(delivery="sent")
    again = page_of(viewer, poll_of(news))
    assert "not delivered" not in again and viewer.get(poll_of(again)).status_code == 204


def test_nobody_is_done_with_what_did_not_arrive_meanwhile() -> None:
    anna = signed_in(member("reviewer", "anna"))
    conversation = talk(emergency())
    page = conversation_page(anna, conversation)
    seen = html.unescape(re.search(r'name="seen" value="([^"]*)"', page)[1])
    undelivered(conversation)
    done = {"state": "done", "seen": seen}
    answer = anna.post(f"/conversations/{conversation.pk}/state", done, follow=True)
    assert b"a reply was not delivered" in answer.content
    conversation.refresh_from_db()
    assert conversation.state != State.DONE


def test_the_list_shows_those_with_replies_that_were_not_delivered(viewer: Client) -> None:
    missed, on_its_way, _ = undelivered(talk(emergency())), talk(emergency()), talk(emergency())
    of_last_turn(on_its_way, Status.ON_ITS_WAY)
    assert listed(viewer, delivery="undelivered") == [missed.pk]
    assert listed(viewer, delivery="on_its_way") == [on_its_way.pk]
    assert listed(viewer, delivery="undelivered", level="advisory") == []
    assert listed(viewer, delivery="undelivered", words="seizure") == [missed.pk]
    assert "emergency not delivered" in page_of(viewer, "/conversations?delivery=undelivered")


def test_they_are_found_by_their_index() -> None:
    found = ConversationFilter({"delivery": "undelivered"}, Conversation.objects.all()).qs
    if connection.vendor == "sqlite":
        assert "INDEX replies_not_sent" in found.order_by("-pk")[:50].explain()


def test_the_export_says_of_each_reply_whether_it_arrived(reviewer: Client) -> None:
    missed = undelivered(talk(emergency()))
    talk(turn("why"))
    for read in (rows_of_csv, rows_of_jsonl):
        assert {row["delivery"] for row in read(reviewer)} == {"undelivered", "sent"}
        (reply,) = [row for row in read(reviewer, delivery="undelivered") if row["direction"] == "out"]
        assert (str(reply["conversation"]), reply["delivery"]) == (str(missed.pk), "undelivered")


def test_staff_are_alerted_without_being_told_that_the_person_was(receiver: Receiver, mail: Mail) -> None:  # noqa: F811
    talked = talk(emergency(), channel="facebook")
    alerts.send_due()
    undelivered(talked)
    alerts.send_due()
    assert b'"emergency.not_delivered"' in receiver.got[1][1]
    subject, body = mail.got[1].decode().split("\n\n", 1)
    assert f"Subject: Emergency not delivered in conversation {talked.pk}" in subject
    assert "channel Messenger" in body and "guidance did not reach the person" in body
    assert "whom to call" not in body and "reported to the bot" not in body
    assert Alert.objects.count() == 2


def test_the_figures_count_them(viewer: Client) -> None:
    undelivered(talk(emergency()))
    talk(emergency())
    (today,) = count(Selection(1)).values()
    assert today.undelivered == 1
    page = page_of(viewer, "/figures")
    assert "1 replies were not delivered." in page and "/conversations?delivery=undelivered&amp;began_from=" in page


def test_channels_have_their_names(viewer: Client) -> None:
    named = {"sms": "SMS", "whatsapp": "WhatsApp", "telegram": "Telegram", "slack": "Slack", "facebook": "Messenger"}
    for id, name in {**named, "web": "Website", "pigeon": "pigeon"}.items():
        assert plain_words.channel(id) == name
        talk(emergency(), channel=id)
    for address in ("/", "/conversations", "/figures"):
        page = page_of(viewer, address)
        for id, name in named.items():
            assert name in page and f">{id}<" not in page
    assert '<option value="facebook">Messenger</option>' in page_of(viewer, "/conversations")


def test_an_erased_conversation_is_nowhere_and_its_parcels_are_gone(admin: Client, monkeypatch: Any) -> None:
    later: list[Any] = []
    monkeypatch.setattr("service.console.erasure.in_background", lambda seconds, work: later.append(work))
    gone = undelivered(talk(emergency()))
    Parcel.objects.update(ended_at=timezone.now())
    admin.post(f"/conversations/{gone.pk}/erase")
    assert not Parcel.objects.exists() and not Alert.objects.exists()
    assert rows(page_of(admin), "undelivered") == [] and len(later) == 1

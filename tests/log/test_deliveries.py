"""What reached its person and what did not, in the log and before staff: once each, whatever happens in between."""

from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from service.conversations import attention, deliveries, outbox
from service.conversations.deliveries import log_deliveries
from service.conversations.models import Alert, Conversation, Entry, Message, OptOut, Parcel, Risk, State
from service.conversations.retention import erasing, purge
from tests.log.test_outbox import REPLY, shown, turn, write

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"], transaction=True)
Status = Parcel.Status
OPENED = {"state": State.IN_REVIEW, "first_review_at": timezone.now()}


@pytest.fixture(autouse=True)
def nobody_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention, "DRAWN_SHARE", 0.0)


def parcel(message_id: str = "1", status: str = Status.LATE, conversation: str = "anna", **more: Any) -> Parcel:
    """A parcel of a turn of `turn`; ended where its status says so."""
    now = timezone.now()
    is_ended = status not in (Status.ON_ITS_WAY, Status.LATE)
    about = {"received_at": now, "held_by": "p", "is_answered": True, "ended_at": now if is_ended else None, **more}
    return Parcel.objects.create(
        platform="rest", channel="rest", conversation=conversation, message_id=message_id, status=status, **about
    )


def becomes(one: Parcel, status: str) -> None:
    Parcel.objects.filter(pk=one.pk).update(status=status, ended_at=timezone.now())


def answered(*message_ids: str, conversation: str = "anna") -> Conversation:
    """A conversation in the log with these turns."""
    write(*[turn(one, conversation) for one in message_ids])
    outbox.move_due()
    return Conversation.objects.get(key=conversation)


def anna() -> Conversation:
    return Conversation.objects.get(key="anna")


def delivery(message_id: str = "1") -> set[str]:
    replies = Message.objects.filter(in_reply_to__message_id=message_id)
    return set(replies.values_list("delivery", flat=True))


def all_rows() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (Conversation, Message, Alert, Parcel)]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.ON_ITS_WAY, "on_its_way"),
        (Status.LATE, "undelivered"),
        (Status.UNDELIVERED, "undelivered"),
        (Status.DELIVERED, "sent"),
        (Status.NOTHING_TO_SEND, "sent"),
    ],
)
def test_the_log_says_how_far_all_replies_of_a_turn_are(status: str, said: str) -> None:
    write(turn("1", replies=(REPLY, {**REPLY, "answer_id": "timeline"})), turn("2"))
    outbox.move_due()
    one = parcel("1", status)
    assert log_deliveries() == 1
    assert delivery("1") == {said} and delivery("2") == {"sent"}
    one.refresh_from_db()
    assert one.logged_status == status


def test_what_was_not_delivered_is_to_be_checked_and_nobody_is_alerted() -> None:
    assert answered("1").risk == Risk.NONE
    parcel()
    log_deliveries()
    conversation = anna()
    assert (conversation.risk, conversation.reasons) == (Risk.TO_CHECK, ["undelivered"])
    assert conversation.due_at and conversation.had_reason and not Alert.objects.exists()


def test_an_undelivered_emergency_is_above_all_and_alerted() -> None:
    answered("1")
    parcel(is_urgent=True)
    log_deliveries()
    conversation = anna()
    assert (conversation.risk, conversation.reasons) == (max(Risk), ["undelivered_emergency"])
    alert = Alert.objects.get()
    assert (alert.conversation, alert.risk) == (conversation, Risk.UNDELIVERED_EMERGENCY)


@pytest.mark.parametrize("is_urgent", [True, False])
@pytest.mark.parametrize("state", [State.IN_REVIEW, State.FOLLOW_UP, State.DONE])
def test_what_staff_opened_or_were_done_with_is_new_again(state: str, is_urgent: bool) -> None:
    answered("1")
    parcel("1", Status.UNDELIVERED)
    log_deliveries()
    long_ago = timezone.now() - timedelta(hours=3)
    Conversation.objects.update(state=state, first_review_at=long_ago, due_at=long_ago, assignee="rita")
    answered("2")
    parcel("2", is_urgent=is_urgent)
    log_deliveries()
    conversation = anna()
    assert conversation.state == State.NEW and conversation.first_review_at is None
    assert conversation.due_at > long_ago + timedelta(hours=2) and conversation.assignee == "rita"
    assert Alert.objects.count() == is_urgent


def test_of_several_that_nobody_opened_yet_one_alert_is_raised_and_the_first_keeps_its_place() -> None:
    answered("1", "2", "3")
    parcel("1", is_urgent=True)
    log_deliveries()
    due_at = anna().due_at
    parcel("2", is_urgent=True)
    parcel("3")
    log_deliveries()
    assert Alert.objects.count() == 1 and anna().due_at == due_at
    assert anna().reasons == ["undelivered_emergency", "undelivered"]


def test_demo_data_alert_nobody() -> None:
    answered("1")
    Conversation.objects.update(is_demo=True)
    parcel(is_urgent=True)
    log_deliveries()
    assert anna().risk == Risk.UNDELIVERED_EMERGENCY and not Alert.objects.exists()


@pytest.mark.parametrize("status", [status for status in Status if status != Status.NOTHING_TO_SEND])
def test_a_second_run_changes_nothing_not_even_where_the_first_could_not_write_down_that_it_was(status: str) -> None:
    answered("1")
    parcel("1", status, is_urgent=True)
    log_deliveries()
    before = all_rows()
    assert log_deliveries() == 0 and all_rows() == before
    Parcel.objects.update(logged_status="")
    Conversation.objects.update(**OPENED)
    opened = all_rows()[:3]
    assert log_deliveries() == 1 and all_rows()[:3] == opened


def test_a_late_one_that_arrives_after_all_is_sent_and_staff_still_see_why_it_came() -> None:
    answered("1")
    late = parcel(is_urgent=True)
    log_deliveries()
    Conversation.objects.update(**OPENED)
    before = Conversation.objects.values().get()
    becomes(late, Status.DELIVERED)
    log_deliveries()
    assert delivery() == {"sent"} and Conversation.objects.values().get() == before
    assert before["reasons"] == ["undelivered_emergency"] and Alert.objects.count() == 1


def test_a_late_one_that_is_given_up_is_no_news_for_staff() -> None:
    answered("1")
    late = parcel(is_urgent=True)
    log_deliveries()
    Conversation.objects.update(**OPENED)
    before = Conversation.objects.values().get()
    becomes(late, Status.UNDELIVERED)
    assert log_deliveries() == 1
    assert Conversation.objects.values().get() == before and Alert.objects.count() == 1


def test_what_the_platform_took_and_then_did_not_deliver_is_news() -> None:
    answered("1")
    one = parcel("1", Status.DELIVERED, is_urgent=True)
    log_deliveries()
    becomes(one, Status.UNDELIVERED)
    log_deliveries()
    assert delivery() == {"undelivered"} and Alert.objects.count() == 1


def test_what_was_on_its_way_and_then_had_nothing_to_send_is_on_its_way_no_more() -> None:
    answered("1")
    one = parcel("1", Status.ON_ITS_WAY)
    log_deliveries()
    becomes(one, Status.NOTHING_TO_SEND)
    log_deliveries()
    assert delivery() == {"sent"}


@pytest.mark.parametrize("status", [Status.ON_ITS_WAY, Status.LATE, Status.UNDELIVERED])
def test_a_parcel_waits_for_its_turn_however_long_that_takes(status: str) -> None:
    write(turn("1"))
    one = parcel("1", status, is_urgent=True)
    Parcel.objects.filter(ended_at__isnull=False).update(ended_at=timezone.now() - timedelta(hours=5))
    assert log_deliveries() == 0
    outbox.move_due()
    assert log_deliveries() == 1
    assert delivery() == {deliveries.DELIVERY[one.status]}
    assert Alert.objects.exists() == (status != Status.ON_ITS_WAY)


def test_replies_of_a_turn_that_the_log_had_before_them_are_waited_for() -> None:
    left = turn("1", replies=(), at=timezone.now() - timedelta(seconds=20))
    write(left)
    outbox.move_due()
    parcel("1", Status.ON_ITS_WAY)
    assert log_deliveries() == 0
    write(turn("1"))
    assert log_deliveries() == 0
    outbox.move_due()
    assert log_deliveries() == 1 and delivery() == {"on_its_way"}


def test_an_emergency_without_any_reply_in_the_log_is_told_staff_too() -> None:
    write(turn("1", replies=(), at=timezone.now() - timedelta(seconds=20)))
    outbox.move_due()
    parcel("1", Status.UNDELIVERED, is_urgent=True)
    log_deliveries()
    assert anna().risk == Risk.UNDELIVERED_EMERGENCY and Alert.objects.count() == 1


def test_what_never_had_a_turn_is_passed_over_a_minute_after_its_end() -> None:
    stop = parcel("stop", Status.LATE)
    assert log_deliveries() == 0
    becomes(stop, Status.DELIVERED)
    assert log_deliveries() == 0  # its turn may be in the memory of a process that cannot write it
    Parcel.objects.update(ended_at=timezone.now() - timedelta(minutes=2))
    assert log_deliveries() == 1 and not Conversation.objects.exists()
    stop.refresh_from_db()
    assert stop.logged_status == Status.DELIVERED


def test_what_was_erased_is_passed_over_and_tells_staff_nothing() -> None:
    answered("1")
    one = parcel("1", Status.ON_ITS_WAY, is_urgent=True)
    erasing("rest", "anna").erase()
    becomes(one, Status.UNDELIVERED)
    Parcel.objects.update(ended_at=timezone.now() - timedelta(minutes=2))
    assert log_deliveries() == 1
    assert not Conversation.objects.exists() and not Alert.objects.exists()


def test_a_turn_that_the_log_lost_after_it_was_moved_is_passed_over() -> None:
    answered("1")
    Conversation.objects.all().delete()
    parcel("1", Status.UNDELIVERED, is_urgent=True)
    assert log_deliveries() == 1 and not Alert.objects.exists()


def test_what_waits_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliveries, "PARCELS_AT_ONCE", 2)
    for number in range(5):
        parcel(f"waits{number}", conversation=f"c{number}")
    answered("1")
    parcel("1", is_urgent=True)
    assert log_deliveries() == 1 and delivery() == {"undelivered"}


def test_what_the_log_refuses_holds_up_nobody_and_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answered("1")
    answered("1", conversation="bert")
    parcel("1", is_urgent=True)
    parcel("1", conversation="bert")
    notice = attention.notice_undelivered

    def refuse_bert(conversation: Conversation, *more: Any) -> Any:
        return notice(conversation, *more) if conversation.key == "anna" else 1 / 0

    failures = shown("store_errors_total", store="log")
    with monkeypatch.context() as refused:
        refused.setattr(attention, "notice_undelivered", refuse_bert)
        assert log_deliveries() == 1
    assert shown("store_errors_total", store="log") == failures + 2
    assert Alert.objects.count() == 1 and anna().risk == Risk.UNDELIVERED_EMERGENCY
    assert Conversation.objects.get(key="bert").risk == Risk.NONE
    assert log_deliveries() == 1 and Conversation.objects.get(key="bert").risk == Risk.TO_CHECK


def test_while_the_log_is_down_nothing_changes_and_nothing_is_lost() -> None:
    answered("1")
    parcel("1", is_urgent=True)
    before = all_rows()

    def down(*query: Any) -> Any:
        raise OperationalError("the log is down")

    with connections["default"].execute_wrapper(down), pytest.raises(OperationalError):
        log_deliveries()
    assert all_rows() == before
    assert log_deliveries() == 1 and Alert.objects.count() == 1


def test_the_mover_logs_them_after_it_moved_the_turns_also_while_no_new_one_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(turn("1"))
    parcel()
    calls = []

    def log_twice() -> None:
        calls.append(log_deliveries())
        if len(calls) == 2:
            raise InterruptedError

    monkeypatch.setattr(outbox, "log_deliveries", log_twice)
    with pytest.raises(InterruptedError):
        outbox.Mover(tmp_path / "lock", Event())._move_for_ever()
    assert calls == [1, 0] and delivery() == {"undelivered"}


def test_the_parcels_to_log_are_found_by_their_index() -> None:
    queries = deliveries._unlogged().filter(pk__gt=5)[:100]
    assert "parcels_to_log" in queries.explain()


def test_fifty_that_wait_cost_a_run_no_more_queries_than_one(django_assert_max_num_queries: Any) -> None:
    for number in range(50):
        parcel(f"waits{number}", conversation=f"c{number}")
    with django_assert_max_num_queries(3, using="outbox"), django_assert_max_num_queries(1, using="default"):
        log_deliveries()


def test_parcels_stay_for_three_days_after_their_end_and_until_the_log_has_them() -> None:
    days_ago = {name: timezone.now() - timedelta(days=days) for name, days in {"young": 2, "old": 4, "new": 4}.items()}
    for name, at in days_ago.items():
        logged = "" if name == "new" else Status.DELIVERED
        parcel(name, Status.DELIVERED, ended_at=at, logged_status=logged)
    parcel("going", received_at=timezone.now() - timedelta(days=9))
    outbox.clean_up()
    assert sorted(one.message_id for one in Parcel.objects.all()) == ["going", "new", "young"]


def test_purge_deletes_old_parcels_and_leaves_who_wants_no_messages() -> None:
    old = timezone.now() - timedelta(days=100)
    parcel("old", Status.DELIVERED, received_at=old)
    parcel("young", Status.DELIVERED)
    OptOut.objects.create(channel="sms", conversation="anna", since=old)
    purge(timezone.now() - timedelta(days=90), is_dry_run=True)
    assert Parcel.objects.count() == 2
    purge(timezone.now() - timedelta(days=90), is_dry_run=False)
    assert [one.message_id for one in Parcel.objects.all()] == ["young"] and OptOut.objects.exists()


def test_an_erasure_deletes_its_parcels_but_for_the_receipt_that_is_on_its_way() -> None:
    parcel("ended", Status.DELIVERED)
    parcel("wish", Status.ON_ITS_WAY, is_answered=False)  # being answered now
    parcel("receipt", Status.ON_ITS_WAY, sealed=b"vetted words")
    parcel("gone", Status.ON_ITS_WAY, is_answered=False, sealed=b"words")
    parcel("other", Status.DELIVERED, conversation="bert")
    OptOut.objects.create(channel="rest", conversation="anna", since=timezone.now())
    wish = erasing("rest", "anna")
    parcel("later", Status.ON_ITS_WAY, is_answered=False)
    wish.erase()
    left = {one.message_id for one in Parcel.objects.all()}
    assert left == {"wish", "gone", "receipt", "other", "later"}
    Parcel.objects.filter(message_id="receipt").update(ended_at=timezone.now())
    Parcel.objects.filter(message_id="wish").update(is_answered=True)
    wish.erase_again()
    left = {one.message_id for one in Parcel.objects.all()}
    assert left == {"wish", "other", "later"} and OptOut.objects.exists()


def test_what_was_not_delivered_of_the_moment_of_an_erasure_still_waits_for_staff() -> None:
    answered("1")
    wish = erasing("rest", "anna")
    answered("2")
    parcel("2", is_urgent=True)
    log_deliveries()
    wish.erase()
    assert (anna().risk, anna().reasons) == (Risk.UNDELIVERED_EMERGENCY, ["undelivered_emergency"])
    assert Alert.objects.get().risk == Risk.UNDELIVERED_EMERGENCY
    assert Entry.objects.count() == 1

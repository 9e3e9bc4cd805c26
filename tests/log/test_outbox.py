"""From the outbox to the log: once each, in order, whatever happens in between."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from prometheus_client import REGISTRY

from baclofen_faq.triage import Level, Told
from service.conversations import outbox, record
from service.conversations.models import Conversation, Entry, Message

pytestmark = pytest.mark.django_db(databases=["default", "outbox"], transaction=True)
INBOUND = {"text": "why taper?", "level": "none", "findings": [], "triage_version": "abc"}
REPLY = {"text": "Because.", "level": "information", "answer_id": "why_taper", "answer_version": "1", "buttons": []}


def shown(metric: str, **labels: str) -> float:
    """A number as Prometheus sees it."""
    return REGISTRY.get_sample_value(metric, labels) or 0.0


def turn(message_id: str, conversation: str = "anna", replies: Any = (REPLY,), at: datetime | None = None) -> Entry:
    at = at or timezone.now()
    return Entry(
        channel="rest",
        conversation=conversation,
        message_id=message_id,
        received_at=at,
        inbound=INBOUND,
        told=Told(Level.NONE).as_json(),
        replies=list(replies) or None,
        answered_at=at if replies else None,
    )


def write(*entries: Entry) -> list[Entry]:
    return outbox._written(list(entries))


def logged(conversation: str = "anna") -> list[str]:
    """in:<message_id> and out:<answer_id>, as the log has them."""
    messages = Message.objects.filter(conversation__key=conversation)
    return [f"{m.direction}:{m.message_id or m.answer_id}" for m in messages]


def test_a_turn_is_in_the_log_once_however_often_it_is_moved() -> None:
    write(turn("1"), turn("2"))
    for _ in range(3):
        outbox.move_due()
        Entry.objects.update(moved_at=None)
    assert sorted(logged()) == ["in:1", "in:2", "out:why_taper", "out:why_taper"]
    assert Conversation.objects.get().turns == 2


def test_a_message_id_that_came_before_is_the_turn_of_that_time() -> None:
    write(turn("1"))
    again = turn("1", replies=[{**REPLY, "text": "Something else."}])
    (stored,) = write(again)
    assert record.replies_of(stored)[0].text == "Because."
    assert Entry.objects.count() == 1


def test_replies_are_put_into_a_turn_that_was_written_without() -> None:
    entry = turn("1", replies=())
    write(entry)
    entry.replies, entry.answered_at = [REPLY], timezone.now()
    write(entry)
    outbox.move_due()
    assert logged() == ["in:1", "out:why_taper"]


def test_a_turn_that_waits_for_its_reply_holds_back_its_conversation_only() -> None:
    write(turn("1", replies=()), turn("2"), turn("1", conversation="bert"))
    outbox.move_due()
    assert logged() == [] and logged("bert") == ["in:1", "out:why_taper"]


def test_a_turn_that_was_left_unanswered_is_logged_so_and_completed_later() -> None:
    left = turn("1", replies=(), at=timezone.now() - timedelta(seconds=20))
    write(left, turn("2"))
    outbox.move_due()
    assert logged() == ["in:1", "in:2", "out:why_taper"]
    retried = turn("1")
    write(retried)
    outbox.move_due()
    assert sorted(logged()) == ["in:1", "in:2", "out:why_taper", "out:why_taper"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda entry: entry.inbound.update(text=None),
        lambda entry: entry.inbound.update(unknown="of another version"),
        lambda entry: entry.told.update(level="of another version"),
    ],
)
def test_turns_that_the_log_refuses_are_set_aside_and_hold_up_nobody(spoil: Any) -> None:
    broken = [turn(f"b{number}") for number in range(outbox.ENTRIES_AT_ONCE + 5)]
    for entry in broken:
        entry.inbound = dict(INBOUND)
        spoil(entry)
    write(*broken, turn("1", conversation="bert"))
    failures = shown("store_errors_total", store="log")
    outbox.move_due()
    outbox.move_due()
    assert logged() == [] and logged("bert") == ["in:1", "out:why_taper"]
    assert shown("store_errors_total", store="log") >= failures + len(broken)
    outbox.move_due()
    assert (shown("outbox_refused_turns"), shown("outbox_unmoved_turns")) == (len(broken), 0)
    assert Entry.objects.filter(refused_at__isnull=False).count() == len(broken)


def test_the_metrics_say_how_many_turns_wait_for_the_log_and_since_when() -> None:
    write(turn("1", replies=()), turn("2", conversation="bert", replies=(), at=timezone.now() - timedelta(seconds=5)))
    outbox.move_due()
    assert shown("outbox_unmoved_turns") == 2 and 5 <= shown("outbox_oldest_unmoved_seconds") < 8
    Entry.objects.update(answered_at=timezone.now(), replies=[REPLY])
    outbox.move_due()
    outbox.move_due()
    assert (shown("outbox_unmoved_turns"), shown("outbox_oldest_unmoved_seconds")) == (0, 0)


def test_what_a_health_check_says_is_not_in_the_log() -> None:
    entry = turn("1")
    entry.channel = outbox.CANARY
    write(entry)
    outbox.move_due()
    assert not Message.objects.exists() and not Entry.objects.exists()


def test_moved_turns_stay_for_a_day_for_repeats() -> None:
    write(turn("1"), turn("2"))
    outbox.move_due()
    Entry.objects.filter(message_id="1").update(moved_at=timezone.now() - timedelta(hours=25))
    outbox.clean_up()
    assert [entry.message_id for entry in Entry.objects.all()] == ["2"]


def test_a_turn_older_than_the_outbox_keeps_is_known_to_the_log() -> None:
    write(turn("1"))
    outbox.move_due()
    Entry.objects.all().delete()
    conversation, said = record.recall("rest", "anna", "1")
    assert conversation is not None and [reply.text for reply in said] == ["Because."]
    assert record.recall("rest", "anna", "2")[1] == []


def feedback(message_id: str, said: str, answer_id: str = "why_taper") -> Entry:
    entry = turn(message_id, replies=[{**REPLY, "answer_id": answer_id, "text": "Thank you."}])
    entry.feedback = {"answer_id": answer_id, "said": said}
    return entry


def kept_feedback() -> list[tuple[str, str]]:
    return list(Message.objects.exclude(feedback="").values_list("text", "feedback"))


def test_what_is_said_of_an_answer_stands_with_that_answer() -> None:
    write(turn("1"), turn("2", replies=[{**REPLY, "answer_id": "timeline", "text": "Days."}]))
    write(feedback("3", "not_helpful"))
    outbox.move_due()
    assert kept_feedback() == [("Because.", "not_helpful")]
    write(feedback("4", "helpful", "timeline"))
    outbox.move_due()
    assert kept_feedback() == [("Because.", "not_helpful"), ("Days.", "helpful")]


def test_feedback_that_comes_with_the_replies_is_kept() -> None:
    write(turn("1"))
    entry = turn("2", replies=())
    write(entry)
    said = feedback("2", "not_answered")
    entry.replies, entry.feedback, entry.answered_at = said.replies, said.feedback, timezone.now()
    write(entry)
    outbox.move_due()
    assert kept_feedback() == [("Because.", "not_answered")]


def test_feedback_of_another_conversation_or_of_nothing_changes_nothing() -> None:
    write(turn("1", conversation="bert"), feedback("1", "helpful"))
    outbox.move_due()
    assert kept_feedback() == []


def test_a_person_sees_the_words_of_their_session_as_they_are_stored() -> None:
    now = timezone.now()
    write(turn("old", at=now - timedelta(hours=2)), turn("1", at=now - timedelta(minutes=20)))
    outbox.move_due()
    write(turn("2", at=now), turn("3", conversation="bert", at=now))
    Entry.objects.filter(message_id="2").update(inbound={**INBOUND, "text": "and the pump?"})
    assert record.session_words("rest", "anna") == ["why taper?", "and the pump?"]
    assert record.session_words("rest", "nobody") == []


def test_a_turn_that_no_database_takes_holds_up_no_other() -> None:
    bad, good = turn("1"), turn("1", conversation="bert")
    bad.measured = {"confidence": float("nan")}  # no JSON
    writer = outbox.Writer()
    writer.start()

    async def both() -> None:
        await asyncio.wait_for(asyncio.gather(writer.write(bad), writer.write(good)), 5)

    asyncio.run(both())
    writer.stop()
    assert [entry.conversation for entry in Entry.objects.all()] == ["bert"]

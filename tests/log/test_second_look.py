"""A second look at what was said: today's triage, in order, with what was said before."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from baclofen_faq.triage import Level, assess, told_by, triage_version
from baclofen_faq.vetted_files import ROOT
from service.conversations import record, second_look
from service.conversations.models import Change, Conversation, Entry, Message, SecondLook

pytestmark = pytest.mark.django_db
BEGIN = datetime(2026, 11, 2, 9, 0, tzinfo=timezone.utc)
SEIZURE, QUESTION = "my dad is having a seizure", "why do I have to taper?"


def said(*turns: tuple[str, str], key: str = "anna", at: datetime = BEGIN) -> Conversation:
    """A conversation in the log: words, and the level that they had then."""
    entries = [_entry(key, number, *one, at + timedelta(minutes=number)) for number, one in enumerate(turns)]
    assert record.move(entries)
    return Conversation.objects.get(key=key)


def _entry(key: str, number: int, text: str, level: str, at: datetime) -> Entry:
    inbound = {"text": text, "level": level, "findings": [], "triage_version": "earlier"}
    told = told_by(assess(text), text).as_json()
    about: dict[str, Any] = {
        "message_id": f"{key}-{at.timestamp()}",
        "received_at": at,
        "inbound": inbound,
        "told": told,
    }
    return Entry(pk=number + 1, channel="web", conversation=key, replies=[], answered_at=at, **about)


def look() -> int:
    return second_look.look_again(60)


def test_an_emergency_that_was_missed_is_found_and_what_was_judged_alike_is_not_kept() -> None:
    said((QUESTION, "none"), (SEIZURE, "information"))
    assert second_look.left() == 1
    assert look() == 0
    found = SecondLook.objects.get()
    assert (found.message.text, found.level, found.change) == (SEIZURE, "emergency", Change.EMERGENCY)
    assert found.triage_version == triage_version()


def test_dialogues_get_the_levels_that_they_get_in_the_gateway() -> None:
    dialogues = yaml.safe_load((ROOT / "tests/cases/dialogues.yml").read_text(encoding="utf-8"))
    assert len(dialogues) > 5
    for dialogue in dialogues:
        turns = dialogue["turns"]
        said = [
            Message(text=one["text"], said_at=BEGIN + timedelta(minutes=number)) for number, one in enumerate(turns)
        ]
        levels = [level for _, level in second_look.replay(said)]
        for turn, level in zip(turns, levels, strict=True):
            is_calm = level in second_look.CALM and Level(turn["level"]) in second_look.CALM
            assert level.value == turn["level"] or is_calm, (dialogue["id"], turn)


def test_what_was_said_before_counts_and_a_button_is_no_words() -> None:
    said((SEIZURE, "emergency"), ("it stopped now", "information"), ("/ask_why_taper", "information"))
    look()
    assert {one.message.text: one.level for one in SecondLook.objects.all()} == {
        "it stopped now": "emergency",
        "/ask_why_taper": "none",
    }


def test_words_that_were_not_kept_are_not_judged_again() -> None:
    said((record.NOT_KEPT, "emergency"), ("it stopped now", "emergency"))
    look()
    assert not SecondLook.objects.exists()


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        ("none", "emergency", Change.EMERGENCY),
        ("advisory", "emergency", Change.EMERGENCY),
        ("information", "advisory", Change.ADVISORY),
        ("emergency", "advisory", Change.LOWER),
        ("advisory", "none", Change.LOWER),
        ("none", "information", Change.CALM),
    ],
)
def test_what_a_difference_means(then: str, now: str, change: Change) -> None:
    assert second_look.change(Level(then), Level(now)) == change


def test_a_difference_goes_where_it_is_one_no_longer() -> None:
    conversation = said((SEIZURE, "information"))
    look()
    Message.objects.filter(conversation=conversation).update(level="emergency")
    Conversation.objects.update(second_look_by="earlier")  # a new version of triage looks at all of them again
    assert second_look.left() == 1
    look()
    assert not SecondLook.objects.exists() and second_look.left() == 0


def test_a_run_goes_on_where_it_stopped_with_the_newest_first() -> None:
    first = said((SEIZURE, "information"), key="first")
    second = said((SEIZURE, "information"), key="second")
    assert second_look.look_again(0) == 1
    assert SecondLook.objects.get().message.conversation_id == second.pk
    assert second_look.look_again(0) == 0
    assert set(SecondLook.objects.values_list("message__conversation", flat=True)) == {first.pk, second.pk}


def test_what_is_said_later_is_looked_at_too() -> None:
    said((QUESTION, "none"))
    look()
    said((SEIZURE, "none"), at=BEGIN + timedelta(hours=1))
    assert second_look.left() == 1
    look()
    assert SecondLook.objects.get().message.text == SEIZURE


def test_what_is_said_while_it_is_judged_is_not_passed_over() -> None:
    seen = said((QUESTION, "none"))
    said((SEIZURE, "none"), at=BEGIN + timedelta(hours=1))
    assert not second_look.look_at(seen)
    assert second_look.left() == 1


def test_made_up_conversations_are_left_alone() -> None:
    conversation = said((SEIZURE, "information"))
    Conversation.objects.update(is_demo=True)
    assert second_look.left() == 0 and look() == 0
    message = conversation.messages.get(text=SEIZURE)
    assert second_look.level_today(message) is Level.EMERGENCY
    assert not SecondLook.objects.exists()


def test_one_message_is_judged_with_its_conversation() -> None:
    conversation = said((SEIZURE, "emergency"), ("it stopped now", "none"))
    stopped = conversation.messages.get(text="it stopped now")
    assert second_look.level_today(stopped) is Level.EMERGENCY
    assert second_look.left() == 0  # once it is known, it is not judged again


def test_the_command_says_numbers_and_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    said((QUESTION, "none"), (SEIZURE, "information"))
    call_command("find_missed_emergencies")
    printed = capsys.readouterr().out
    assert "1 conversations to look at" in printed and "1  an emergency today" in printed
    assert "seizure" not in printed and "taper" not in printed

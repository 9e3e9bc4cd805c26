"""The made-up conversations: real judgement and real answers, marked, apart from what is trained and tested on."""

import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connections

from baclofen_faq.answers import load_vetted
from baclofen_faq.vetted_files import ROOT
from service.console.demo.library import load_library
from service.conversations.models import Alert, Conversation, Entry, Message, Note, Risk, State, Verdict
from tests.console.conftest import talk, turn

IN_REACH = pytest.mark.django_db(databases=["default", "outbox"])
TRAINED = ("baclofen_faq/triage/sentences/*.jsonl", "tests/cases/*.jsonl")


def plain(sentence: str) -> str:
    """Without capitals and marks: what differs only by these is the same sentence."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def texts(value: object) -> Iterator[str]:
    """Every string in a file's content."""
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, dict):
        yield from (text for one in value.values() for text in texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in texts(one))


def trained_and_tested() -> set[str]:
    nlu = yaml.safe_load((ROOT / "data" / "nlu.yml").read_text(encoding="utf-8"))
    found = [line.removeprefix("- ") for line in texts(nlu)]
    for path in (ROOT / "tests" / "cases").glob("*.yml"):
        found += texts(yaml.safe_load(path.read_text(encoding="utf-8")))
    for pattern in TRAINED:
        for path in ROOT.glob(pattern):
            found += texts([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])
    return {plain(sentence) for sentence in found}


def run(*arguments: str) -> str:
    printed = StringIO()
    call_command("demo_data", *arguments, stdout=printed)
    return printed.getvalue()


def made(count: int = 90) -> list[Conversation]:
    run("--conversations", str(count))
    return list(Conversation.objects.filter(is_demo=True).order_by("pk").prefetch_related("messages"))


def test_there_are_many_different_sentences() -> None:
    sentences = [plain(sentence) for sentence in load_library().sentences()]
    assert len(sentences) == len(set(sentences)) >= 150


def test_no_sentence_is_trained_or_tested_on() -> None:
    known = trained_and_tested()
    assert len(known) > 10_000
    assert [sentence for sentence in load_library().sentences() if plain(sentence) in known] == []


def test_every_topic_has_a_vetted_answer() -> None:
    library = load_library()
    asked = {*library.questions, *(line.topic for story in library.stories for line in story.lines if line.topic)}
    assert asked <= {*load_vetted().answers}


@IN_REACH
def test_they_are_marked_and_nobody_is_alerted() -> None:
    conversations = made()
    assert len(conversations) == 90
    assert all(one.key.startswith("demo-") for one in conversations)
    assert max(one.risk for one in conversations) == Risk.SELF_HARM
    assert not Alert.objects.exists() and not Entry.objects.exists()


@IN_REACH
def test_they_show_every_side_of_the_console() -> None:
    conversations = made(240)
    reasons = {reason for one in conversations for reason in one.reasons}
    assert reasons == {
        "self_harm", "emergency", "repeated", "advisory", "not_helpful", "unanswered", "low_confidence",
    }  # fmt: skip
    assert {one.level for one in conversations} == {"none", "information", "advisory", "emergency"}
    assert {one.route for one in conversations} == {"unknown", "pump", "oral"}
    assert {one.state for one in conversations} == {*State.values}
    assert {one.channel for one in conversations} >= {"web", "sms", "whatsapp"}
    assert sum(one.level == "emergency" for one in conversations) >= 12
    assert sum(one.is_drawn for one in conversations) == 5
    assert {code for (code,) in Verdict.objects.values_list("code")} == {*Verdict.Code.values}
    assert Note.objects.exists() and any(one.is_flagged for one in conversations)
    assert any(one.state == State.NEW and one.risk >= Risk.EMERGENCY for one in conversations)


@IN_REACH
def test_what_was_sent_is_what_the_bot_sends() -> None:
    conversations = made()
    (first, *_) = [one for one in conversations if one.risk == Risk.EMERGENCY]
    reply = first.messages.filter(direction=Message.Direction.OUT, level="emergency").first()
    assert reply is not None
    assert reply.answer_id == "emergency_report" and "911" in reply.text[:240] and reply.answer_version
    asked = Message.objects.filter(direction="out", answer_id="why_taper", level="information").first()
    assert asked is not None and "Sources:" in asked.text


@IN_REACH
def test_names_and_numbers_in_them_are_redacted_like_anybodys() -> None:
    made()
    said = Message.objects.filter(direction=Message.Direction.IN)
    assert said.filter(text__contains="[phone]").exists() and not said.filter(text__contains="202-555").exists()


@IN_REACH
def test_the_same_seed_makes_the_same() -> None:
    def said() -> list[tuple[str, str]]:
        return list(Message.objects.order_by("said_at", "pk").values_list("text", "answer_id"))

    made(80)
    first = said()
    run("--remove")
    made(80)
    assert said() == first


@IN_REACH
def test_a_second_time_is_refused() -> None:
    made(10)
    with pytest.raises(CommandError, match="already.*--remove"):
        run()
    assert Conversation.objects.count() == 10


@IN_REACH
def test_production_is_refused(settings: Any) -> None:
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError, match="production"):
        run()
    assert not Conversation.objects.exists()


@IN_REACH
def test_remove_deletes_them_and_nothing_else() -> None:
    kept = talk(turn("why so slowly?"))
    made(10)
    assert run("--remove") == "Removed 10 made-up conversations.\n"
    assert list(Conversation.objects.all()) == [kept] and Message.objects.count() == 2


@IN_REACH
def test_no_number_of_them_that_makes_no_sense_is_taken() -> None:
    for number in ("0", "-3", "100000"):
        with pytest.raises(CommandError, match="1 to 5000"):
            run("--conversations", number)


@IN_REACH
def test_the_index_of_words_finds_them_until_they_are_removed() -> None:
    from service.conversations.search import conversations_with

    made()
    assert Conversation.objects.filter(id__in=conversations_with("forklift")).exists()
    run("--remove")
    with connections["default"].cursor() as cursor:
        if connections["default"].vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM conversations_words WHERE conversations_words MATCH 'forklift'")
            assert cursor.fetchone() == (0,)

"""A person's own conversation: what is stored, shown and deleted, by the running bot."""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from service.place import Place

Say = Callable[..., list[dict[str, Any]]]
SECRET = "my aunt wants to know how long withdrawal from baclofen lasts"


def stored(bot: Place, words: str) -> list[str]:
    """The files of the bot's databases that hold these words."""
    files = [path for path in bot.var.iterdir() if path.suffix in (".db", ".sqlite3") or ".db-" in path.name]
    assert len(files) >= 3
    return [path.name for path in files if words.encode() in path.read_bytes()]


def erasures(bot: Place) -> list[str]:
    with closing(sqlite3.connect(bot.var / "conversations.db")) as log:
        return [receipt for (receipt,) in log.execute("SELECT receipt FROM conversations_erasure")]


def test_a_deleted_conversation_is_gone_from_every_file_and_has_a_receipt(say: Say, bot: Place) -> None:
    say(SECRET)
    assert stored(bot, SECRET)
    (reply,) = say("delete my conversation")
    receipt = reply["text"].split("Your receipt is ")[1].split(".")[0]
    assert receipt in erasures(bot)
    assert "Copies in the clinic's backups are deleted within 14 days." in reply["text"]
    assert stored(bot, SECRET) == []
    (after,) = say("show me what I wrote")
    assert SECRET not in after["text"] and "- show me what I wrote" in after["text"]


def test_only_the_own_words_are_shown_redacted(say: Say) -> None:
    say("my name is Walter Brandt, what is a baclofen pump?", "walter")
    say("is it going to rain", "somebody-else")
    (shown,) = say("show me what I wrote", "walter")
    assert "- my name is [name], what is a baclofen pump?" in shown["text"]
    assert "rain" not in shown["text"] and "Brandt" not in shown["text"]


@pytest.mark.parametrize("wish", ["delete my conversation", "/delete_conversation"])
def test_it_can_be_deleted_while_an_emergency_is_open(say: Say, wish: str) -> None:
    sender = f"open {wish.strip('/')}"
    assert say("my husband is seeing people who are not there", sender)[0]["level"] == "emergency"
    (reply,) = say(wish, sender)
    assert "This conversation is deleted" in reply["text"] and "call 911" in reply["text"]


@pytest.mark.parametrize("wish", ["delete my conversation", "/delete_conversation"])
def test_in_a_crisis_the_guidance_comes_first_and_it_is_deleted(say: Say, bot: Place, wish: str) -> None:
    sender = f"crisis {wish.strip('/')}"
    said = "i am going to end my life and nobody knows"
    assert say(said, sender)[0]["answer_id"] == "self_harm"
    time.sleep(3)  # Rasa has heard of it by then
    guidance, reply = say(wish, sender)
    assert (guidance["answer_id"], guidance["level"]) == ("self_harm", "emergency")
    assert "This conversation is deleted" in reply["text"]
    assert stored(bot, said) == []


def test_asking_twice_deletes_what_came_in_between(say: Say, bot: Place) -> None:
    say("delete my conversation")
    say(SECRET.replace("aunt", "uncle"))
    assert "deleted" in say("erase everything I wrote")[0]["text"]
    assert stored(bot, SECRET.replace("aunt", "uncle")) == []

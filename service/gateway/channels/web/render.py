"""Replies, history and the clinic's settings as the web channel's JSON."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from baclofen_faq.answers import STAFF, Replies, Reply
from baclofen_faq.answers.phones import dialled
from service.conversations.history import Turn
from service.gateway.clean import LONGEST

NUMBERS_A_TURN = 100


def rendered(reply: Reply, replies: Replies) -> dict[str, Any]:
    """One reply: its words, and by themselves its sources and the notice that nobody approved it."""
    words, sources, notice = replies.apart(reply)
    return {
        "text": words,
        "level": reply.level,
        "answer_id": reply.answer_id,
        "buttons": [{"title": button.title, "payload": button.payload} for button in reply.buttons],
        "sources": [{"title": one.title, "url": one.url, "read_on": one.read_on.isoformat()} for one in sources],
        "notice": notice,
    }


def history(turns: list[Turn], replies: Replies, written: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every message of the turns, oldest first. Each turn has a hundred numbers: a late reply moves no other.

    `written`: what staff wrote, by message id, as far as it is known as they wrote it; else it is shown as stored.
    """
    return [
        {"n": first + position, **message}
        for first, turn in zip(count(NUMBERS_A_TURN, NUMBERS_A_TURN), turns)
        for position, message in enumerate(_messages(turn, replies, written))
    ]


def _messages(turn: Turn, replies: Replies, written: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    if any(reply.answer_id == STAFF for reply in turn.replies):
        yield _of_staff(turn, replies, written)
        return
    text = replies.title_of(turn.text)
    yield {"from": "person", "id": turn.message_id, "text": text, "at": turn.said_at.isoformat()}
    at = (turn.answered_at or turn.said_at).isoformat()
    for reply in turn.replies:
        yield {"from": "bot", "id": turn.message_id, "at": at, **rendered(reply, replies)}


def _of_staff(turn: Turn, replies: Replies, written: Mapping[str, str]) -> dict[str, Any]:
    said = replies.from_staff(written.get(turn.message_id, turn.replies[0].text))
    return {"from": "staff", "id": turn.message_id, "at": turn.said_at.isoformat(), **rendered(said, replies)}


def clinic(replies: Replies) -> dict[str, Any]:
    """What the chat box shows and needs before it has asked anything, and while it cannot ask."""
    numbers = [
        {"kind": kind, "text": number, "href": f"tel:{dialled(number)}"} for kind, number in replies.phone_numbers()
    ]
    return {
        "clinic": {"name": replies.clinic.name, "hours": replies.clinic.hours},
        "numbers": numbers,
        "greeting": rendered(replies.answer("greeting"), replies),
        "privacy": replies.privacy_line(),
        "emergency": rendered(replies.guidance("emergency", ()), replies),
        "limits": {"characters": LONGEST},
    }

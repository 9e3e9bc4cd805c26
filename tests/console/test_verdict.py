"""What a reviewer is told of a verdict: what it says, with its level, and what is saved where something is not."""

import pytest

from service.conversations.models import Verdict
from tests.console.conftest import member, signed_in, talk, turn
from tests.console.test_review import HTMX, address, emergency, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(db):
    return signed_in(member("reviewer", "anna"))


def test_the_level_that_is_filled_in_is_announced_and_shown(anna):
    missed = talk(turn("he cannot be woken"))
    part = say(anna, missed, "should_have_escalated").content.decode()
    assert "Saved: should have escalated, to emergency" in part
    assert "You say: <strong>should have escalated, to emergency</strong>" in part
    part = say(anna, talk(emergency()), "escalated_for_nothing", right_level="advisory").content.decode()
    assert "Saved: escalated for nothing, it should have been advisory" in part
    assert "should have escalated, to emergency" in anna.get(address(missed)).content.decode()


def test_what_stays_saved_is_said_where_another_verdict_cannot_be(anna):
    conversation = talk(emergency())
    say(anna, conversation, "wrong_answer")
    part = say(anna, conversation, "should_have_escalated").content.decode()
    assert part.count("Not saved: its level was emergency already. Still saved: wrong answer.") == 2
    assert "You say: <strong>wrong answer</strong>" in part and "Take back" in part
    assert Verdict.objects.get().code == "wrong_answer"


def test_nothing_stays_saved_where_nothing_was(anna):
    part = say(anna, talk(emergency()), "should_have_escalated").content.decode()
    assert "Your verdict on this turn" in part and "Still saved" not in part and "Take back" not in part


def test_what_was_done_is_announced(anna):
    conversation = talk(turn("why"))
    for part, sent, said in (
        ("assign", {"assignee": "anna"}, "Assigned to anna"),
        ("assign", {"assignee": ""}, "Assigned to nobody"),
        ("flag", {"flag": "on"}, "Flagged"),
        ("flag", {"flag": "off"}, "Flag removed"),
        ("notes", {"text": "rang back"}, "Note saved"),
    ):
        page = anna.post(address(conversation, part), sent, headers=HTMX).content.decode()
        assert f'<div hx-swap-oob="beforeend:#announcements"><p data-kind="saved">{said}</p></div>' in page
    assert 'data-kind="saved"' not in anna.get(address(conversation)).content.decode()

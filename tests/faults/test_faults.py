"""Whatever fails behind the gateway: guidance at once, a reply to all, a whole log, and nothing private anywhere."""

import time

import pytest

from tests.faults.bot import Bot
from tests.faults.faults import FAULTS, NOBODY_SPOKE_BEFORE, Scene
from tests.faults.postgres import Postgres
from tests.faults.processes import until
from tests.faults.stand_in import Behaviour
from tests.faults.talk import (
    DESCRIBED,
    EMERGENCY,
    LOG_SECONDS,
    QUESTION,
    RECOVERY_SECONDS,
    Talk,
    assert_is_emergency,
    assert_is_reply,
)

TWO_REPLIES = "I ran out of baclofen, what are the signs of withdrawal that I should look for?"
STUCK = ("ann", "ben", "cat")
TURNS_AT_ONCE = 8


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_stops_no_guidance_and_no_reply_and_loses_nothing(
    bot: Bot, postgres: Postgres, talk: Talk, fault: str
) -> None:
    known = () if fault in NOBODY_SPOKE_BEFORE else ("ann", "ben", "eve")
    for person in known:
        assert talk.is_answered_properly(person)
    with FAULTS[fault](Scene(bot, postgres, talk, known)):
        stuck = talk.say_at_once(*((person, QUESTION) for person in STUCK))
        time.sleep(0.3)
        assert_is_emergency(talk.say("eve", EMERGENCY))
        assert_is_emergency(talk.say("fay", DESCRIBED))
        for turn in stuck:
            assert_is_reply(turn.result())
            talk.send(turn.result())  # gets the very same replies
        assert_is_emergency(talk.say("eve", "how long does that last?"))  # it is open, whatever cannot be read
    talk.wait_for_the_log()
    until(lambda: talk.is_answered_properly("ann"), RECOVERY_SECONDS, lambda: "the bot did not recover")
    talk.wait_for_the_log()


def test_two_messages_of_one_person_at_once_are_both_answered_and_logged(talk: Talk) -> None:
    assert talk.is_answered_properly("ann")
    for turn in talk.say_at_once(("ann", QUESTION), ("ann", "why must baclofen be tapered?")):
        assert_is_reply(turn.result())
    talk.wait_for_the_log()


def test_of_200_conversations_at_once_each_is_answered_and_an_emergency_at_once(bot: Bot, talk: Talk) -> None:
    talk.is_brief = True
    with bot.rasa.stand_in.misbehaving(Behaviour(delay=0.5)):
        waiting = talk.say_at_once(*((f"p{number}", QUESTION) for number in range(200)))
        until(lambda: len(talk.turns) == 200, 5)
        emergency = talk.say("eve", EMERGENCY)
        turns = [turn.result() for turn in waiting]
        most_inside = bot.rasa.stand_in.most_inside
    assert_is_emergency(emergency)
    for turn in turns:
        assert_is_reply(turn)
    assert 1 < most_inside <= TURNS_AT_ONCE
    answers = {turn.replies[0]["answer_id"] for turn in turns if turn.replies}
    assert "cannot_answer" in answers <= {"what_is_withdrawal", "cannot_answer"}
    talk.wait_for_the_log()
    until(lambda: talk.is_answered_properly("eve2"), RECOVERY_SECONDS, lambda: "the bot did not recover")


def test_a_client_that_hangs_up_leaves_a_whole_turn_in_the_log(bot: Bot, talk: Talk) -> None:
    assert talk.is_answered_properly("ann")
    turn = talk.begun("ann", TWO_REPLIES)
    with bot.rasa.stand_in.misbehaving(Behaviour(delay=1)) as slow:
        with talk.sent_to_hang_up(turn):
            until(lambda: slow.requests, 3)
        until(lambda: len(talk.logged_replies(turn)) == 2, 10)
    talk.wait_for_the_log()
    assert [reply["text"] for reply in talk.send(turn)] == talk.logged_replies(turn)
    talk.wait_for_the_log()


def test_kill_9_of_the_gateway_halves_no_turn_and_a_retry_is_answered_once(bot: Bot, talk: Talk) -> None:
    assert talk.is_answered_properly("ann")
    turn = talk.begun("ann", TWO_REPLIES)
    with bot.rasa.stand_in.misbehaving(Behaviour(delay=30)) as slow, talk.sent_to_hang_up(turn):
        until(lambda: slow.requests, 3)
        assert_is_emergency(talk.say("eve", EMERGENCY))
        bot.gateway.kill()
    bot.gateway.start()
    bot.gateway.wait_until_ready()
    until(lambda: any(row.key == talk.key("eve") for row in talk.in_log()), LOG_SECONDS)
    assert len(talk.logged_replies(turn)) in (0, 2)
    first = talk.send(turn)
    assert len(first) == 2
    talk.wait_for_the_log()
    assert talk.send(turn) == first
    talk.wait_for_the_log()

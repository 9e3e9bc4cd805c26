"""A short form of `python -m benchmarks.channels`, with all channels at once; and that its judge sees what is wrong."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.channels.mix import Step
from benchmarks.channels.outcome import judged
from benchmarks.channels.play import play
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.platform import Platform, Post, Shown
from tests.gateway.channels.platforms.rest import Rest

UPDATES, A_SECOND = 60, 2


def test_of_mixed_updates_none_is_lost_none_answered_twice_and_no_forgery_is_taken(gateway: Gateway) -> None:
    def played(platform: Platform) -> list[str]:
        outcome = play(platform, gateway, UPDATES, A_SECOND)
        assert outcome.updates == UPDATES and outcome.milliseconds["emergencies"] and outcome.milliseconds["questions"]
        return outcome.missed

    with ThreadPoolExecutor(len(gateway.platforms)) as pool:
        missed = list(pool.map(played, gateway.platforms.values()))
    assert [floor for floors in missed for floor in floors] == []


@pytest.mark.parametrize(
    ("step", "texts", "missed"),
    [
        ({"is_question": True}, ["It is this."], []),
        ({"is_question": True}, [], ["rest: lost 1"]),
        ({"is_question": True}, ["It is this.", "It is this."], ["rest: twice 1"]),
        ({"is_question": True}, ["It is this. /ask_why_taper"], ["rest: visible 1"]),
        ({"is_question": True, "status": 500}, ["It is this."], ["rest: failed 1"]),
        ({"is_emergency": True}, ["Call 911 now."], []),
        ({"is_emergency": True}, ["It is this.", "Call 911 now."], ["rest: not_first 1"]),
        ({"is_emergency": True}, [f"{'It is this. ' * 20}Call 911 now."], ["rest: not_first 1"]),
        ({"is_asked_to_write": True}, ["Please write it."], []),
        ({"is_asked_to_write": True}, ["It is this."], ["rest: lost 1"]),
        ({"kind": "reaction"}, ["It is this."], ["rest: uncalled 1"]),
        ({"kind": "forgery", "status": 403}, [], []),
        ({"kind": "forgery"}, [], ["rest: forged 1"]),
        ({"kind": "forgery", "status": 403}, ["Call 911 now."], ["rest: uncalled 1"]),
    ],
)
def test_what_is_wrong_is_counted(step: dict[str, Any], texts: list[str], missed: list[str]) -> None:
    platform, person = Rest(), SimpleNamespace(id="anna")
    platform.messages = [Shown("anna", text, at=2) for text in texts]
    done = Step(**{"kind": "words", "person": person, "post": Post(), "begun": 1, "status": 200, **step})
    assert judged(platform, [done]).missed == missed

"""A short form of `python -m benchmarks.channels`: all channels at once."""

from concurrent.futures import ThreadPoolExecutor

from benchmarks.channels.play import play
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.platform import Platform

UPDATES, A_SECOND = 60, 2


def test_of_mixed_updates_none_is_lost_none_answered_twice_and_no_forgery_is_taken(gateway: Gateway) -> None:
    def played(platform: Platform) -> list[str]:
        outcome = play(platform, gateway, UPDATES, A_SECOND)
        assert outcome.updates == UPDATES and outcome.milliseconds["emergencies"] and outcome.milliseconds["questions"]
        return outcome.missed

    with ThreadPoolExecutor(len(gateway.platforms)) as pool:
        missed = list(pool.map(played, gateway.platforms.values()))
    assert [floor for floors in missed for floor in floors] == []

"""Updates at a steady rate, whatever becomes of those before."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from benchmarks.channels.mix import Mix, Step
from benchmarks.channels.outcome import Outcome, judged
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.platform import Platform

QUIET_SECONDS, LATE_SECONDS = 60, 1.0


def play(platform: Platform, gateway: Gateway, updates: int, rate: float, seed: int = 1) -> Outcome:
    """Post so many updates a second of a channel, wait for the last reply, and judge what people saw.

    Args:
        platform: the channel's; what it has shown before does not count.
        gateway: the running one that it posts to.
        updates: how many.
        rate: a second.
        seed: of what is drawn.
    """
    mix, steps = Mix(platform, gateway, seed), list[Step]()
    platform.messages.clear()
    platform.violations.clear()
    before, begun = gateway.last_parcel(), time.monotonic()
    with ThreadPoolExecutor(50) as pool:
        for number in range(updates):
            time.sleep(max(0.0, begun + number / rate - time.monotonic()))
            steps.append(mix.next())
            pool.submit(steps[-1].run)
    with suppress(AssertionError):  # what never comes is counted as lost
        gateway.wait_until_quiet(platform.channel, before, QUIET_SECONDS)
    time.sleep(LATE_SECONDS)  # for what comes that should not
    return judged(platform, steps)

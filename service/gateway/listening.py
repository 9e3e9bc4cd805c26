"""Triage beside the event loop: the rules of every message come before the semantic layer of any, Rasa after both.

Two messages are listened to at a time. Rasa does not wait for those two, but while others wait for their place.
"""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from baclofen_faq.triage import DESCRIBED, Assessment, ByRules, Finding, Level, Status, by_rules, listen
from service.gateway.metrics import triage_failures

log = logging.getLogger(__name__)
RULES_THREADS, SOUND_THREADS = 2, 2
RULES_SECONDS = 0.9
Result = TypeVar("Result")


class Crowd:
    """How many are inside; `empty` is set while nobody is."""

    def __init__(self) -> None:
        self._inside = 0
        self.empty = asyncio.Event()
        self.empty.set()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Be inside for a while."""
        self._inside += 1
        self.empty.clear()
        try:
            yield
        finally:
            self._inside -= 1
            if not self._inside:
                self.empty.set()


class Listening:
    """Assesses messages in two steps; knows when none is waiting for either.

    Work that takes too long goes on in its thread, and keeps its place until it ends; nobody waits for it any more.
    """

    def __init__(self) -> None:
        self._rules = ThreadPoolExecutor(RULES_THREADS, thread_name_prefix="rules")
        self._sound = ThreadPoolExecutor(SOUND_THREADS, thread_name_prefix="sound")
        self._apart = ThreadPoolExecutor(1, thread_name_prefix="apart")
        self._places = asyncio.Semaphore(SOUND_THREADS)
        self._at_rules, self._before_sound = Crowd(), Crowd()

    async def by_rules(self, text: str) -> ByRules | None:
        """What the rules make of a message; None where they fail, or take longer than 0.9 s."""
        with self._at_rules.one_more():
            ruling = asyncio.get_running_loop().run_in_executor(self._rules, by_rules, text)
            ruled = await _in_time(ruling, RULES_SECONDS)
            ruling.cancel()  # where it has not begun
            return ruled

    async def by_sound(self, ruled: ByRules | None, text: str, seconds: float) -> Assessment:
        """The assessment of the words alone; where triage fails or takes too long, doubt escalates: the grey band."""
        if ruled is None:
            return _unsure(text)
        until = asyncio.get_running_loop().time() + seconds
        return await _in_time(asyncio.ensure_future(self._listen(ruled, until)), seconds) or _unsure(text)

    async def apart(self, text: str, seconds: float) -> Assessment | None:
        """The assessment of a message that nobody is to wait behind, one at a time; None where it is late."""
        return await _in_time(asyncio.get_running_loop().run_in_executor(self._apart, _assess, text), seconds)

    async def after_rules(self) -> None:
        """Wait until no message waits for the rules."""
        await self._at_rules.empty.wait()

    async def idle(self, seconds: float) -> bool:
        """Wait until no message waits for its assessment, but those that are at it; False where that takes too long."""
        empty = (self._at_rules.empty, self._before_sound.empty)
        if all(event.is_set() for event in empty):
            return True
        waiting = [asyncio.ensure_future(event.wait()) for event in empty]
        _, late = await asyncio.wait(waiting, timeout=max(0.0, seconds))
        for one in late:
            one.cancel()
        return not late

    async def _listen(self, ruled: ByRules, until: float) -> Assessment | None:
        loop = asyncio.get_running_loop()
        with self._before_sound.one_more():
            await self._places.acquire()
        try:
            await self.after_rules()
            return await loop.run_in_executor(self._sound, listen, ruled) if loop.time() < until else None
        finally:
            self._places.release()


def _assess(text: str) -> Assessment:
    """The assessment of the words; of the rules alone where these are sure, or where the semantic layer fails."""
    ruled = by_rules(text)
    if ruled.assessment.level is Level.EMERGENCY:
        return ruled.assessment
    try:
        return listen(ruled)
    except Exception as error:
        _alarm(error)
        return ruled.assessment


async def _in_time(work: "asyncio.Future[Result]", seconds: float) -> Result | None:
    """The result; None, and a line in the log, where the work fails or takes too long."""
    work.add_done_callback(lambda done: done.cancelled() or done.exception())
    await asyncio.wait([work], timeout=max(0.0, seconds))
    error = work.exception() if work.done() else asyncio.TimeoutError()
    if error is None:
        return work.result()
    _alarm(error)
    return None


def _alarm(error: BaseException) -> None:
    triage_failures.inc()
    log.critical("triage failed", extra={"error": type(error).__name__})


def _unsure(text: str) -> Assessment:
    """What is made of a message that could not be assessed."""
    return Assessment(Level.ADVISORY, (Finding(DESCRIBED, 0, len(text), Status.CURRENT, Level.ADVISORY),))

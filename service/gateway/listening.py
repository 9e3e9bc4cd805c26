"""Triage beside the event loop: the rules of every message come before the semantic layer of any, Rasa after both."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from baclofen_faq.triage import DESCRIBED, Assessment, ByRules, Finding, Level, Status, by_rules, listen

log = logging.getLogger(__name__)
SOUND_THREADS = 2
Given = TypeVar("Given")
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
    """Assesses messages in two steps; knows when none is waiting for either."""

    def __init__(self) -> None:
        self._rules = ThreadPoolExecutor(1, thread_name_prefix="rules")
        self._sound = ThreadPoolExecutor(SOUND_THREADS, thread_name_prefix="sound")
        self._sound_places = asyncio.Semaphore(SOUND_THREADS)
        self._at_rules, self._at_sound = Crowd(), Crowd()

    async def by_rules(self, text: str) -> ByRules | None:
        """What the rules make of a message; None where they fail."""
        with self._at_rules.one_more():
            try:
                return await self._in(self._rules, by_rules, text)
            except Exception as error:  # whatever it is, the person gets a reply that names the number
                _failed(error)
                return None

    async def by_sound(self, ruled: ByRules | None, text: str, seconds: float) -> Assessment:
        """The assessment of the words alone; where triage fails or takes too long, doubt escalates: the grey band."""
        with self._at_sound.one_more():
            try:
                return await asyncio.wait_for(self.think(listen, ruled), seconds) if ruled else _unsure(text)
            except Exception as error:
                _failed(error)
                return _unsure(text)

    async def think(self, work: Callable[[Given], Result], given: Given) -> Result:
        """Run work that may ask the semantic layer, while no message waits for the rules."""
        async with self._sound_places:
            await self._at_rules.empty.wait()
            return await self._in(self._sound, work, given)

    async def idle(self, seconds: float) -> bool:
        """Wait until no message waits for its assessment; False where that takes too long."""
        try:
            await asyncio.wait_for(self._at_rules.empty.wait(), seconds)
            await asyncio.wait_for(self._at_sound.empty.wait(), seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def _in(self, threads: Executor, work: Callable[[Given], Result], given: Given) -> Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work, given)


def _failed(error: Exception) -> None:
    log.critical("triage failed: error=%s", type(error).__name__)


def _unsure(text: str) -> Assessment:
    """What is made of a message that could not be assessed."""
    return Assessment(Level.ADVISORY, (Finding(DESCRIBED, 0, len(text), Status.CURRENT, Level.ADVISORY),))

"""Triage beside the event loop: the rules of every message come before the semantic layer of any, Rasa after both."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TypeVar

from baclofen_faq.triage import DESCRIBED, Assessment, Finding, Level, Status, by_rules, listen

log = logging.getLogger(__name__)
SOUND_THREADS = 2
Given = TypeVar("Given")
Result = TypeVar("Result")


class Listening:
    """Assesses messages; knows when none is waiting for it."""

    def __init__(self) -> None:
        self._rules = ThreadPoolExecutor(1, thread_name_prefix="rules")
        self._sound = ThreadPoolExecutor(SOUND_THREADS, thread_name_prefix="sound")
        self._waiting = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def assess(self, text: str) -> Assessment:
        """The assessment of the words alone. Where triage itself fails, doubt escalates: the grey band."""
        self._waiting += 1
        self._idle.clear()
        try:
            ruled = await self._in(self._rules, by_rules, text)
            is_sure = ruled.assessment.level is Level.EMERGENCY
            return ruled.assessment if is_sure else await self.think(listen, ruled)
        except Exception as error:  # whatever it is, the person gets a reply that names the number
            log.critical("triage failed: error=%s", type(error).__name__)
            return unsure(text)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._idle.set()

    async def think(self, work: Callable[[Given], Result], given: Given) -> Result:
        """Run work that may ask the semantic layer."""
        return await self._in(self._sound, work, given)

    async def idle(self) -> None:
        """Wait until no message waits for its assessment."""
        await self._idle.wait()

    async def _in(self, threads: Executor, work: Callable[[Given], Result], given: Given) -> Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work, given)


def unsure(text: str) -> Assessment:
    """What is made of a message that could not be assessed."""
    return Assessment(Level.ADVISORY, (Finding(DESCRIBED, 0, len(text), Status.CURRENT, Level.ADVISORY),))

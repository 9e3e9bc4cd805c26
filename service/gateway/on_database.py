"""Work on the databases beside the event loop, by threads that keep no connection."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

log = logging.getLogger(__name__)
SECONDS = 5.0
Result = TypeVar("Result")
threads = ThreadPoolExecutor(2, thread_name_prefix="on database")


async def within(deadline: float, work: Callable[..., Result], *arguments: object) -> Result | None:
    """The work's result; None where it fails, or is not done in time, by the event loop's clock."""
    loop = asyncio.get_running_loop()
    working = loop.run_in_executor(threads, _closing, work, *arguments)
    await asyncio.wait([working], timeout=max(0.0, deadline - loop.time()))
    if working.done() and working.exception() is None:
        return working.result()
    log.error("not done in time, or failed", extra={"work": getattr(work, "__name__", "work")})
    return None


async def on_database(work: Callable[..., Result], *arguments: object) -> Result:
    """The work's result.

    Raises:
        asyncio.TimeoutError: it is not done after five seconds; it may be yet.
        Exception: its own.
    """
    working = asyncio.get_running_loop().run_in_executor(threads, _closing, work, *arguments)
    return await asyncio.wait_for(asyncio.shield(working), SECONDS)


def _closing(work: Callable[..., Result], *arguments: object) -> Result:
    try:
        return work(*arguments)
    finally:
        connections.close_all()

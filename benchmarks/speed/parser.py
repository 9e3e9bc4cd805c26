"""Understands messages with a model, one a line, and prints how many milliseconds each took. `python parser.py MODEL`.

Runs in the environment of the project that the model is of; needs nothing but Rasa.
"""

import asyncio
import logging
import sys
import time

from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog


async def main() -> None:
    """Answer "ready", then each line of the input."""
    logging.disable(logging.CRITICAL)
    configure_structlog(logging.CRITICAL)  # Rasa logs what people type
    agent = Agent.load(sys.argv[1])
    await agent.parse_message("hello")
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.perf_counter()
        await agent.parse_message(line.rstrip("\n"))
        print(1000 * (time.perf_counter() - begun), flush=True)


if __name__ == "__main__":
    asyncio.run(main())

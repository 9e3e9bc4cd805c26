"""What a message is, as far as words and what was said before tell, and what is said to it without asking Rasa."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache

from django.utils import timezone

from baclofen_faq.answers import Reply
from baclofen_faq.triage import (
    Assessment,
    Context,
    Level,
    in_context,
    is_about_own_words,
    is_over,
    is_thanks,
)
from service.conversations.models import Entry
from service.gateway.clean import clean
from service.gateway.listening import Listening
from service.gateway.message import Heard, Inbound, entry_of
from service.gateway.vetted import WORDS_OF_BUTTONS, payloads, shared_replies

_threads = ThreadPoolExecutor(4, thread_name_prefix="judging")


@dataclass(frozen=True)
class Judged:
    """A message with its turn for the outbox, and what is said without asking Rasa; None where it is asked."""

    heard: Heard
    entry: Entry
    aside: Reply | None


@cache
def shared_listening() -> Listening:
    """The process's triage."""
    return Listening()


def hear(inbound: Inbound) -> tuple[Heard, bool]:
    """A message as it is cleaned, and whether it is a button's payload, which has no words to judge."""
    text = clean(inbound.text, payloads())
    return Heard(inbound, WORDS_OF_BUTTONS.get(text, text), timezone.now()), text in payloads()


async def judged_by_words(heard: Heard) -> Judged:
    """A message that is an emergency, with its guidance."""
    return Judged(heard, await turn_of(heard), guidance(heard))


async def judged(heard: Heard, until: float) -> Judged:
    """A message judged with what was said before; where that takes too long, by its words alone.

    Args:
        heard: with its assessment and its context.
        until: by the event loop's clock.
    """
    loop = asyncio.get_running_loop()
    judging = loop.run_in_executor(_threads, _in_context, heard)
    await asyncio.wait([judging], timeout=max(0.1, until - loop.time()))
    if judging.done():
        return judging.result()
    return Judged(heard, entry_of(heard), None)


async def turn_of(heard: Heard) -> Entry:
    """The turn for the outbox, redacted beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, entry_of, heard)


def guidance(heard: Heard) -> Reply:
    """What is sent first at the level of the message."""
    return shared_replies().guidance(heard.assessment.level.value, heard.assessment.counting, heard.context.route.value)


def _in_context(heard: Heard) -> Judged:
    """A message judged with what was said before."""
    heard = replace(heard, assessment=in_context(heard.assessment, heard.text, heard.context))
    if heard.assessment.level is Level.EMERGENCY and not _is_asked_for_more(heard):
        return Judged(heard, entry_of(heard), guidance(heard))
    aside = _aside(heard.text, heard.assessment, heard.context)
    if aside and heard.context.after_crisis:
        aside = shared_replies().after_crisis(aside)
    return Judged(heard, entry_of(heard), aside)


def _is_asked_for_more(heard: Heard) -> bool:
    """Whether Rasa is waited for, for a moment, behind guidance that is only said again."""
    is_of_words = heard.assessment.is_of_words
    return heard.assessment.is_only_kept_open or (not is_of_words and is_about_own_words(heard.text))


def _aside(text: str, assessment: Assessment, context: Context) -> Reply | None:
    """What is said to "no", "ok, calling" and "they are here" while something is open; None for all else."""
    if context.is_asked and is_over(text, context):
        return shared_replies().not_now()
    if context.open_level is not Level.EMERGENCY or assessment.level is Level.ADVISORY:
        return None
    if is_over(text, context):
        return shared_replies().closed(is_crisis=context.after_crisis)
    return shared_replies().reminder() if is_thanks(text) else None

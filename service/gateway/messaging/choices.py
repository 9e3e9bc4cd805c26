"""A number or a title that somebody types in place of pressing a button."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from baclofen_faq.answers import Button
from service.gateway.memory import offered_last
from service.gateway.message import Inbound
from service.gateway.vetted import payloads, shared_replies

AROUND = " .,:;!?()[]#*'\"\t\r\n"


async def as_chosen(inbound: Inbound) -> Inbound:
    """The message with the payload of what was offered last in place of its number or title; else as it is.

    Nothing is looked up for a text that can be neither.
    """
    typed = _plain(inbound.text)
    if not (_is_number(typed) or typed in _titles()):
        return inbound
    payload = chosen(typed, await offered_last(inbound.channel, inbound.conversation))
    return replace(inbound, text=payload) if payload else inbound


def chosen(typed: str, offered: Sequence[Button]) -> str | None:
    """The payload that a text picks among what was offered; None where it picks none.

    >>> chosen("2.", [Button("Why taper?", "/ask_why_taper"), Button("No", "/deny")])
    '/deny'
    >>> chosen("why TAPER", [Button("Why taper?", "/ask_why_taper")])
    '/ask_why_taper'
    """
    typed = _plain(typed)
    if _is_number(typed):
        return offered[int(typed) - 1].payload if 0 < int(typed) <= len(offered) else None
    return next((button.payload for button in offered if _plain(button.title) == typed), None)


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal() and len(typed) == 1


def _plain(text: str) -> str:
    return text.strip(AROUND).casefold()


@cache
def _titles() -> frozenset[str]:
    """What every button says."""
    return frozenset(_plain(shared_replies().title_of(payload)) for payload in payloads())

"""Telephone numbers in a vetted text, so that a channel can make them tappable."""

import re

NUMBER = re.compile(r"\+?\(?\d[\d ()./-]*\d(?:, option \d)?")
FEWEST_DIGITS = 3


def phones(text: str) -> list[str]:
    """The telephone numbers of a text that names numbers only for calling, in text order.

    >>> phones("You can also call Samaritans on 116 123, or NHS 111, option 2.")
    ['116 123', '111, option 2']
    """
    return [number for number in NUMBER.findall(text) if len(dialled(number)) >= FEWEST_DIGITS]


def dialled(number: str) -> str:
    """What is dialled for a number: its digits, and a "+" that they begin with; an option is chosen later."""
    return re.sub(r"(?!^\+)\D", "", number.partition(",")[0])

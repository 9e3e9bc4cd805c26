"""Measured temperatures in a message, in degrees Celsius or Fahrenheit."""

import re
from collections.abc import Iterator

FEVER_WORDS = r"(?:fever|temp|temps|temperature|degrees?|thermometer|running|spiking|spiked|burning)"
READING = re.compile(
    r"(?<![\d.,/])(?P<number>\d{2,3}(?:[.,]\d{1,2})?)\s*(?P<mark>°|º|degrees?|deg)?\s*(?P<unit>celsius|centigrade|fahrenheit|[cf]\b)?"
    r"(?!\s*(?:%|mg|mcg|ml|years?|yrs?|yo\b|y/o|tablets?|pills?|days?|weeks?|hours?|minutes?|mins?|bpm|/)|[\d])",
    re.IGNORECASE,
)
NEAR_CHARACTERS = 30
CELSIUS = (34.0, 44.0)
FAHRENHEIT = (94.0, 112.0)


def readings(text: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, degrees Celsius) of each number that is a body temperature, by its unit or a word near it.

    >>> [round(celsius, 1) for _, _, celsius in readings("temp is 103.1 and he is 39 years old")]
    [39.5]
    """
    for match in READING.finditer(text):
        number = float(match["number"].replace(",", "."))
        near = text[max(0, match.start() - NEAR_CHARACTERS) : match.end() + NEAR_CHARACTERS]
        if not (match["mark"] or match["unit"] or re.search(rf"\b{FEVER_WORDS}\b", near, re.IGNORECASE)):
            continue
        if CELSIUS[0] <= number <= CELSIUS[1]:
            yield match.start(), match.end(), number
        elif FAHRENHEIT[0] <= number <= FAHRENHEIT[1]:
            yield match.start(), match.end(), (number - 32) / 1.8

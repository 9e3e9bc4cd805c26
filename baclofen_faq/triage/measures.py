"""Numbers in a message that measure something: temperature, pulse, blood pressure, tablets taken."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
WORDED = {word: number for number, word in enumerate(ONES.split(), start=1)} | {"dozen": 12, "twenty": 20, "thirty": 30}
COUNT = rf"(?:\d{{1,3}}|a dozen|{'|'.join(WORDED)})"

FEVER_WORDS = (
    r"(?:fever|temp|temps|temperature|degrees?|thermometer|running|spiking|spiked|burning|hot|warm|reading|reads?|ear)"
)
TEMPERATURE = re.compile(
    r"(?<![\d.,/:])(?P<number>\d{2,3}(?:[.,]\d{1,2})?)\s*(?P<mark>°|º|degrees?|deg)?\s*(?P<unit>celsius|centigrade|fahrenheit|[cf]\b)?"
    r"(?!\s*(?:%|mgs?|mcg|micrograms?|ml|kgs?|kilos?|years?|yrs?|yo\b|y/o|tablets?|pills?|days?|weeks?|hours?|minutes?|mins?|bpm|/)|[\d:])",
    re.IGNORECASE,
)
SPOKEN_TEMPERATURE = re.compile(
    rf"\b(?:(?P<tens>thirty|forty)[ -]?(?P<ones>{ONES.replace(' ', '|')})?(?: point (?P<point>{ONES.replace(' ', '|')}))?"
    rf"|(?:a |one )?hundred(?: and)? (?P<above>{ONES.replace(' ', '|')}))\b",
    re.IGNORECASE,
)
NEAR_CHARACTERS = 30
CELSIUS = (34.0, 44.0)
FAHRENHEIT = (94.0, 112.0)
FASTEST_PULSE = 300

ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+\.[a-z]{2,}|\bhttps?://\S+", re.IGNORECASE)  # "103@3am" is none
PULSE = re.compile(
    r"\b(?:pulse|heart ?rate|hr|heart|resting rate)\b\D{0,25}?(?P<after>\d{2,3})\b(?!\s*(?:mg|/|years?|days?|min))"
    r"|\b(?P<before>\d{2,3}) ?(?:bpm|beats)\b",
    re.IGNORECASE,
)
PRESSURE = re.compile(
    r"\b(?:bp|b/p|pressure|systolic|top number|cuff|monitor)\b\D{0,40}?(?P<systolic>\d{2,3})(?:\s*(?:/|over)\s*\d{2,3}|\b(?!\s*(?:mg|%|years?)))",
    re.IGNORECASE,
)
TAKEN = re.compile(
    r"\b(?:took|taken|swallowed|popped|necked|downed|scoffed|ate|eaten|drank|gave (?:him|her|them)|given (?:him|her|them)?)\b"
    rf"(?:\W+[a-z']+){{0,4}}?\W+(?P<count>{COUNT}) ?(?:x ?\d+ ?mg|of (?:them|em|my|the|his|her|those|these)|tablets?|pills?|tabs?"
    r"|baclofens?|of baclofen|\d+ ?mgs?(?: tablets?| pills?)|\d+s)\b(?! (?:a|per|each|every|times) ?(?:day|week|night)?| daily)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """From which figure on a measure is which symptom; degrees Celsius, beats a minute, mm Hg, tablets at once."""

    fever: str
    low_fever: str
    fever_celsius: float
    low_fever_celsius: float
    pulse: str
    pulse_from: float
    pressure: str
    systolic_below: float
    systolic_from: float
    tablets: str
    tablets_from: float


def measured(text: str, limits: Limits) -> Iterator[tuple[int, int, str]]:
    """(start, end, symptom) of each number in the text that reaches a limit, but for those in mail and web addresses."""
    text = ADDRESS.sub(lambda address: " " * len(address[0]), text)
    for start, end, celsius in temperatures(text):
        if celsius >= limits.low_fever_celsius:
            yield start, end, limits.fever if round(celsius, 1) >= limits.fever_celsius else limits.low_fever
    for match in PULSE.finditer(text):
        if limits.pulse_from <= int(match["after"] or match["before"]) <= FASTEST_PULSE:
            yield match.start(), match.end(), limits.pulse
    yield from _pressures(text, limits)
    for match in TAKEN.finditer(text):
        if _count(match["count"]) >= limits.tablets_from:
            yield match.start(), match.end(), limits.tablets


def _pressures(text: str, limits: Limits) -> Iterator[tuple[int, int, str]]:
    for match in PRESSURE.finditer(text):
        if not limits.systolic_below <= int(match["systolic"]) < limits.systolic_from:
            yield match.start(), match.end(), limits.pressure


def temperatures(text: str) -> Iterator[tuple[int, int, float]]:
    """(start, end, degrees Celsius) of each number that is a body temperature, by its unit or a word near it.

    >>> [round(celsius, 1) for _, _, celsius in temperatures("temp is 103.1 and he is 39 years old")]
    [39.5]
    """
    for match in TEMPERATURE.finditer(text):
        number = float(match["number"].replace(",", "."))
        has_one_decimal = re.fullmatch(r"3\d[.,]\d|4[0-3][.,]\d", match["number"]) is not None
        if match["mark"] or match["unit"] or has_one_decimal or _is_about_fever(text, match):
            yield from _in_celsius(match, number)
    for match in SPOKEN_TEMPERATURE.finditer(text):
        if _is_about_fever(text, match):
            yield from _in_celsius(match, _spoken(match))


def _in_celsius(match: re.Match[str], number: float) -> Iterator[tuple[int, int, float]]:
    if CELSIUS[0] <= number <= CELSIUS[1]:
        yield match.start(), match.end(), number
    elif FAHRENHEIT[0] <= number <= FAHRENHEIT[1]:
        yield match.start(), match.end(), (number - 32) / 1.8


def _is_about_fever(text: str, match: re.Match[str]) -> bool:
    near = text[max(0, match.start() - NEAR_CHARACTERS) : match.end() + NEAR_CHARACTERS]
    return re.search(rf"\b{FEVER_WORDS}\b", near, re.IGNORECASE) is not None


def _spoken(match: re.Match[str]) -> float:
    """A temperature in words: "forty point one", "a hundred and three"."""
    if match["above"]:
        return 100.0 + WORDED[match["above"].lower()]
    tens = {"thirty": 30, "forty": 40}[match["tens"].lower()]
    return tens + WORDED.get((match["ones"] or "").lower(), 0) + WORDED.get((match["point"] or "").lower(), 0) / 10


def _count(count: str) -> int:
    return int(count) if count.isdigit() else WORDED[count.lower().removeprefix("a ")]

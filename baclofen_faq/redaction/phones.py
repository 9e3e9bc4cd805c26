"""Phone numbers: by their form, by the word before them, or because they are valid in the clinic's country."""

import re

from phonenumbers import NumberParseException, is_valid_number, parse

from baclofen_faq.redaction.digits import (
    A_DIGIT,
    PUBLIC_NUMBERS,
    SPOKEN,
    SPOKEN_DIGITS,
    UNITS,
    is_clock,
    is_round,
    spoken,
)
from baclofen_faq.redaction.rules import Rule, if_it

SEP = r"[ .()–/-]{0,3}"
BEFORE = r"(?<![\w.,/+:%-])(?<!\d )"
AFTER = r"(?![\w%/]|[.,:]\d|[ –-]{1,2}\d)"
EXTENSION = r"(?:,? ?(?:ext(?:ension)?\.?|x) ?\d{1,5}\b)?"
US = r"(?:\+?1[ .-]{0,2})?(?:\(\d{3}\) ?|\d{3}[ .–/-]{0,2}|\d{3} - )\d{3}(?:[ .–-]{0,2}| - )\d{4}"
PLUS = rf"(?:\+|\b00)\(?\d{{1,3}}(?:{SEP}\d){{6,13}}"
ZERO = rf"\(?0\d{{1,4}}(?:{SEP}\d){{5,9}}"
CUE = (
    r"\b(?=[a-z#])(?:phone|tel(?:ephone)?|mob(?:ile)?|cell(?:phone)?|fax|call|ring|text|txt|sms|whats "
    r"?app|reach|contact|numbers?|num|nr|landline|pager|beeper|dial|ph|ext"
    r"|home|work|m|t|p|c|#)(?:\b|(?<=#))"
)
GAP = (
    r"(?:[\s:#=.,(-]|\b(?:number|no|num|is|was|its|it['’]s|at|on|me|him|her|us|them|my|his|the|back"
    r"|please|pls|plz|or|for|of|to|home|work|cell|mobile|phone|best|here|via"
    r"|mom|mum|dad|husband|wife|daughter|son|sister|brother|instead|today|anytime|asap|after|now"
    r"|direct(?:ly)?)\b){0,14}"
)
CUED = r"(?P<id>\+?\(?\d(?:[ .()–-]{0,3}\d){6,14})"
DATE_FIRST = re.compile(r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d|(?:19|20)\d\d[-./]\d\d[-./]\d\d|(?:19|20)\d{6}$")
DRUG_CODE = re.compile(r"\d{5}-\d{3,4}-\d\d|\d{4}-\d{4}-\d\d|\d{5}-\d{4}-\d")
"""The National Drug Code on a vial: labeller, product, package."""
PRODUCT = re.compile(
    r"\b(?:ndc|lot|batch|gtin|upc|pzn|model)\b[ #:]{0,3}(?:(?:no|number|num|code|is)\b[ .:#]{0,3}){0,2}$", re.IGNORECASE
)
LOCAL = r"(?:555[ .-]?|[2-9]\d\d[-.])\d{4}"


def form(number: str) -> str:
    r"""The pattern of a number that stands alone, with its extension.

    >>> re.search(form(r"\d{3}-\d{4}"), "at 555-0142 ext 7 now")["id"]
    '555-0142 ext 7'
    """
    return rf"{BEFORE}(?P<id>(?:{number}){EXTENSION}){AFTER}"


def looks_dialled(match: "re.Match[str]") -> int:
    """The whole number, unless it is a date, times, doses or an emergency number."""
    text = match["id"]
    unit = re.match(r" ?([a-zµ]+)", match.string[match.end("id") :][:20], re.IGNORECASE)
    if (
        unit
        and unit[1].lower() in UNITS - {"x", "h", "c", "f", "d", "g", "times", "am", "pm"}
        or DATE_FIRST.match(text)
        or DRUG_CODE.fullmatch(text)
        or PRODUCT.search(match.string[max(0, match.start("id") - 30) : match.start("id")])
        or is_clock(text)
    ):
        return 0
    return 0 if re.sub(r"\D", "", text) in PUBLIC_NUMBERS else len(text)


def not_round(match: "re.Match[str]") -> int:
    """The whole number, when it is no row of doses or counts either."""
    return 0 if is_round(match["id"]) else looks_dialled(match)


def long_enough(match: "re.Match[str]") -> int:
    """A number with a leading 0: nine digits or more, a group of three or more among them."""
    digits = re.sub(r"\D", "", match["id"])
    return looks_dialled(match) if 9 <= len(digits) <= 12 and re.search(r"\d{3}", match["id"]) else 0


def is_local(match: "re.Match[str]") -> int:
    """555-0142, but not the range 300-1200."""
    is_range = match["id"].endswith("00") and not match["id"].startswith("555")
    return 0 if is_range else looks_dialled(match)


def has_capitals(text: str) -> bool:
    """1-800-FLOWERS."""
    return re.search(r"[A-Z]{4}", text) is not None


def valid_in(country: str) -> Rule:
    """The rule for numbers that are valid in one country and have none of the forms below."""

    def check(match: "re.Match[str]") -> int:
        if not not_round(match):
            return 0
        try:
            valid = is_valid_number(parse(match["id"], country))
        except NumberParseException:
            return 0
        return len(match["id"]) if valid else 0

    pattern = rf"{BEFORE}(?P<id>\d{{2,4}}[ .-]?\d{{3}}(?:[ .-]?\d{{2,4}}){{1,2}}){AFTER}"
    return Rule("phone", pattern, check, needs=A_DIGIT)


PHONE_RULES = (
    Rule("phone", form(US), not_round, needs=A_DIGIT),
    Rule("phone", form(PLUS), looks_dialled, needs=A_DIGIT),
    Rule("phone", form(ZERO), long_enough, needs=A_DIGIT),
    Rule("phone", rf"{BEFORE}(?P<id>0\d(?: \d\d){{4}}){AFTER}", not_round, ("FR", "BE", "CH"), needs=A_DIGIT),
    Rule(
        "phone", rf"{BEFORE}(?P<id>1[38]00[ -]?\d{{3}}[ -]?\d{{3}}){AFTER}", looks_dialled, ("AU", "IE"), needs=A_DIGIT
    ),
    Rule("phone", rf"{BEFORE}(?P<id>1[- ]?8\d\d[- ][a-z\d-]{{6,9}})\b", if_it(has_capitals), needs=A_DIGIT),
    Rule("phone", form(LOCAL), is_local, ("US", "CA"), needs=A_DIGIT),
    Rule("phone", rf"{BEFORE}(?P<id>[6-9]\d{{4}}[ -]\d{{5}}|\d{{10,12}}){AFTER}", not_round, needs=A_DIGIT),
    Rule("phone", rf"{CUE}{GAP}(?<![\d.]){CUED}{EXTENSION}{AFTER}", looks_dialled, needs=A_DIGIT),
    Rule("phone", rf"(?P<id>{SPOKEN})", spoken, needs=SPOKEN_DIGITS),
)

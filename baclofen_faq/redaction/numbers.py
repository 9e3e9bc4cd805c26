"""Numbers of records, insurances, social security and cards: by the word before them, or by form and check digit."""

import re

from stdnum import luhn
from stdnum.au import tfn
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.us import ssn

from baclofen_faq.redaction.digits import A_DIGIT, CODE, SPOKEN, SPOKEN_DIGITS, code, is_clock, is_round, spoken
from baclofen_faq.redaction.rules import Check, Rule, by_letter, if_it

NUMBER = r"(?:numbers?|num\b|nos?\b\.?|nr\b|#|id\b|ids\b|card\b|(?<!pump )(?<!device )code\b|s/n)"
GAP = (
    r"(?:[\s:#=.,(-]|\b(?:number|no|num|nr|is|was|its|it['’]s|['’]s|id|card|code|of|for|my|his|her"
    r"|their|mine|the|on|at|says?|reads?|as|ends?|and|i think|under"
    r"|pump|device|implant|wristband|bracelet|ref|reference)\b){0,14}"
)
FAR_GAP = r"(?:[^\d\n.!?]{0,40}?(?:\bis\b|\bwas\b|\bsays\b|\breads\b|:))?"
RECORD = by_letter(
    r"\b(?=[a-z])(?:mrn|m\.r\.n\.?|medical record|med rec|health record|hospital|patient|pt|chart|nhs"
    r"|chi|case|incident|rx|prescription|script|serial"
    r"|pump|device|record|file|unit record|u\.?r\.?n?|encounter|visit|reference|ref|ticket|order"
    r"|confirmation|claim|invoice|account|acct|wristband"
    r"|bracelet|identification|passport|licen[cs]e|driver['’]?s|health identifier|ihi|booking"
    r"|appointment|referral|hcn|nhi|lab|sample|implant|tracking)"
)
INSURANCE = by_letter(
    r"\b(?=[a-z])(?:policy|member(?:ship)?|group|grp|medi-?care|medicaid|medi-?cal|mbi|insurance"
    r"|insurer|subscriber|beneficiary|health plan|plan|health ?card|medical card|gms"
    r"|private health|health fund|vhi|laya|bupa|axa|aviva|medibank|hcf|nib|aetna|cigna|humana|tricare"
    r"|kaiser|blue cross|bcbs|anthem|blue shield|uhc|united ?health\w{0,4}"
    r"|molina|centene|ambetter|oscar|wellcare|champva|dva|hicn|coverage|rx ?bin|bin|pcn)"
)
SOCIAL = by_letter(
    r"\b(?=[a-z])(?:ssn|s\.s\.n\.?|ss|soc(?:ial)?[ .]?sec(?:urity)?|my social|his social|her social"
    r"|national insurance|n\.?i\.?|nino|pps[n]?|personal public service|tfn|tax file)\b"
)
STRONG = (
    r"\b(?=[a-z])(?:mrn|m\.r\.n\.?|serial|s/n|sn|urn|nhs|chi|ihi|passport|ref|rx ?#|hcn|nhi|case ?#|ticket ?#)(?!\w)"
)
CARD_WORDS = (
    r"\b(?=[acdmpv])(?:(?:credit|debit|bank|payment|visa|master)[ -]?card|card|visa|mastercard|amex"
    r"|american express|discover)\b"
)
LONG = r"(?<![\d.+])(?P<id>\d(?:[ -]?\d){11,18})(?!\d)"
MODEL_OR_COUNT = re.compile(r"8\d{3}-\d\d|\d+00")
LAST_FOUR = (
    r"(?:\blast (?:4|four)(?: digits)?[^\d\n]{0,40}\b(?:ssn|social|ss)\b[^\d\n]{0,20}|\b(?:ssn"
    r"|social)\b[^\d\n]{0,12}\b(?:ends|ending)\b[^\d\n]{0,8})(?P<id>\d{4})\b"
)


def is_card(text: str) -> bool:
    """Sixteen digits in fours, or any with the check digit of a card; never a row of times or doses."""
    digits = re.sub(r"\D", "", text)
    if is_clock(text) or is_round(text):
        return False
    return (
        digits[0] in "3456"
        and len(digits) >= 13
        and (luhn.is_valid(digits) or re.fullmatch(r"\d{4}(?:[ -]\d{4}){3}", text) is not None)
    )


def is_nine_digits(text: str) -> bool:
    """A US number in threes, two and four, which no dose is when it is valid."""
    return "-" in text or ssn.is_valid(re.sub(r"\D", "", text))


def digits_at_least(least: int) -> Check:
    """Of a code, the parts that belong to it, when they hold enough digits."""
    return lambda match: code(match, least)


def unnamed(match: "re.Match[str]") -> int:
    """Of a code without the word "number", the parts that belong to it; 0 for a count and for a model of a pump."""
    length = code(match, 5)
    return 0 if MODEL_OR_COUNT.fullmatch(match["id"][:length]) else length


NUMBER_RULES = (
    Rule("card", LONG, if_it(is_card), needs=A_DIGIT),
    Rule(
        "card",
        rf"{CARD_WORDS}{FAR_GAP}{GAP}(?P<id>\d(?:[ -]?\d){{12,18}})(?!\d)",
        if_it(lambda text: not is_clock(text)),
        needs=A_DIGIT,
    ),
    Rule("social_security", r"(?<![\d-])(?P<id>\d{3}-\d\d-\d{4})(?![\d-])", needs=A_DIGIT),
    Rule(
        "social_security",
        r"(?<![\d.] )(?<![\d.-])(?P<id>\d{3}[ .]\d\d[ .]\d{4})(?![\d-]|[ .]\d| ?m)",
        if_it(is_nine_digits),
        needs=A_DIGIT,
    ),
    Rule("social_security", r"\b(?P<id>[A-CEGHJ-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D])\b", needs=A_DIGIT),
    Rule("social_security", r"\b(?P<id>\d{7}[A-W][A-IW]?)\b", if_it(pps.is_valid), needs=A_DIGIT),
    Rule(
        "social_security",
        r"(?<![\d.] )(?<![\d.-])\b(?P<id>\d{3} ?\d{3} ?\d{3})\b(?! ?\d)",
        if_it(tfn.is_valid),
        ("AU",),
        needs=A_DIGIT,
    ),
    Rule(
        "social_security",
        rf"{SOCIAL}[^\d\n]{{0,3}}{NUMBER}?{FAR_GAP}{GAP}(?=(?P<id>{CODE}(?: [a-z]{{1,2}}\b)?))",
        digits_at_least(6),
        needs=A_DIGIT,
    ),
    Rule("social_security", rf"{SOCIAL} ?{NUMBER}?{FAR_GAP}{GAP}(?P<id>{SPOKEN})", spoken, needs=SPOKEN_DIGITS),
    Rule("social_security", LAST_FOUR, needs=A_DIGIT),
    Rule(
        "insurance_number",
        (
            r"\b"
            r"(?P<id>[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d-?[AC-"
            r"HJKMNP-RT-Y]{2}\d\d)\b"
        ),
        needs=A_DIGIT,
    ),
    Rule(
        "insurance_number",
        rf"{INSURANCE}['’]?s?[ ,-]{{0,2}}{NUMBER}{FAR_GAP}{GAP}(?=(?P<id>{CODE}))",
        digits_at_least(3),
        needs=A_DIGIT,
    ),
    Rule(
        "insurance_number",
        rf"{INSURANCE}\b(?: (?:plan|policy|member|insurance|card))?{GAP}(?=(?P<id>{CODE}))",
        digits_at_least(5),
        needs=A_DIGIT,
    ),
    Rule("insurance_number", rf"{INSURANCE} ?{NUMBER}?{FAR_GAP}{GAP}(?P<id>{SPOKEN})", spoken, needs=SPOKEN_DIGITS),
    Rule(
        "record_number",
        r"(?<![\d.+-])\b(?P<id>\d{3}[ -]\d{3}[ -]\d{4})\b(?![ -]?\d)",
        if_it(nhs.is_valid),
        ("GB",),
        needs=A_DIGIT,
    ),
    Rule(
        "record_number",
        (
            rf"{RECORD}['’]?s?[ -]?(?:record |serial |identification |chart |file )?{NUMBER}{FAR_GAP}{GAP}(?="
            rf"(?P<id>{CODE}))"
        ),
        digits_at_least(3),
        needs=A_DIGIT,
    ),
    Rule("record_number", rf"{STRONG}{GAP}(?=(?P<id>{CODE}))", digits_at_least(4), needs=A_DIGIT),
    Rule("record_number", rf"{RECORD}\b{GAP}(?=(?P<id>{CODE}))", unnamed, needs=A_DIGIT),
    Rule(
        "record_number", rf"(?:{RECORD} ?{NUMBER}|{STRONG}){FAR_GAP}{GAP}(?P<id>{SPOKEN})", spoken, needs=SPOKEN_DIGITS
    ),
    Rule("record_number", r"\b(?P<id>NG[A-Z]\d{5,7}[A-Z]?)\b", needs=A_DIGIT),
    Rule("record_number", r"(?<![\w.,+/-])(?P<id>[A-Z]{0,3}\d{9})(?![\w/%]|[.,]\d| ?m[cgl])", needs=A_DIGIT),
)

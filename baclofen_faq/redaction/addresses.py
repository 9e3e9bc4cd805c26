"""Addresses: house number and street with what follows, post boxes, postcodes."""

from baclofen_faq.redaction.address_checks import street, whole_place
from baclofen_faq.redaction.address_parts import (
    BUILDING,
    CLEAR,
    COMPASS,
    CUE,
    EIRCODE,
    HEAD,
    HOUSE,
    NAME,
    NOT_STREETS,
    PLACE,
    POSTCODE,
    SPOKEN_HOUSE,
    STATE,
    TAIL,
    TOWN,
    UNIT,
    VAGUE,
    WORD,
    ZIP,
)
from baclofen_faq.redaction.digits import A_DIGIT
from baclofen_faq.redaction.rules import Rule

ADDRESS_RULES = (
    Rule("address", rf"\b(?P<id>{BUILDING}{HOUSE})(?=,? (?-i:[A-Z]))", needs=A_DIGIT),
    Rule(
        "address",
        rf"(?P<id>{HEAD}(?P<street>{NAME}(?:[ -]{NAME}){{0,3}}?) {CLEAR}(?: {COMPASS}(?!\w))?(?P<tail>{TAIL}))",
        street(0),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"(?P<id>{HEAD}(?P<street>{NAME}(?:[ -]{NAME}){{0,3}}?) {VAGUE}(?: {COMPASS}(?!\w))?(?P<tail>{TAIL}))",
        street(1),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        (
            rf"{CUE}(?!(?:911|999|112|988|000|111)\b)(?P<id>{HEAD}"
            rf"(?P<street>{NAME}(?:[ -]{NAME}){{0,2}}?)(?: (?:{CLEAR}|{VAGUE}))?(?P<tail>"
            rf"(?:,? (?:{UNIT}))?(?:{PLACE})))"
        ),
        street(0, NOT_STREETS - {"the", "of"}),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"{CUE}(?P<id>{HEAD}(?P<street>(?-i:[A-Z]){WORD}(?: (?-i:[A-Z]){WORD}){{0,2}})(?P<tail>{TOWN}))",
        street(1),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"{CUE}(?P<id>{HEAD}(?P<street>{NAME}(?: {NAME}){{0,2}}?) {VAGUE}(?P<tail>{TAIL}))",
        street(0),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        (
            rf"(?P<id>{HOUSE} (?:(?:county|state|rural) (?:road|rd|route|rte|highway|hwy)|route|rt|highway"
            rf"|hwy|rr) \d{{1,4}}\b"
            rf"(?P<tail>{TAIL}))"
        ),
        whole_place,
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        (
            rf"\b(?P<id>(?:(?:rr|hc|rural route|star route) ?#?\d{{1,4}},? box|rmb|rsd) ?#?\d{{1,5}}[a-z]?\b"
            rf"(?P<tail>{TAIL}))"
        ),
        whole_place,
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"{CUE}(?P<id>{SPOKEN_HOUSE} (?P<street>{NAME}(?: {NAME}){{0,2}}?) {CLEAR}(?P<tail>{TAIL}))",
        street(0),
        needs=SPOKEN_HOUSE,
    ),
    Rule(
        "address",
        (
            rf"\b(?P<id>(?:(?:{UNIT}),? )?(?:\d{{1,4}}[a-z]?,? )?(?-i:[A-Z]){WORD}(?:(?:,| (?:on|of|upon"
            rf"|the))? (?-i:[A-Z]){WORD}){{0,5}},? "
            rf"(?:(?-i:{POSTCODE})|(?-i:(?=\w{{3}} ?\w{{0,3}}\d){EIRCODE})))"
        ),
        countries=("GB", "IE"),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        (
            rf"\b(?:live|living|located|staying|we['’]?re|i['’]?m|am|are) (?:in|near|at|from) (?P<id>(?:"
            rf"(?-i:[A-Z]){WORD},? ){{0,3}}{ZIP})(?! ?(?:m|u))"
        ),
        needs=A_DIGIT,
    ),
    Rule("address", rf"(?<!\w)(?P<id>(?:(?-i:[A-Z]){WORD},? ){{1,3}}(?-i:{STATE}),? {ZIP})", needs=A_DIGIT),
    Rule(
        "address",
        (
            rf"\b(?P<id>\d{{1,4}}(?: ?bis)?,? (?:rue|boulevard|calle|via|avenida) (?:(?:de|du|des|la|las|los|le"
            rf"|del|della) ){{0,2}}{WORD}(?P<tail>{TAIL}))"
        ),
        whole_place,
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"\b(?P<id>{WORD}(?:stra(?:ß|ss)e|weg|platz|gasse) \d{{1,4}}[a-z]?\b(?:,? \d{{5}}(?: {WORD})?)?)",
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        (
            rf"\b(?P<id>(?:calle|avenida|avda|camino|paseo|carrer|rue|via|ulica|ul)\.? (?:(?:de|del|la|las|los) "
            rf"){{0,2}}{WORD}(?: {WORD})?,? (?:#|n[oº]?\.? ?)?\d{{1,4}}[a-z]?\b(?P<tail>{TAIL}))"
        ),
        whole_place,
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"\b(?P<id>(?:(?:g|locked )?p\.? ?o\.? ?(?:box|bx)|post office box|locked bag) ?#?\d{{1,6}}(?P<tail>{TAIL}))",
        whole_place,
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        (
            rf"\b(?:zip|zip ?code|post ?code|postal ?code|eircode)\b(?:\W|is|was|it['’]?s|s\b|my|code|for|of"
            rf"|the|here){{0,8}}(?P<id>{ZIP}|{POSTCODE}|{EIRCODE}|\d{{4}}\b|[A-Z]\d[A-Z] ?\d[A-Z]\d\b)"
        ),
        needs=A_DIGIT,
    ),
    Rule(
        "address",
        rf"\b(?P<id>(?-i:{POSTCODE}|(?=\w{{3}} ?[A-Z\d]{{0,3}}[A-Z])(?=\w{{3}} ?[A-Z\d]{{0,3}}\d){EIRCODE}))",
        countries=("GB", "IE"),
        needs=A_DIGIT,
    ),
)

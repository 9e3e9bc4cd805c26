"""Addresses: house number and street with what follows, post boxes, postcodes."""

import re

from baclofen_faq.redaction.digits import A_DIGIT
from baclofen_faq.redaction.rules import Check, Rule, word_list
from baclofen_faq.redaction.vocabulary import is_ordinary

CLEAR = (
    r"(?:street|str|st|avenue|ave?|road|rd|boulevard|blvd|lane|ln|terrace|terr|crescent|cres|parkway"
    r"|pkwy|highway|hwy|mews|gardens|gdns|esplanade|parade"
    r"|turnpike|tpke|expressway|freeway|alley|plaza)\b\.?"
)
VAGUE = (
    r"(?:drive|dr|way|close|place|pl|court|ct|circle|cir|row|walk|park|view|hill|rise|green|grove|gr"
    r"|square|sq|quay|trail|loop|run|cove|point|ridge|manor|villas|estate|wharf|strand|field|fields"
    r"|heights|mount|path|pass|bend|cross|glen|vale|meadow|meadows)\b\.?"
)
COMPASS = r"(?:[nsew]\.?|n\.?e\.?|n\.?w\.?|s\.?e\.?|s\.?w\.?|north|south|east|west)"
UNIT = r"(?:apartment|apt|flat|unit|suite|ste|room|rm|lot|floor|fl|no)\.? ?#?(?:\d{1,4} ?[a-z]?|[a-z])\b|#\s?\w{1,5}\b"
HOUSE = r"(?<![\w./:,$£€%+-])(?:\d{1,3}/)?\d{1,5}(?: ?[a-d](?= ))?(?:-\d{1,4})?"
WORD = r"(?:[^\W\d_]['’]?){1,20}"
NAME = rf"(?:{WORD}|\d{{1,3}}(?:st|nd|rd|th))"
ZIP = r"\d{5}(?:-\d{4})?(?![\d-])"
POSTCODE = r"(?:GIR|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]?) ?\d[ABD-HJLNP-UW-Z]{2}\b"
EIRCODE = r"[AC-FHKNPRTV-Y]\d[\dW] ?[AC-FHKNPRTV-Y\d]{4}\b"
STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]"
    r"|T[NX]|UT|V[AT]|W[AIVY]|NSW|VIC|QLD|TAS|ACT|NT|SA)\b"
)
LONG_STATE = (
    r"(?:alabama|alaska|arizona|california|colorado|connecticut|florida|georgia|illinois|indiana|iowa"
    r"|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota"
    r"|missouri|montana|nebraska|nevada|new (?:jersey|york|mexico|hampshire)|(?:north|south) "
    r"(?:carolina|dakota)|ohio|oklahoma|oregon|pennsylvania|tennessee|texas|utah|vermont|virginia"
    r"|washington|wisconsin|wyoming|victoria|queensland|tasmania)\b"
)
AREA = rf"(?:{STATE}|{LONG_STATE})"
CODE = rf"(?:{ZIP}|{POSTCODE}|{EIRCODE}|\d{{4}}\b(?=\W|$))"
CITY = rf"{WORD}(?:[ -]{WORD}){{0,2}}"
PLACE = rf"(?:,? {CITY}){{1,2}}?,? (?:{AREA},? )?{CODE}|(?:,? {CITY})?,? {AREA}(?!\w)|,? {CODE}"
COUNTY = rf",? ?(?:co\.|co|county) {WORD}"
TOWN = rf"(?:{COUNTY}|, ?(?!co\b)(?-i:[A-Z]){WORD}(?: (?-i:[A-Z]){WORD}){{0,2}}){{1,3}}(?: \d{{1,2}}\b(?! ?m))?"
TAIL = rf"(?:,? (?:{UNIT}))?(?:{PLACE}|{TOWN}(?:{PLACE})?)?"
HEAD = rf"(?:(?:{UNIT})[,/]? ?)?{HOUSE},? (?:{COMPASS} )?"
CUE = (
    r"\b(?=[a-z])(?:address|addr|live|lives|living|located|staying|stays|home|we are|we['’]re|were"
    r"|i['’]?m|am|ambulance|come|send|sent|deliver(?:y|ed)?|ship|mail|post)\b[^\d\n]{0,25}"
)
TOWNS = word_list(
    "cork bath reading derby rugby hull sale wells york bury mobile orange kent deal new san los fort "
    "saint st port santa el salt great north south east west upper lower mount cape grand palm little "
    "long"
)
"""Ordinary words that begin the names of towns."""
NOT_STREETS = word_list(
    "a an the in on of my his her our your their at by to for from with and or but per is was mg mcg "
    "ml tablet tablets pill pills times time day days hour hours hr hrs week weeks min"
    " mins minutes month months year years yr yrs old am pm blocks miles people patients down up out "
    "off this that it he she we i you us same more spasms dose doses refill refills"
    " baclofen every each about round right all half get got go going drive in no not out took take "
    "takes taken long short late ago since until till through x"
)


def street(least_capitals: int, forbidden: frozenset[str] = NOT_STREETS) -> Check:
    """The address, when no word of the street is one of a sentence or a dose; a vague kind of street needs capitals."""

    def check(match: "re.Match[str]") -> int:
        names = re.findall(r"[^\W\d_]+", match["street"])
        if any(word in forbidden or word.isupper() and word.lower() in forbidden for word in names):
            return 0
        capitals = sum(word[0].isupper() for word in names)
        return whole_place(match) if capitals >= min(least_capitals, len(names)) else 0

    return check


def whole_place(match: "re.Match[str]") -> int:
    """All of an address; without the town when that is an ordinary word and has no postcode: "12 Elm St, Please"."""
    tail = match["tail"] or ""
    unit = re.match(rf"(?:,? (?:{UNIT}))?", tail, re.IGNORECASE)
    names = re.findall(r"[^\W\d_]+", tail[unit.end() if unit else 0 :])
    has_code = re.search(rf"(?:{CODE}|{AREA})$", tail, re.IGNORECASE)
    sentence = has_code is None or any(
        word.lower() in NOT_STREETS - {"in", "of", "the", "and", "me", "or"} for word in names
    )
    if names and sentence and is_ordinary(names[0]) and names[0].lower() not in TOWNS:
        return len(match["id"]) - len(tail) + (unit.end() if unit else 0)
    return len(match["id"])


ADDRESS_RULES = (
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
            rf"{CUE}(?P<id>{HEAD}(?P<street>{NAME}(?:[ -]{NAME}){{0,2}}?)(?: (?:{CLEAR}|{VAGUE}))?(?P<tail>"
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
            rf"(?P<id>{HOUSE} (?:(?:county|state|rural) (?:road|route|highway)|route|rt|highway|hwy|rr) \d{{1,4}}\b"
            rf"(?P<tail>{TAIL}))"
        ),
        whole_place,
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

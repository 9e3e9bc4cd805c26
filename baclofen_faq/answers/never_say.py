"""The never-say list as rules over every text that can be sent. Code catches the plain cases; the clinician who signs judges the rest."""

import re
from dataclasses import dataclass

DO_NOT = r"\b(?:do not|don't|never|not to|nobody|no one|cannot|can't)\b"
SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True)
class Rule:
    """One thing that is never said.

    `forbids` is searched in each sentence; a sentence where `unless` stands before the match is allowed
    ("Do not drive yourself").
    """

    id: str
    forbids: str
    unless: str | None = None


AMOUNT = r"(?:\d+(?:[.,]\d+)?|half|one|two|three|four|five|ten)"
RULES = (
    Rule("dose", rf"\b{AMOUNT}\s*(?:-\s*)?(?:mg|mcg|µg|ug|ml|milligrams?|micrograms?|milliliters?|millilitres?)\b"),
    Rule(
        "dose",
        rf"\b(?:take|taking|give|swallow)\b[^.,;:]*\b{AMOUNT}\b[^.,;:]*\b(?:tablets?|pills?|doses?|drops?)\b",
        DO_NOT,
    ),
    Rule(
        "dose",
        rf"\bby {AMOUNT}(?: an?| of an?)? (?:tablets?|pills?|doses?)\b|\b(?:half|quarter)(?: of)? an? (?:tablet|pill|dose)\b",
    ),
    Rule(
        "schedule",
        r"\b(?:cut|reduce|lower|taper|drop|decrease)\w*\b[^.]*\b(?:every|each|per|over|a)\b(?: \w+)? (?:days?|weeks?|months?)\b",
    ),
    Rule(
        "schedule",
        r"\b(?:every|over)\s+(?:few|\d+|one|two|three|four)(?:\s*(?:-|to|or)\s*\w+)?\s+(?:hours?|days?|weeks?)\b",
    ),
    Rule("percentage", r"\d+(?:[.,]\d+)?\s*(?:%|percent|per cent)"),
    Rule(
        "extra_dose",
        r"\b(?:extra dose|extra tablet|extra pill|double (?:the|your|a) dose|double up|make up for|skip (?:the|your|a)(?: next)? dose)\b",
        DO_NOT,
    ),
    Rule(
        "stop",
        r"\bstop(?:ping)? (?:taking )?(?:the |your )?(?:baclofen|tablets|pills|medicine|drug|it)\b",
        rf"{DO_NOT}|\b(?:how|why|doctor)\b",
    ),
    Rule("restart", r"\b(?:restart|start again|resume|go back to)\b", rf"{DO_NOT}|\b(?:ask|before)\b"),
    Rule("restart", r"\bjust take\b|\btake (?:your|the) usual dose\b", DO_NOT),
    Rule(
        "reassurance",
        r"\b(?:you(?:'re| are| will be|'ll be)|(?:it|this|that)(?:'s| is| will be)|they(?:'re| are)) (?:\w+ )?(?:fine|ok|okay|safe|all right|alright|harmless|normal)\b",
        DO_NOT,
    ),
    Rule(
        "reassurance",
        r"\b(?:nothing to worry|no need to (?:worry|call|go)|do not call|don't worry|do not worry|not dangerous|no danger|rest assured|can(?:'t|not) be withdrawal|is not withdrawal)\b",
    ),
    Rule("reassurance", r"\b(?:under|below)\s+\d+(?:[.,]\d+)?\s*(?:c|f|degrees|mg)?\b"),
    Rule(
        "reassurance",
        r"\b(?:taper\w*|slow cut|reducing)\b[^.]*\b(?:is safe|guarantees|prevents|makes it safe)\b",
        r"\bno guarantee\b",
    ),
    Rule(
        "waiting",
        r"\b(?:sleep it off|wait (?:until|till|for) (?:morning|the morning|tomorrow|monday|the clinic)|see (?:if|whether) it (?:passes|goes away|stops)|wait and see|monitor (?:it )?at home|(?:stay|rest) (?:at )?home)\b",
        DO_NOT,
    ),
    Rule("driving", r"\bdrive (?:yourself|there|to the (?:hospital|emergency))\b", DO_NOT),
    Rule(
        "home_treatment",
        r"\b(?:antihistamines?|benadryl|cyproheptadine|diazepam|valium|cold bath|ice bath|flush it out|drink (?:plenty|lots)|make (?:them|him|her|yourself) (?:throw up|vomit)|induce vomiting)\b",
        DO_NOT,
    ),
    Rule("home_treatment", r"\b(?:alcohol|wine|beer)\b[^.]*\b(?:help|ease|calm)\w*\b", DO_NOT),
    Rule(
        "diagnosis",
        r"\b(?:it(?:'s| is)|this is|you have) (?:only |just |probably |likely )*(?:anxiety|psychiatric|a uti|an infection|ms flare|an ms flare|withdrawal|a seizure)\b",
    ),
    Rule(
        "survival",
        r"\b(?:\d+|most|many|few) (?:out of|in) (?:\d+|every)\b|\b(?:most|many) people (?:survive|recover|die)\b|\b(?:death|survival) rate\b|\byou (?:will not|won\'t|are not going to) die\b|\b(?:always|never) (?:happens|fatal|kills)\b",
    ),
    Rule(
        "seizure_myth",
        r"\b(?:something|spoon|object|cloth)\b[^.]*\bin (?:the|his|her|their) mouth\b|\bhold (?:them|him|her) down\b|\bmost seizures\b",
        DO_NOT,
    ),
    Rule(
        "pump_handling",
        r"\b(?:press|rub|drain|open|reprogram\w*) (?:on )?(?:the|your) pump\b|\bMRI is (?:ok|okay|safe|fine)\b",
        DO_NOT,
    ),
    Rule("clinician_phone", r"707[-. ]?0933"),
    Rule(
        "claims",
        r"\b(?:i can|i will|i'll|i have) call(?:ed)? (?:an ambulance|911|999|112|000|for help)\b|\b(?:nurse|doctor|clinician|someone) is (?:watching|reading|here)\b|\bi am (?:a|your) (?:nurse|doctor|human|person|clinician)\b",
        r"\bno$",
    ),
    Rule("claims", r"\b(?:completely|fully|strictly) confidential\b|\bkeep (?:this|it) (?:a )?secret\b"),
)

COUNTRY_NUMBERS = {
    "us": r"\b(?:999|000|112|116 123|111)\b",
    "uk": r"\b(?:911|000|988)\b|1-800",
    "ireland": r"\b(?:911|000|988|116 123)\b|1-800",
    "eu": r"\b(?:911|999|000|988|116 123)\b|1-800",
    "australia": r"\b(?:911|999|988|116 123)\b|1-800",
}


def broken_rules(text: str) -> list[str]:
    """Ids of the rules that a text breaks, in the order of the list; [] for a text that may be sent.

    Source: evidence page, section 4 (each rule rests on a label, leaflet or guideline named there).
    >>> broken_rules("Take two tablets and sleep it off.")
    ['dose', 'waiting']
    >>> broken_rules("Do not drive yourself.")
    []
    """
    sentences = [sentence.strip() for sentence in SENTENCE.findall(text)]
    return [rule.id for rule in RULES if any(_breaks(rule, sentence) for sentence in sentences)]


NUMBER_OF_A_COUNTRY = re.compile(r"\b(?:911|999|112|000|111|988|116 123|1-800-222-1222|13 11 26|13 11 14)\b")


def numbers_written_out(text: str) -> list[str]:
    """Emergency, crisis and poison numbers in a text that has a placeholder for them.

    >>> numbers_written_out("Call 911, or {emergency_number}.")
    ['911']
    """
    return NUMBER_OF_A_COUNTRY.findall(text)


def wrong_country_numbers(text: str, region: str) -> list[str]:
    """Emergency, crisis or poison numbers in a filled text that belong to another country than the region."""
    pattern = COUNTRY_NUMBERS.get(region)
    return re.findall(pattern, text) if pattern else []


def _breaks(rule: Rule, sentence: str) -> bool:
    matches = re.finditer(rule.forbids, sentence, re.IGNORECASE)
    return any(not _is_allowed(rule, sentence[: match.start()].rstrip()) for match in matches)


def _is_allowed(rule: Rule, before: str) -> bool:
    """Whether the words before the match, in its own clause, make it harmless."""
    clause = re.split(r"[,;:]", before)[-1]
    return rule.unless is not None and re.search(rule.unless, clause, re.IGNORECASE) is not None

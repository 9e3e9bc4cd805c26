"""Names of people: by the words around them."""

import re

from baclofen_faq.redaction.bare_names import bare_name, is_nobody, known_alone
from baclofen_faq.redaction.name_cues import (
    AGAIN,
    APART,
    BEFORE_HERE,
    END,
    I_AM,
    LABEL_WORDS,
    NAMED,
    RELATION,
    THANKS,
    THIS_IS,
    TITLE,
    VERB,
    WORD_ALONE,
)
from baclofen_faq.redaction.name_passes import (
    passes_after_relation,
    passes_as_called,
    passes_as_caller,
    passes_as_known,
    passes_as_named,
    passes_as_pair,
    passes_as_present,
    passes_as_self,
    passes_as_signed,
    passes_as_titled,
)
from baclofen_faq.redaction.name_words import CANDIDATE, Passes, name_length
from baclofen_faq.redaction.rules import Check, Rule, by_letter


def not_nobody(check: Check) -> Check:
    """The same, unless the name is of a hospital, a firm, a disease or a saying."""

    def checked(match: "re.Match[str]") -> int:
        length, start = check(match), match.start("id")
        return 0 if length and is_nobody(match.string, start, start + length) else length

    return checked


def name_rule(before: str, passes: Passes, after: str = "", needs: str = "") -> Rule:
    """A name after some words, when its first word passes."""

    def check(match: "re.Match[str]") -> int:
        return name_length(match, passes)

    if not after:
        return Rule("name", before + CANDIDATE, not_nobody(check), needs=needs)

    def check_end(match: "re.Match[str]") -> int:
        length = check(match)
        ends = re.compile(after, re.IGNORECASE).match(match.string, match.start("id") + length)
        return length if ends else 0

    return Rule("name", before + CANDIDATE, not_nobody(check_end), needs=needs)


PRESENT = r",? (?:here\b(?! (?:is|are))|speaking\b)"
PRESENT_NEEDS = r" (?:here|speaking)\b"

NAME_RULES = (
    name_rule(rf"{NAMED}", passes_as_named),
    name_rule(
        r"\b(?:my name|me llamo|mi nombre es|se llama|ich hei(?:ß|ss)e|je m['’]appelle)(?: es)? ", passes_as_named
    ),
    name_rule(rf"(?:^|[\n,;.(/|-])\s{{0,3}}(?:{LABEL_WORDS})\s?[:=]\s{{0,3}}(?:(?:{TITLE})\.? )?", passes_as_named),
    name_rule(r"\b(?<!(?:brand|.drug|neric|trade) )(?:name|surname)\s?[:=-]\s{0,2}", passes_as_named),
    name_rule(r"\b(?<!(?:brand|.drug|neric|trade) )name['’]s ", passes_as_named),
    name_rule(r"(?:^|[.!?,;\n] {0,2})names? (?:is )?", passes_as_signed),
    name_rule(
        rf"(?:^|[.!?,;\n] {{0,2}}|\b(?:hi|hello|hey|its|doc),? ){BEFORE_HERE}",
        passes_as_present,
        PRESENT,
        PRESENT_NEEDS,
    ),
    name_rule(
        r"\b(?:(?:in|under|by) the name(?: of)?|(?:registered|listed|booked|filed) (?:as|under)) ", passes_as_called
    ),
    name_rule(r"\b(?:first|last|full|sur|family) ?name ", passes_as_signed),
    name_rule(rf"\b(?=[a-z]){TITLE}(?:\. ?| )(?:{TITLE}\.? )?", passes_as_titled),
    name_rule(r"\b(?-i:Ms|Miss|Mx|MS\.|ms\.|Sr\.|Aunty?|Auntie|Uncle|Father|Brother)(?:\. ?| )", passes_as_signed),
    name_rule(r"\b(?:ms|miss|aunt|auntie|uncle|grandma|grandpa|granny|nana|cousin|mama|papa) ", passes_as_known),
    name_rule(rf"\b{I_AM}{AGAIN} ", passes_as_self),
    name_rule(rf"\b{THIS_IS}{AGAIN} ", passes_as_caller),
    name_rule(
        (
            r"\b(?:call(?:s|ed)? (?:me|her|him|them)|go(?:es)? by|known (?:to \w{2,10} )?as|answers to"
            r"|(?:i|we|they|people) "
            r"(?:just |all |only )?say|short for|nickname(?:['’]?s| is)?|aka)(?: by| just)? "
        ),
        passes_as_called,
    ),
    name_rule(r"\b(?:named|called|nicknamed) ", passes_as_known),
    name_rule(
        rf"\b(?=[a-z]){RELATION}(?:(?:,| is| was|,? who is)? (?:called|named)|,? whose name is)?{APART}",
        passes_after_relation,
    ),
    name_rule(r"(?:^|[.!?,;\n] )(?-i:(?=[A-Z][\w'’-]+ [A-Z]))", passes_as_pair, rf",? {VERB}\b"),
    name_rule(r"(?:\b(?:is|was)|['’]s) (?-i:(?=[A-Z]))", passes_as_known, r"[.,!?;(]|$| and\b"),
    name_rule(
        by_letter(
            r"\b(?:ask for|speak (?:to|with)|spoke (?:to|with)|spoken (?:to|with)|talk(?:ed|ing)? (?:to|with)"
            r"|contact|call|text|ring|email|phone|tell|told|gave|met|saw|see|from|with|for|by|to|and|&|or"
            r"|about|of|between|hi|hello|hey|dear|hiya|morning|attn|cc)"
            r",? "
        ),
        passes_as_known,
    ),
    name_rule(rf"\b(?=[a-z])(?:{THANKS})[ ,.!\n~–—-]{{1,4}}", passes_as_signed, END),
    name_rule(r"(?:\n\s{0,2}|(?:^|\s)[-–—~]{1,2}\s?)", passes_as_signed, r"[\s.!]{0,3}(?:x{1,4}\b|$)"),
    name_rule(r"[.!?,;]\s{0,2}(?=.{1,60}\Z)", passes_as_known, r"[\s.!]{0,3}(?:x{1,4}\b|$)"),
    name_rule(BEFORE_HERE, passes_as_known, PRESENT, PRESENT_NEEDS),
    Rule(
        "name", rf"(?<!\w)(?P<id>[^\W\d_]{{2,30}}?)(?:['’]s?|s) (?:{RELATION}|nurse|doctor|pump|refill)\b", known_alone
    ),
    Rule("name", WORD_ALONE, bare_name),
)

"""Names of people: by the words around them, and by the lists of given names and surnames."""

import re
from collections.abc import Iterator

from baclofen_faq.redaction.name_cues import (
    AGAIN,
    APART,
    END,
    I_AM,
    LABEL_WORDS,
    NAMED,
    NOT_PEOPLE,
    RELATION,
    SAINT,
    THANKS,
    THIS_IS,
    TITLE,
    VERB,
    WORD_ALONE,
)
from baclofen_faq.redaction.name_words import (
    CANDIDATE,
    WORDS,
    Passes,
    name_length,
    passes_after_relation,
    passes_as_caller,
    passes_as_full,
    passes_as_known,
    passes_as_named,
    passes_as_present,
    passes_as_self,
    passes_as_signed,
    passes_as_titled,
)
from baclofen_faq.redaction.redacted import Span
from baclofen_faq.redaction.rules import Check, Rule
from baclofen_faq.redaction.vocabulary import is_given, is_listed_ordinary, is_ordinary


def bare_name(match: "re.Match[str]") -> int:
    """A known name without a cue, when a surname, an age or what a person does follows."""
    text, end = match.string, match.end()
    known = is_given(match["id"]) and not is_ordinary(match["id"]) and len(match["id"]) > 2
    if not known or SAINT.search(text[max(0, match.start() - 8) : match.start()]):
        return 0
    candidate = re.compile(CANDIDATE, re.IGNORECASE).match(text, match.start())
    length = name_length(candidate, passes_as_full) if candidate else 0
    if not length or NOT_PEOPLE.match(text, match.start() + length):
        return 0
    capital = match["id"][0].isupper() or length > len(match["id"])
    does = re.compile(
        rf"(?:['’]s)? {VERB}\b|['’]s\b|s['’]|,? (?:\(|aged? )?\d{{1,2}}\b| (?:and|&) (?-i:[A-Z])", re.IGNORECASE
    )
    return length if capital and (length > len(match["id"]) or does.match(text, end)) else 0


def known_alone(match: "re.Match[str]") -> int:
    """Lucy in "Lucy's mom"."""
    word = match["id"]
    known = is_given(word) and not is_ordinary(word) and not is_listed_ordinary(f"{word}s")
    return len(word) if known else 0


def not_a_place(check: Check) -> Check:
    """The same, unless the name goes on as a hospital, a firm or a disease."""

    def checked(match: "re.Match[str]") -> int:
        length = check(match)
        return 0 if length and NOT_PEOPLE.match(match.string, match.start("id") + length) else length

    return checked


def name_rule(before: str, passes: Passes, after: str = "", needs: str = "") -> Rule:
    """A name after some words, when its first word passes."""

    def check(match: "re.Match[str]") -> int:
        return name_length(match, passes)

    if not after:
        return Rule("name", before + CANDIDATE, not_a_place(check), needs=needs)

    def check_end(match: "re.Match[str]") -> int:
        length = check(match)
        ends = re.compile(after, re.IGNORECASE).match(match.string, match.start("id") + length)
        return length if ends else 0

    return Rule("name", before + CANDIDATE, not_a_place(check_end), needs=needs)


def repeated_names(text: str, found: list[Span]) -> Iterator[Span]:
    """The words of the names found, where they stand in the text again."""
    names = [text[span.start : span.end] for span in found if span.type == "name"]
    words = {word for name in names for word in WORDS.findall(name) if len(word) > 2}
    alike = {word.lower() for word in words if not is_ordinary(word)}
    if not words:
        return
    for match in WORDS.finditer(text):
        word = match.group()
        if (word.lower() in alike or word in words and word[0].isupper() and not text.isupper()) and is_apart(
            text, match
        ):
            yield Span(*match.span(), "name")


def is_apart(text: str, match: "re.Match[str]") -> bool:
    """Whether a word stands alone, and not in the name of a disease or a hospital."""
    before = text[match.start() - 1 : match.start()]
    return not (before.isalnum() or before in {"_", "@"} and before) and not NOT_PEOPLE.match(text, match.end())


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
        r"(?:^|[.!?,;\n] {0,2}|\b(?:hi|hello|hey|its|doc),? )",
        passes_as_present,
        r",? (?:here\b(?! (?:is|are))|speaking\b)",
        r" (?:here|speaking)\b",
    ),
    name_rule(r"\b(?:first|last|full|sur|family) ?name ", passes_as_signed),
    name_rule(rf"\b(?=[a-z]){TITLE}(?:\. ?| )(?:{TITLE}\.? )?", passes_as_titled),
    name_rule(r"\b(?-i:Ms|Miss|Mx|MS\.|ms\.|Sr\.|Aunty?|Auntie|Uncle|Father|Brother)(?:\. ?| )", passes_as_signed),
    name_rule(r"\b(?:ms|miss|aunt|auntie|uncle|grandma|grandpa|granny|nana|cousin|mama|papa) ", passes_as_known),
    name_rule(rf"\b{I_AM}{AGAIN} ", passes_as_self),
    name_rule(rf"\b{THIS_IS}{AGAIN} ", passes_as_caller),
    name_rule(
        (
            r"\b(?:call(?:s|ed)? (?:me|her|him)|i go by|goes by|known as|go by|you can call me|everyone calls "
            r"(?:me|him|her))(?: by)? "
        ),
        passes_as_self,
    ),
    name_rule(r"\b(?:named|called|name of|nicknamed) ", passes_as_known),
    name_rule(
        rf"\b(?=[a-z]){RELATION}(?:(?:,| is| was|,? who is)? (?:called|named)|,? whose name is)?{APART}",
        passes_after_relation,
    ),
    name_rule(
        r"\b(?:ask for|speak (?:to|with)|spoke (?:to|with)|spoken (?:to|with)|talk(?:ed|ing)? (?:to|with)"
        r"|contact|call|text|ring|email|phone|tell|told|gave|met|saw|see|from|with|for|by|to|and|&|or"
        r"|about|of|between|hi|hello|hey|dear|hiya|morning|attn|cc)"
        r",? ",
        passes_as_known,
    ),
    name_rule(rf"\b(?=[a-z])(?:{THANKS})[ ,.!\n~–—-]{{1,4}}", passes_as_signed, END),
    name_rule(r"(?:\n\s{0,2}|(?:^|\s)[-–—~]{1,2}\s?)", passes_as_signed, r"[\s.!]{0,3}(?:x{1,4}\b|$)"),
    name_rule(r"[.!?,;]\s{0,2}(?=.{1,60}\Z)", passes_as_known, r"[\s.!]{0,3}(?:x{1,4}\b|$)"),
    name_rule(r"", passes_as_known, r",? (?:here\b(?! (?:is|are))|speaking\b)", needs=r" (?:here|speaking)\b"),
    Rule(
        "name", rf"(?<!\w)(?P<id>[^\W\d_]{{2,30}}?)(?:['’]s?|s) (?:{RELATION}|nurse|doctor|pump|refill)\b", known_alone
    ),
    Rule("name", WORD_ALONE, bare_name),
)

"""Which word may begin a name, after which cue."""

import re

from baclofen_faq.redaction.name_words import Word, ends_here, is_initial
from baclofen_faq.redaction.rules import word_list
from baclofen_faq.redaction.vocabulary import (
    is_common,
    is_given,
    is_listed_ordinary,
    is_never_name,
    is_ordinary,
    is_surname,
)

AUXILIARIES = word_list(
    "will may can my hope drew rose said might must would so do hung sung long little good guy don ta"
)
INTRODUCES = re.compile(r",? (?:i am|i['’]?m|calling|here|speaking|again|from|mom|mum|and i)\b", re.IGNORECASE)
"""What a caller says after the name: "this is rose i am calling"."""


def passes_as_named(word: Word, following: Word | None) -> bool:
    """After "my name is" and "Name:": a known name or any word that is no ordinary one."""
    if word.is_known and word.text.lower() not in {"so", "do"}:
        return is_given(word.text) or word.is_capital or not is_common(word.text)
    if word.is_capital:
        return len(word.text) > 1 and not is_listed_ordinary(word.text) and not is_never_name(word.text)
    return len(word.text) > 1 and not is_common(word.text)


def passes_as_called(word: Word, following: Word | None) -> bool:
    """After "call me": as after "I'm", and any word with a capital that is no common one."""
    return passes_as_self(word, following) or word.is_capital and passes_as_named(word, following)


def passes_as_self(word: Word, following: Word | None) -> bool:
    """After "I'm": a given name, no ordinary word when in small letters; with a capital also an unknown word."""
    if word.is_capital:
        month = is_never_name(word.text) and not ends_here(word) and not (following and following.is_known)
        return is_given(word.text) and not month or len(word.text) > 2 and not is_ordinary(word.text)
    if not is_given(word.text):
        return False
    return not is_ordinary(word.text) or following is not None and following.is_only_name


def passes_as_caller(word: Word, following: Word | None) -> bool:
    """After "this is": the same, but for months and days without a surname."""
    has_surname = following is not None and following.is_known
    introduces = is_given(word.text) and INTRODUCES.match(word.rest) is not None
    return (introduces or passes_as_self(word, following)) and (has_surname or not is_never_name(word.text))


def passes_as_titled(word: Word, following: Word | None) -> bool:
    """After "Dr": any name or unknown word; in small letters an ordinary one only where a sentence goes on after it."""
    if word.is_known and word.text.lower() not in AUXILIARIES:
        return word.is_capital or not is_ordinary(word.text) or is_surname(word.text) and word.goes_on
    if word.is_capital:
        return is_initial(word) or not is_common(word.text)
    return len(word.text) > 1 and not is_ordinary(word.text)


def passes_after_relation(word: Word, following: Word | None) -> bool:
    """After "my daughter": with a capital a given name or an unknown word; in small letters a given name."""
    if word.is_capital:
        return is_given(word.text) and not is_never_name(word.text) or len(word.text) > 2 and not is_ordinary(word.text)
    if not is_given(word.text) or word.text.lower() in AUXILIARIES or is_never_name(word.text):
        return False
    return not is_ordinary(word.text) or word.goes_on or following is not None and following.is_only_name


def passes_as_known(word: Word, following: Word | None) -> bool:
    """Where the words around say little: a given name, with a capital when it is an ordinary word too."""
    return (
        is_given(word.text)
        and len(word.text) > 2
        and (not is_ordinary(word.text) or word.is_capital and not is_never_name(word.text))
    )


def passes_as_signed(word: Word, following: Word | None) -> bool:
    """After "thanks," at the end: a known name, or an unknown word with a capital."""
    return passes_as_known(word, following) or word.is_capital and len(word.text) > 2 and not is_ordinary(word.text)


def passes_as_pair(word: Word, following: Word | None) -> bool:
    """Between commas, before a verb: two words with capitals that are no ordinary ones."""
    both = (word, following) if following else ()
    return bool(both) and all(part.is_capital and len(part.text) > 2 and not is_ordinary(part.text) for part in both)


def passes_as_present(word: Word, following: Word | None) -> bool:
    """Before "here" at the beginning of a sentence: any given name."""
    return is_given(word.text) and word.text.lower() not in AUXILIARIES and not is_never_name(word.text)


def passes_as_full(word: Word, following: Word | None) -> bool:
    """Without a cue: a given name, not before another one: "Hal Lucy Nating" is how a phone hears "hallucinating"."""
    two = following is not None and is_given(following.text) and not is_surname(following.text)
    return passes_as_known(word, following) and not two

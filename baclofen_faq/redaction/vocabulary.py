"""Which words are given names, surnames, ordinary words, or never a name. The lists are this folder's text files."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

LETTERS = "abcdefghijklmnopqrstuvwxyz"
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "ß": "ss", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "'": "", "’": ""}
)
ENDINGS = re.compile(
    r".{2,}(?:tion|sion|ic|ive|ing|ment|ship|hood|ency|ancy|ory|ness|less|ful|able|ible|ous|ical|ology"
    r"|itis|osis|emia|algia|plegic|plegia|zepam|fen|pril|statin|azole|cillin|ively|ingly)s?"
)
INFLECTED = re.compile(r"(.{3,}?)(?:e?s|e?d|ing|ings|ly|er|ers|est|['’]s)")


@cache
def listed(name: str) -> frozenset[str]:
    """The words of one of the lists."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def plain(word: str) -> str:
    """Small letters without accents and apostrophes.

    >>> plain("Siobhán"), plain("O'Brien"), plain("Wałęsa")
    ('siobhan', 'obrien', 'walesa')
    """
    if word.isascii():
        return word.lower().replace("'", "")
    decomposed = unicodedata.normalize("NFD", word.lower().translate(PLAIN))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=4096)
def is_given(word: str) -> bool:
    """Whether a word is a common given name, though it may be an ordinary word too ("will", "grace")."""
    return plain(word) in listed("given_names")


def is_surname(word: str) -> bool:
    """Whether a word is a common surname, though it may be an ordinary word too ("young", "baker")."""
    return plain(word) in listed("surnames")


@lru_cache(maxsize=4096)
def is_never_name(word: str) -> bool:
    """Whether a word is a drug, firm, disease, symptom, relation, day or month, or a typing error of one.

    >>> is_never_name("Baclofen"), is_never_name("siezures"), is_never_name("Anna")
    (True, True, False)
    """
    key = plain(word)
    if key in listed("not_names"):
        return True
    return not (key in listed("given_names") or key in listed("surnames")) and is_near(key, "not_names")


def is_listed_ordinary(word: str) -> bool:
    """Whether a word stands in the list of common words, or is never a name."""
    key = plain(word)
    return key in listed("words") or key in listed("not_names")


@lru_cache(maxsize=4096)
def is_ordinary(word: str) -> bool:
    """Whether a word is a common or a rare one of sentences, also when it is a name as well.

    >>> is_ordinary("scared"), is_ordinary("knackered"), is_ordinary("Siobhan")
    (True, True, False)
    """
    return plain(word) in listed("rare_words") or is_common(word)


def is_common(word: str) -> bool:
    """Whether a word is a common one of sentences, or looks like one, also when it is a name as well.

    >>> is_common("scared"), is_common("Grace"), is_common("knackered"), is_common("hallucinatoins")
    (True, True, False, True)
    """
    key = plain(word)
    if is_listed_ordinary(key):
        return True
    if key in listed("given_names") or key in listed("surnames"):
        return False
    stem = INFLECTED.fullmatch(key)
    inflected = stem is not None and (stem[1] in listed("words") or f"{stem[1]}e" in listed("words"))
    if inflected or ENDINGS.fullmatch(key) or is_near(key, "not_names"):
        return True
    return not word.istitle() and is_near(key, "words")


@lru_cache(maxsize=4096)
def is_near(word: str, list_name: str) -> bool:
    """Whether one letter more, less, other or in another place makes a listed word of a longer one."""
    if not 5 <= len(word) <= 20:
        return False
    words = listed(list_name)
    halves = [(word[:cut], word[cut:]) for cut in range(1, len(word) + 1)]
    if any(a + b[1:] in words or a + b[1:2] + b[:1] + b[2:] in words for a, b in halves if len(b) > 1 or len(word) > 5):
        return True
    return any(a + letter + b in words or a + letter + b[1:] in words for a, b in halves for letter in LETTERS)

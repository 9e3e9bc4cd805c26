"""Where a name begins and ends: the words after "my name is", one by one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from baclofen_faq.redaction.rules import word_list
from baclofen_faq.redaction.vocabulary import (
    is_given,
    is_listed_ordinary,
    is_never_name,
    is_ordinary,
    is_surname,
)

WORD = r"(?:[odlnm]['’])?[^\W\d_]{1,30}(?![^\W_])"
CANDIDATE = rf"(?<![\w@])(?=(?P<id>{WORD}(?:(?:[\"”’)]?\.? {{1,2}}[\"“‘(]?|-|\.){WORD}){{0,5}}))"
"""Up to six words of one line; `name_length` says how many of them are the name."""
WORDS = re.compile(WORD, re.IGNORECASE)
PARTICLES = word_list(
    "de la las los del der den van von da dos das di du le el al bin binti ibn bint ben abu ter ten y "
    "e st mac ní ni nic o ap"
)
SUFFIXES = word_list("jr sr snr jnr ii iii")
GOES_ON = re.compile(
    r"[^\w\s]|\s*$|\n|,? ?(?:and|or|is|was|has|had|who|he|she|here|can|cant|can['’]t|cannot|will|takes"
    r"|took|stopped|started|needs|missed|ran|said|says|told|wants|from|at|on|in|dob|for|keeps|my|also"
    r"|now|just|seems|does|did"
    r"|doesnt|didnt|isnt|wasnt|called|saw|gave|put|changed|prescribed|about|age|aged|\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Word:
    """A word that may be of a name: as written, whether its capital says something, and what comes after it."""

    text: str
    is_capital: bool
    rest: str

    @property
    def is_known(self) -> bool:
        """A given name or a surname."""
        return is_given(self.text) or is_surname(self.text)

    @property
    def is_only_name(self) -> bool:
        """A given name or a surname that is no ordinary word."""
        return self.is_known and not is_ordinary(self.text)

    @property
    def goes_on(self) -> bool:
        """A sentence goes on after it as after a name."""
        return GOES_ON.match(self.rest) is not None


Passes = Callable[[Word, "Word | None"], bool]
"""Whether a word, with the one after it, begins a name."""


def read(match: "re.Match[str]", most: int = 6) -> list[Word]:
    """The first words of a match's group "id". A capital says nothing where all letters are capitals."""
    text, shouts = match.string, match.string.isupper()
    found = WORDS.finditer(text, match.start("id"), match.end("id"))
    return [
        Word(
            word.group(),
            word[0][0].isupper() and not shouts and not (len(word[0]) > 1 and word[0].isupper()),
            text[word.end() : word.end() + 16],
        )
        for word in islice(found, most)
    ]


def name_length(match: "re.Match[str]", passes: Passes) -> int:
    """How many characters of a match's group "id" are a name.

    >>> name_length(re.match(CANDIDATE, "anna schmidt my husband has a seizure"), lambda word, following: word.is_known)
    12
    """
    head = read(match, 2)
    starts_apart = len(head) > 1 and comes_before(*head)
    if not starts_apart and not passes(head[0], head[1] if len(head) > 1 else None):
        return 0
    words = read(match)
    first = 0
    while first < len(words) - 1 and comes_before(words[first], words[first + 1]):
        first += 1
    if not passes(words[first], words[first + 1] if first + 1 < len(words) else None):
        return 0
    last = first
    for index in range(first + 1, len(words)):
        if continues(words[index], words[first]) or is_after_particle(words, index) or is_last_initial(words[index]):
            last = index
        elif not is_initial(words[index]) and words[index].text.lower() not in PARTICLES:
            break
    end = nth_end(match, last)
    return end + (last > first and is_initial(words[last]) and words[last].rest.startswith("."))


def nth_end(match: "re.Match[str]", index: int) -> int:
    """Where the word of this index ends, in characters from the start of the group "id"."""
    ends = [word.end() for word in WORDS.finditer(match.string, match.start("id"), match.end("id"))]
    return ends[index] - match.start("id")


def comes_before(word: Word, following: Word) -> bool:
    """J. in J. Smith, van in van Dijk."""
    is_name = following.is_capital or following.is_only_name or following.text.lower() in PARTICLES
    return is_initial(word) or word.text.lower() in PARTICLES and is_name


def is_initial(word: Word) -> bool:
    """J. in J. Smith."""
    return len(word.text) == 1 and word.text.isupper() and word.text != "I"


def is_last_initial(word: Word) -> bool:
    """B. in "God bless, Nuala B."."""
    return is_initial(word) and re.match(r"\.?\s*$|\.? ?[,)\n]", word.rest) is not None


def continues(word: Word, first: Word) -> bool:
    """Whether a name goes on with this word."""
    if word.text.lower() in SUFFIXES:
        return True
    if len(word.text) == 1 or word.text.lower() in PARTICLES and not word.is_only_name:
        return False
    if is_never_name(word.text):
        return False
    if word.is_known:
        return not is_ordinary(word.text) or word.is_capital or is_surname(word.text) and ends_here(word)
    alike = word.is_capital or not first.is_capital and len(word.text) > 2
    return alike and not is_ordinary(word.text)


def is_after_particle(words: list[Word], index: int) -> bool:
    """Sayed in al-Sayed, Bhriain in Ní Bhriain: an unknown word that is not known as an ordinary one."""
    return words[index - 1].text.lower() in PARTICLES and not is_listed_ordinary(words[index].text) and index > 1


def ends_here(word: Word) -> bool:
    """Whether a sentence ends after the word, or a new one begins: "anna young, my ..."."""
    return re.match(r"\s*$|\s*[.,;:!?\n]| (?:and|here|dob|phone|\d)\b", word.rest) is not None

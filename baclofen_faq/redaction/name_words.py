"""Where a name begins and ends: the words after "my name is", one by one."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from baclofen_faq.redaction.rules import word_list
from baclofen_faq.redaction.vocabulary import is_given, is_listed_ordinary, is_never_name, is_ordinary, is_surname

WORD = r"(?:[odlnm]['’])?[^\W\d_]{1,30}(?![^\W_])"
CANDIDATE = rf"(?<![\w@])(?=(?P<id>{WORD}(?:(?:\.? {{1,2}}|-|\.){WORD}){{0,5}}))"
"""Up to six words of one line; `name_length` says how many of them are the name."""
WORDS = re.compile(WORD, re.IGNORECASE)
PARTICLES = word_list(
    "de la las los del der den van von da dos das di du le el al bin binti ibn bint ben abu ter ten y "
    "e st mac ní ni nic o ap"
)
SUFFIXES = word_list("jr sr snr jnr ii iii")
AUXILIARIES = word_list("will may can my hope drew rose said might must would so do hung sung long little good")
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


def read(match: "re.Match[str]") -> list[Word]:
    """The words of a match's group "id". A capital says nothing where all letters are capitals."""
    text, shouts = match.string, match.string.isupper()
    found = WORDS.finditer(text, match.start("id"), match.end("id"))
    return [
        Word(
            word.group(),
            word[0][0].isupper() and not shouts and not (len(word[0]) > 1 and word[0].isupper()),
            text[word.end() : word.end() + 16],
        )
        for word in found
    ]


def name_length(match: "re.Match[str]", passes: Passes) -> int:
    """How many characters of a match's group "id" are a name.

    >>> name_length(re.match(CANDIDATE, "anna schmidt my husband has a seizure"), passes_as_named)
    12
    """
    words = read(match)
    first = 0
    while first < len(words) - 1 and comes_before(words[first], words[first + 1]):
        first += 1
    if not passes(words[first], words[first + 1] if first + 1 < len(words) else None):
        return 0
    last = first
    for index in range(first + 1, len(words)):
        if continues(words[index], words[first]) or is_after_particle(words, index):
            last = index
        elif not is_initial(words[index]) and words[index].text.lower() not in PARTICLES:
            break
    return nth_end(match, last)


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


def passes_as_named(word: Word, following: Word | None) -> bool:
    """After "my name is" and "Name:": a known name or any word that is no ordinary one."""
    if word.is_known and word.text.lower() not in {"so", "do"}:
        return is_given(word.text) or word.is_capital or not is_ordinary(word.text)
    if word.is_capital:
        return len(word.text) > 1 and not is_listed_ordinary(word.text) and not is_never_name(word.text)
    return len(word.text) > 1 and not is_ordinary(word.text)


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
    return passes_as_self(word, following) and (has_surname or not is_never_name(word.text))


def passes_as_titled(word: Word, following: Word | None) -> bool:
    """After "Dr": any name or unknown word; in small letters an ordinary one only where a sentence goes on after it."""
    if word.is_known and word.text.lower() not in AUXILIARIES:
        return word.is_capital or not is_ordinary(word.text) or is_surname(word.text) and word.goes_on
    return word.is_capital and is_initial(word) or len(word.text) > 1 and not is_ordinary(word.text)


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


def passes_as_present(word: Word, following: Word | None) -> bool:
    """Before "here" at the beginning of a sentence: any given name."""
    return is_given(word.text) and word.text.lower() not in AUXILIARIES and not is_never_name(word.text)


def passes_as_full(word: Word, following: Word | None) -> bool:
    """Without a cue: a given name, not before another one: "Hal Lucy Nating" is how a phone hears "hallucinating"."""
    two = following is not None and is_given(following.text) and not is_surname(following.text)
    return passes_as_known(word, following) and not two

"""Text to spaCy words whose norm is one plain spelling, however it was typed.

Small letters, no apostrophes or accents, look-alike letters as Latin ones; misspelt, run-together and l33t words are
read as the words that matter where they can be nothing else. Offsets stay those of the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from math import log

import spacy
from rapidfuzz import process
from rapidfuzz.distance import OSA
from spacy.language import Language
from spacy.tokens import Doc, Token

from baclofen_faq.embedding import whole_tokenizer

DROPPED = str.maketrans("", "", "'’‘`´")
JOINERS = str.maketrans("-‐‑–—_/*", " " * 8)  # "two-tone" is two words; one blank each keeps the offsets
LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһӏкмтвнαεορτυχικνη", "aeopcyxijsdhlkmtbhaeoptuxikvn")
LEETS = tuple(str.maketrans("013457@$!", f"o{one}eastasi") for one in "il")
LEET_WORD = re.compile(r"(?=\S*[^\W\d_])(?=\S*[013457@$!])[\w@$!]*[\w@$]")
SPELLED_OUT = re.compile(r"\b[^\W\d_](?:[ .][^\W\d_]){4,}\b")
LONGEST_UNSPACED = 60
UNSPACED = re.compile(rf"\S{{{LONGEST_UNSPACED},}}")
STRETCHED = re.compile(r"(\w)\1{2,}")
PICTURES = {"🚑": "ambulance", "💊": "tablet", "🤒": "fever", "🌡": "temperature"}
SLIPS = {1: 6, 2: 9, 3: 12}  # how many, in a word of at least so many letters
SHORTEST_SPLIT, SHORTEST_TELLING = 7, 4
SHORT_WORDS = frozenset("i a u he is my me im in on at to of no so we it be up go do an or as ok am".split())
LONGEST_WORD = 16
IS_SPLIT = "is_split"
RARE, NO_SUCH_WORD = 20.0, 99.0


@cache
def language() -> Language:
    """English without any model and without contraction rules, so that "can't" stays one word."""
    nlp = spacy.blank("en")
    nlp.tokenizer.rules = {}
    return nlp


def _with_places_to_part(chunk: re.Match[str]) -> str:
    """A long run of signs without a blank, with blanks for the signs: spaCy's time for it grows with its square."""
    return chunk[0][:LONGEST_UNSPACED] + re.sub(r"\W", " ", chunk[0][LONGEST_UNSPACED:])


class Reader:
    """Reads text into a Doc.

    Args:
        vocabulary: the words that matter, in plain spelling: what a misspelt or run-together word may stand for.
        known: other words that stay as they are, besides the English ones.
    """

    def __init__(self, vocabulary: Iterable[str], known: Iterable[str] = ()) -> None:
        self._vocabulary = frozenset(word for word in vocabulary if word.isalpha())
        self._targets = sorted(self._vocabulary)
        self._costs = {
            **dict.fromkeys(known, RARE),
            **{word: log(2000) for word in self._vocabulary},
            **word_costs(),
        }
        self._meant = lru_cache(4096)(self._find_meant)

    def read(self, text: str) -> Doc:
        """Tokenize; every token's norm is its plain spelling, its offsets stay those of `text`."""
        legible = UNSPACED.sub(_with_places_to_part, text.translate(JOINERS))
        legible = LEET_WORD.sub(self._letters_for_leet, legible)
        legible = SPELLED_OUT.sub(self._joined, legible)
        tokens = language().make_doc(legible)
        pieces = [piece for token in tokens for piece in self._pieces(token)]
        doc = Doc(language().vocab, words=[text for text, _, _ in pieces], spaces=[blank for _, blank, _ in pieces])
        for token, (_, _, norm) in zip(doc, pieces):
            token.norm_ = norm
        doc.user_data[IS_SPLIT] = len(doc) > len(tokens)
        return doc

    def _pieces(self, token: Token) -> Iterator[tuple[str, bool, str]]:
        """(text, whether a blank follows, norm) of each word that the token stands for."""
        norm = plain(token.text)
        words = self._meant(norm)
        if len(words) == 1 or len(norm) != len(token.text):
            yield token.text, bool(token.whitespace_), words[0] if len(words) == 1 else norm
            return
        start = 0
        for word in words:
            end = start + len(word)
            yield token.text[start:end], end == len(norm) and bool(token.whitespace_), word
            start = end

    def _find_meant(self, word: str) -> tuple[str, ...]:
        """The word or words that a plain spelling stands for: itself where it is a word, or nothing is near it."""
        if word in self._costs or not word.isalpha() or len(word) < SLIPS[1] - 1:
            return (word,)
        for shorter in (STRETCHED.sub(r"\1\1", word), STRETCHED.sub(r"\1", word)):
            if shorter in self._costs:
                return (shorter,)
        return self._corrected(word) or self._split(word) or (word,)

    def _corrected(self, word: str) -> tuple[str, ...]:
        """The word that matters within a slip of this one, more slips in a longer one; () where there is none."""
        for slips, shortest in SLIPS.items():
            if len(word) >= shortest - 1:
                targets = [target for target in self._targets if len(target) >= shortest]
                best = process.extractOne(word, targets, scorer=OSA.distance, score_cutoff=slips)
                if best and best[0][0] == word[0]:
                    return (best[0],)
        return ()

    def _split(self, word: str) -> tuple[str, ...]:
        """The likeliest words in a run-together one, where one of them matters; () where there are none."""
        if not SHORTEST_SPLIT <= len(word) <= 60:
            return ()
        best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
        for end in range(1, len(word) + 1):
            choices = []
            for start in range(max(0, end - LONGEST_WORD), end):
                piece = word[start:end]
                is_word = len(piece) > 2 or piece in SHORT_WORDS
                cost = best[start][0] + (self._costs.get(piece, NO_SUCH_WORD) if is_word else NO_SUCH_WORD)
                choices.append((cost, (*best[start][1], piece)))
            best.append(min(choices))
        cost, words = best[-1]
        is_telling = any(len(piece) >= SHORTEST_TELLING and piece in self._vocabulary for piece in words)
        return words if cost < NO_SUCH_WORD and is_telling else ()

    def _letters_for_leet(self, match: re.Match[str]) -> str:
        """A l33t word in letters, where that is a word that matters; one character for one."""
        readings = [match[0].translate(leet) for leet in LEETS]
        return next((letters for letters in readings if self._vocabulary & set(self._meant(plain(letters)))), match[0])

    def _joined(self, match: re.Match[str]) -> str:
        """A word spelled out letter by letter, where it matters, with its blanks behind it; as long as it was."""
        letters = re.sub(r"\W", "", match[0])
        is_meant = self._vocabulary & set(self._meant(plain(letters)))
        return letters.ljust(len(match[0])) if is_meant else match[0]


def with_blanks(doc: Doc, text: str) -> str:
    """The text, with the lost blanks between its words where some were found."""
    return " ".join(token.text for token in doc) if doc.user_data[IS_SPLIT] else text


def plain(word: str) -> str:
    """One word's plain spelling.

    >>> plain("Can’t"), plain("ｆever"), plain("convulsión")
    ('cant', 'fever', 'convulsion')
    """
    if word.isascii():
        return word.lower().translate(DROPPED)
    visible = "".join(letter for letter in word if unicodedata.category(letter) not in ("Cf", "Mn"))
    if visible.strip("️") in PICTURES:
        return PICTURES[visible.strip("️")]
    whole = unicodedata.normalize("NFKC", visible).lower().translate(DROPPED).translate(LOOK_ALIKES)
    return "".join(letter for letter in unicodedata.normalize("NFD", whole) if unicodedata.category(letter) != "Mn")


@cache
def word_costs() -> dict[str, float]:
    """How rare each whole English word in the embedding's vocabulary is; it is sorted by frequency (Zipf's law)."""
    vocabulary = whole_tokenizer().get_vocab()
    whole = (word for word in sorted(vocabulary, key=vocabulary.__getitem__) if word.isalpha() and word.isascii())
    return {word: log(rank) for rank, word in enumerate(whole, start=2)}

"""Text to spaCy words whose norm is one plain spelling: small letters, no apostrophes, full-width letters narrowed."""

import unicodedata
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc

APOSTROPHES = str.maketrans("", "", "'’‘`´")
JOINERS = str.maketrans("-‐‑–—_/*", " " * 8)  # "two-tone" is two words; one blank each keeps the offsets


@cache
def language() -> Language:
    """English without any model and without contraction rules, so that "can't" stays one word."""
    nlp = spacy.blank("en")
    nlp.tokenizer.rules = {}
    return nlp


def read(text: str) -> Doc:
    """Tokenize; every token's norm is its plain spelling, its offsets stay those of `text`."""
    doc = language().make_doc(text.translate(JOINERS))
    for token in doc:
        token.norm_ = plain(token.text)
    return doc


def plain(word: str) -> str:
    """One word's plain spelling.

    >>> plain("Can’t")
    'cant'
    """
    visible = "".join(letter for letter in word if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFKC", visible).lower().translate(APOSTROPHES)

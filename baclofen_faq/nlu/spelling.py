"""Misspelt words as they were meant, for the intents: "how is withdrwal treatd" -> "how is withdrawal treated"."""

from collections import Counter
from collections.abc import Iterable

from baclofen_faq.triage.words import Reader, plain, word_costs

SHORTEST = 5  # letters
OFTEN, OFTEN_IF_UNKNOWN = 4, 8  # how often a word must stand in the training sentences; if it is no English word


def as_meant(text: str, reader: Reader) -> str:
    """The text with its misspelt words as the words of the reader's vocabulary that they are nearest to.

    An English word stays as it is, and so does a word that is near to none.
    >>> as_meant("how is withdrwal defined", Reader({"withdrawal"}))
    'how is withdrawal defined'
    """
    meant, end = [], 0
    for token in reader.read(text):
        if token.norm_ != plain(token.text):
            meant += [text[end : token.idx], token.norm_]
            end = token.idx + len(token.text)
    return "".join([*meant, text[end:]])


def vocabulary(sentences: Iterable[str]) -> set[str]:
    """The words that people use often, but for their own misspellings of each other."""
    counts = Counter(word for sentence in sentences for word in {plain(one) for one in sentence.split()})
    long = {word: count for word, count in counts.items() if word.isalpha() and len(word) >= SHORTEST}
    english = {word for word, count in long.items() if count >= OFTEN and word in word_costs()}
    near = Reader(english)
    others = {word for word, count in long.items() if count >= OFTEN_IF_UNKNOWN and word not in word_costs()}
    return english | {word for word in others if [token.norm_ for token in near.read(word)] == [word]}

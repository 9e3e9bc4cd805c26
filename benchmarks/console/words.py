"""Made-up words that people of the benchmark write: few of them often, most of them seldom (Zipf), some planted."""

from collections.abc import Iterator

import numpy as np

WORDS_A_MESSAGE = 12
SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "an", "er")]
VOCABULARY = 20_000
COMMON, MIDDLING, RARE = "baclofen", "hallucinations", "photosensitivity"
PHRASE = "missed two doses"
SHARES = {COMMON: 0.2, MIDDLING: 0.01, PHRASE: 0.005}
MESSAGES_WITH_RARE = 5
MESSAGES_AT_ONCE = 20_000


def vocabulary(random: np.random.Generator) -> list[str]:
    """Twenty thousand words, the commonest first: those are short, as they are in English."""
    short = ["i", "my", "the", "a", "is", "to", "of", *SYLLABLES]
    drawn = random.choice(SYLLABLES, (3 * VOCABULARY, 3))
    lengths = 2 + (np.arange(len(drawn)) > 2_000)
    longer = ("".join(parts[:length]) for parts, length in zip(drawn, lengths))
    return list(dict.fromkeys([*short, *longer]))[:VOCABULARY]


def texts(count: int, random: np.random.Generator) -> Iterator[str]:
    """So many messages of about twelve words; the planted words stand in their shares of them, `RARE` in five."""
    words = np.array(vocabulary(random), dtype=object)
    chances = 1 / np.arange(1, len(words) + 1)
    chances /= chances.sum()
    rare = set(random.choice(count, MESSAGES_WITH_RARE, replace=False).tolist())
    for begin in range(0, count, MESSAGES_AT_ONCE):
        many = min(MESSAGES_AT_ONCE, count - begin)
        lengths = random.poisson(WORDS_A_MESSAGE - 1, many) + 1
        drawn = words[random.choice(len(words), lengths.sum(), p=chances)]
        planted = {word: random.random(many) < share for word, share in SHARES.items()}
        ends = np.cumsum(lengths)
        for place, (end, length) in enumerate(zip(ends, lengths)):
            more = [word for word, where in planted.items() if where[place]]
            more += [RARE] if begin + place in rare else []
            yield " ".join([*drawn[end - length : end], *more])

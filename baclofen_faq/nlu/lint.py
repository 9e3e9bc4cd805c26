"""Faults of the training sentences: python -m baclofen_faq.nlu.lint (part of `make check`)."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np

from baclofen_faq.embedding import embed
from baclofen_faq.sentences import NEAR, messages_in, messages_of_cases, plain, read_intents
from baclofen_faq.vetted_files import ROOT

TESTS = ROOT / "tests"
FEWEST, FEWEST_OUT_OF_SCOPE = 40, 250
EVERYBODY_SAYS = 3  # words: "why is that" stands in every test and every training set


def faults(intents: Mapping[str, list[str]], tested: Iterable[str], fewest: int = FEWEST) -> Iterator[str]:
    """One sentence for each fault.

    Args:
        intents: sentences by intent.
        tested: the messages of the tests.
        fewest: how many sentences an intent must have.
    """
    rows = [(intent, sentence) for intent, sentences in intents.items() for sentence in sentences]
    yield from _too_few(intents, fewest)
    yield from _twins(rows)
    in_tests = {plain(text) for text in tested}
    for intent, sentence in rows:
        if plain(sentence) in in_tests and len(plain(sentence).split()) > EVERYBODY_SAYS:
            yield f"{intent}: stands in a test, too: {sentence!r}; write it in other words"
    yield from _near_doubles(rows)


def messages_of_tests(folder: Path = TESTS) -> Iterator[str]:
    """What is said to the bot in tests/cases, tests/holdout and tests/conversations."""
    yield from (message.text for message in messages_of_cases(folder))
    for path in folder.glob("holdout/*.jsonl"):
        yield from (message.text for message in messages_in(path))


def _too_few(intents: Mapping[str, list[str]], fewest: int) -> Iterator[str]:
    for intent, sentences in intents.items():
        wanted = FEWEST_OUT_OF_SCOPE if intent == "out_of_scope" else fewest
        if len(sentences) < wanted:
            yield f"{intent}: {len(sentences)} sentences, at least {wanted}; add some of other writers"


def _twins(rows: list[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for intent, sentence in rows:
        words = plain(sentence)
        if words in seen:
            where = "twice" if seen[words] == intent else f"also in {seen[words]}"
            yield f"{intent}: stands there {where}: {sentence!r}; take one out"
        seen.setdefault(words, intent)


def _near_doubles(rows: list[tuple[str, str]]) -> Iterator[str]:
    """Sentences of two intents that say the same, by their embeddings."""
    vectors = embed([sentence for _, sentence in rows])
    names = np.array([intent for intent, _ in rows])
    for index, (intent, sentence) in enumerate(rows):
        near = vectors[index + 1 :] @ vectors[index] >= NEAR
        for other in np.flatnonzero(near & (names[index + 1 :] != intent)) + index + 1:
            yield f"{intent}: {sentence!r} says the same as {rows[other][1]!r} of {rows[other][0]}; take one out"


def main() -> None:
    """Print the faults; the exit code says whether there are any."""
    found = list(faults(read_intents(), messages_of_tests()))
    for fault in found:
        print(f"data/nlu.yml: {fault}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

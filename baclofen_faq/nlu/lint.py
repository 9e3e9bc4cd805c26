"""Faults of the training sentences: python -m baclofen_faq.nlu.lint (part of `make check`)."""

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from baclofen_faq.embedding import embed
from baclofen_faq.nlu.sentences import read_intents
from baclofen_faq.vetted_files import ROOT

TESTS = ROOT / "tests"
FEWEST, FEWEST_OUT_OF_SCOPE = 40, 250
NEAR = 0.95  # cosine of two sentences that say the same
EVERYBODY_SAYS = 3  # words: "why is that" stands in every test and every training set
TEXT_KEYS = ("text", "user")


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
    in_tests = {_plain(text) for text in tested}
    for intent, sentence in rows:
        plain = _plain(sentence)
        if plain in in_tests and len(plain.split()) > EVERYBODY_SAYS:
            yield f"{intent}: stands in a test, too: {sentence!r}; write it in other words"
    yield from _near_doubles(rows)


def messages_of_tests(folder: Path = TESTS) -> Iterator[str]:
    """What is said to the bot in tests/cases, tests/holdout and tests/conversations."""
    for path in (*folder.glob("cases/*.jsonl"), *folder.glob("holdout/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from _texts(json.loads(line))
    for path in (*folder.glob("cases/*.yml"), *folder.glob("conversations/**/*.yml")):
        yield from _texts(yaml.safe_load(path.read_text(encoding="utf-8")))


def _too_few(intents: Mapping[str, list[str]], fewest: int) -> Iterator[str]:
    for intent, sentences in intents.items():
        wanted = FEWEST_OUT_OF_SCOPE if intent == "out_of_scope" else fewest
        if len(sentences) < wanted:
            yield f"{intent}: {len(sentences)} sentences, at least {wanted}; add some of other writers"


def _twins(rows: list[tuple[str, str]]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for intent, sentence in rows:
        plain = _plain(sentence)
        if plain in seen:
            where = "twice" if seen[plain] == intent else f"also in {seen[plain]}"
            yield f"{intent}: stands there {where}: {sentence!r}; take one out"
        seen.setdefault(plain, intent)


def _near_doubles(rows: list[tuple[str, str]]) -> Iterator[str]:
    """Sentences of two intents that say the same, by their embeddings."""
    vectors = embed([sentence for _, sentence in rows])
    names = np.array([intent for intent, _ in rows])
    for index, (intent, sentence) in enumerate(rows):
        near = vectors[index + 1 :] @ vectors[index] >= NEAR
        for other in np.flatnonzero(near & (names[index + 1 :] != intent)) + index + 1:
            yield f"{intent}: {sentence!r} says the same as {rows[other][1]!r} of {rows[other][0]}; take one out"


def _texts(content: Any) -> Iterator[str]:
    """Every message in a row or a story."""
    if isinstance(content, list):
        for one in content:
            yield from _texts(one)
    elif isinstance(content, dict):
        for key, value in content.items():
            if isinstance(value, str) and key in TEXT_KEYS:
                yield value
            else:
                yield from _texts(value)


def _plain(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().lower() or sentence


def main() -> None:
    """Print the faults; the exit code says whether there are any."""
    found = list(faults(read_intents(), messages_of_tests()))
    for fault in found:
        print(f"data/nlu.yml: {fault}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

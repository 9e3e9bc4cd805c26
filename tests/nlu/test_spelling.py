"""Misspelt words are read as the words of the training sentences; all others stay as they are."""

import pytest

from baclofen_faq.nlu.spelling import as_meant, vocabulary
from baclofen_faq.sentences import read_intents
from baclofen_faq.triage.words import Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(vocabulary(text for texts in read_intents().values() for text in texts))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("how does a hosptal treat withdrwal", "how does a hospital treat withdrawal"),
        ("halucinations from baclofn?", "hallucinations from baclofen?"),
        ("a two-tone alarm (5mg/5ml)", "a two-tone alarm (5mg/5ml)"),
        ("Zürich, señor", "Zürich, señor"),
        ("", ""),
    ],
)
def test_a_text_as_it_was_meant(typed: str, meant: str, reader: Reader) -> None:
    assert as_meant(typed, reader) == meant


def test_a_frequent_misspelling_is_no_word() -> None:
    sentences = ["about withdrawal"] * 9 + ["about withdrawl"] * 9 + ["about gabapentin"] * 9
    assert vocabulary(sentences) == {"about", "withdrawal", "gabapentin"}

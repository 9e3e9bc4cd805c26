"""The semantic layer: descriptions without the medical word, the end of a long message, the right model."""

import json
from pathlib import Path

import pytest

from baclofen_faq.embedding import EmbeddingModelError
from baclofen_faq.triage import Level, assess, semantic
from baclofen_faq.triage.semantic import Hint, Sound, load_semantic_model, sound_of
from baclofen_faq.triage.training import SENTENCES, sources_hash
from baclofen_faq.vetted_files import ROOT

DESCRIBED = [
    "my grandmother is chatting to her sister who died years ago as if she sat on the bed",
    "his arms and legs are thrashing and he does not hear me",
    "what comes out of the catheter bag looks like black coffee tonight",
]
CALM = ["how long has baclofen been around", "who invented the pump", "thank you so much for the help"]


@pytest.mark.parametrize("text", DESCRIBED)
def test_a_description_without_the_medical_word_is_an_emergency(text: str) -> None:
    assert assess(text).level is Level.EMERGENCY


@pytest.mark.parametrize("text", CALM)
def test_a_calm_message_is_not_raised(text: str) -> None:
    assert sound_of([text], Hint.NOTHING_KNOWN) is Sound.CALM


def test_the_quick_encoder_decides_as_the_exact_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [row["text"] for row in rows(ROOT / "tests/cases/messages.jsonl")[::4]]
    quick = [sound_of([text], Hint.NOTHING_KNOWN) for text in texts]
    monkeypatch.setattr(semantic, "DOUBT", float("inf"))
    assert quick == [sound_of([text], Hint.NOTHING_KNOWN) for text in texts] and len(set(quick)) > 2


def test_the_exact_encoder_is_asked_where_the_quick_one_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    model = load_semantic_model()
    summarize = model.encoder.summarize
    monkeypatch.setattr(model.encoder, "summarize", lambda texts: asked.extend(texts) or summarize(texts))
    sound_of(CALM[2:], Hint.NOTHING_KNOWN)
    assert asked == []
    monkeypatch.setattr(semantic, "DOUBT", float("inf"))
    sound_of(CALM[2:], Hint.NOTHING_KNOWN)
    assert asked == CALM[2:]


def test_the_end_of_a_long_message_counts() -> None:
    story = "We went to the garden center and looked at the tulips, and then we had tea with my cousin. " * 20
    assert assess(story + DESCRIBED[0]).level is Level.EMERGENCY


def test_the_model_was_trained_from_the_sentences_as_they_are() -> None:
    assert load_semantic_model().trained_from == sources_hash(), "run `make triage`"


def test_a_missing_or_changed_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "semantic.npz"
    with pytest.raises(EmbeddingModelError, match="is missing"):
        load_semantic_model(path)
    path.write_bytes(b"another model")
    with pytest.raises(EmbeddingModelError, match="has changed"):
        load_semantic_model(path)


def test_no_training_sentence_stands_in_a_test() -> None:
    trained = {row["text"].lower() for path in SENTENCES.glob("*.jsonl") for row in rows(path)}
    tests = [*(ROOT / "tests/holdout").glob("messages*.jsonl"), ROOT / "tests/cases/messages.jsonl"]
    tested = [row for path in tests for row in rows(path)]
    assert len(trained) > 9000 and len(tested) >= 1000
    told = [row for row in tested if len(row["text"].split()) > 1]  # everybody says "hi"
    assert [row["id"] for row in told if row["text"].lower() in trained] == []


def rows(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_semantic_layer_never_lowers_a_level() -> None:
    report = "she is having a seizure right now"
    assert assess(report).level is Level.EMERGENCY
    assert assess(report + " " + "what a lovely sunny day for a picnic with the choir " * 20).level is Level.EMERGENCY

"""Sentence embeddings: unit vectors, the same for one text as for many, from files that are the right ones."""

from pathlib import Path

import numpy as np
import pytest

from baclofen_faq.embedding import DIMENSIONS, EmbeddingModelError, embed
from baclofen_faq.embedding.encoder import check_hash

TEXTS = ["my pump is empty", "the reservoir of my pump ran dry", "is it going to rain", "", "🙂" * 300]


def test_every_vector_has_length_one() -> None:
    vectors = embed(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert embed([]).shape == (0, DIMENSIONS)


def test_one_text_gets_the_same_vector_as_in_a_batch() -> None:
    alone = np.concatenate([embed([text]) for text in TEXTS])
    cosines = (alone * embed(TEXTS)).sum(axis=1)
    assert (cosines > 0.98).all()  # int8 activations are scaled by batch


def test_near_meanings_lie_near() -> None:
    pump, reservoir, rain, *_ = embed(TEXTS)
    assert pump @ reservoir > pump @ rain + 0.3


def test_a_missing_or_changed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    with pytest.raises(EmbeddingModelError, match="is missing; run `make setup`"):
        check_hash(path, "0" * 64)
    path.write_bytes(b"other")
    with pytest.raises(EmbeddingModelError, match="has changed"):
        check_hash(path, "0" * 64)

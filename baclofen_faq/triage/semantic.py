"""How likely a message reports a severe symptom, also where no medical word stands in it.

A classifier on the tokens of the sentence embedding and on character and word n-grams. It can raise a level, never
lower one. It is trained by `python -m baclofen_faq.triage.training` and kept in semantic.npz: plain arrays, no pickle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from baclofen_faq.embedding import check_hash, embed, summarize, windows
from baclofen_faq.triage.assessment import Level

MODEL_FILE = Path(__file__).parent / "semantic.npz"
HASH_FILE = MODEL_FILE.with_suffix(".sha256")
REACH_TOKENS = 96
STEP_TOKENS = 48
CLOSINGS = ("help", "not_happened", "open", "safe", "thanks")
CLOSING_SCALE = 5.48
EXPLAINED_MARGIN = 1.0  # logits; costs 7 of 1,619 severe sentences of unseen writers, spares half of the false alarms

CHARACTERS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 5), n_features=2**16, alternate_sign=False, norm=None, dtype=np.float32
)
WORDS = HashingVectorizer(
    analyzer="word", ngram_range=(1, 3), n_features=2**15, alternate_sign=False, norm=None, dtype=np.float32
)


@dataclass(frozen=True)
class SemanticModel:
    """The arrays of semantic.npz. Columns of every weight: emergency, and advisory or higher.

    The score of a text is a line through two parts: `linear` over all features, and the mean of some small networks
    over the embedding part.
    """

    center: np.ndarray
    spread: np.ndarray
    character_idf: np.ndarray
    word_idf: np.ndarray
    dense_weights: np.ndarray
    character_weights: np.ndarray
    word_weights: np.ndarray
    hidden_weights: np.ndarray
    hidden_bias: np.ndarray
    output_weights: np.ndarray
    blend: np.ndarray
    thresholds: np.ndarray
    closing_dense: np.ndarray
    closing_characters: np.ndarray
    closing_words: np.ndarray
    closing_bias: np.ndarray
    trained_from: np.ndarray

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """Shape (n, 2): the logit of emergency, and of advisory or higher."""
        dense = (summarize(texts) - self.center) / self.spread
        linear = (
            dense @ self.dense_weights
            + weighted(CHARACTERS.transform(texts), self.character_idf) @ self.character_weights
            + weighted(WORDS.transform(texts), self.word_idf) @ self.word_weights
        )
        hidden = np.maximum(dense @ self.hidden_weights + self.hidden_bias, 0)
        return blended(linear, hidden @ self.output_weights, self.blend)

    def closings(self, text: str) -> dict[str, float]:
        """How likely each of CLOSINGS is for what somebody says after they reported an emergency; adds up to 1."""
        dense, characters, words = closing_features([text])
        logits = dense @ self.closing_dense + characters @ self.closing_characters + words @ self.closing_words
        odds = np.exp(logits[0] + self.closing_bias - (logits[0] + self.closing_bias).max())
        return dict(zip(CLOSINGS, (odds / odds.sum()).tolist()))


def closing_features(texts: Sequence[str]) -> tuple[np.ndarray, csr_matrix, csr_matrix]:
    """Scaled embeddings, character n-grams and word n-grams of n texts."""
    dense = embed(texts) * CLOSING_SCALE
    counts = CHARACTERS.transform(texts), WORDS.transform(texts)
    characters, words = (weighted(count, np.ones(count.shape[1], dtype=np.float32)) * 2 for count in counts)
    return dense, characters, words


def blended(linear: np.ndarray, networks: np.ndarray, blend: np.ndarray) -> np.ndarray:
    """The logits: `blend` has the rows linear, networks and constant."""
    return np.asarray(linear * blend[0] + networks * blend[1] + blend[2])


def weighted(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """N-gram counts to tf-idf: 1 + log of the count, times idf, rows of length 1."""
    values = counts.astype(np.float32)
    values.data = (1 + np.log(values.data)) * idf[values.indices]
    lengths = np.sqrt(values.multiply(values).sum(axis=1)).A1
    rows = np.repeat(np.maximum(lengths, 1e-9), np.diff(values.indptr))
    values.data = values.data / rows
    return values


@cache
def load_semantic_model(path: Path = MODEL_FILE) -> SemanticModel:
    """Load the classifier, once a process.

    Raises:
        EmbeddingModelError: the file is missing or is not the one whose hash stands beside it.
    """
    check_hash(path, HASH_FILE.read_text().strip())
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    kept = {name: a.astype(np.float32) if a.dtype == np.float16 else a for name, a in arrays.items()}
    return SemanticModel(**kept)


def semantic_level(text: str, is_explained: bool) -> Level:
    """The level that the whole message, or any piece of a long one, sounds like.

    Args:
        text: one message.
        is_explained: the rules know why it is no emergency (its symptoms are denied, past, ... or only advisory); it
            must then sound more severe than otherwise.

    Returns:
        EMERGENCY, ADVISORY (perhaps urgent: the grey band), or NONE.

    Raises:
        EmbeddingModelError: a model file is missing or changed.
    """
    if not text.strip():
        return Level.NONE
    model = load_semantic_model()
    emergency, urgent = model.scores(windows(text, REACH_TOKENS, STEP_TOKENS)).max(axis=0)
    margin = EXPLAINED_MARGIN if is_explained else 0.0
    if emergency >= model.thresholds[0] + margin:
        return Level.EMERGENCY
    if emergency >= model.thresholds[1] + margin or urgent >= model.thresholds[2]:
        return Level.ADVISORY
    return Level.NONE

"""How likely a message reports a severe symptom, also where no medical word stands in it.

A sentence embedding that was fine-tuned for it, and character and word n-grams. It can raise a level, never lower one.
It is trained by `make triage` and kept in semantic.npz: plain arrays, no pickle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

from baclofen_faq.embedding import Encoder, check_hash, windows

MODEL_FILE = Path(__file__).parent / "semantic.npz"
HASH_FILE = MODEL_FILE.with_suffix(".sha256")
ENCODER = "encoder/"
REACH_TOKENS = 96
STEP_TOKENS = 48
CLOSINGS = ("help", "not_happened", "open", "question", "safe", "thanks")
DOUBT = 1.5  # logits; the quick encoder's were at most 0.92 from the exact ones in the 1,317 messages of tests/cases/
URGENCIES = 2  # the first outputs: emergency, and advisory or higher

CHARACTERS = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 5), n_features=2**16, alternate_sign=False, norm=None, dtype=np.float32
)
WORDS = HashingVectorizer(
    analyzer="word", ngram_range=(1, 3), n_features=2**15, alternate_sign=False, norm=None, dtype=np.float32
)


@dataclass(frozen=True)
class NGrams:
    """A line through tf-idf of character and word n-grams; weights of shape (n-grams, 2)."""

    character_idf: np.ndarray
    word_idf: np.ndarray
    character_weights: np.ndarray
    word_weights: np.ndarray

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        """Shape (n, 2): emergency, and advisory or higher; without a constant."""
        characters = weighted(CHARACTERS.transform(texts), self.character_idf) @ self.character_weights
        return np.asarray(characters + weighted(WORDS.transform(texts), self.word_idf) @ self.word_weights)


@dataclass(frozen=True)
class SemanticModel:
    """What semantic.npz holds: the encoder, its output layer, the n-grams, and how both are added up.

    `output` has the columns emergency, advisory or higher, and one for each of CLOSINGS; `blend` the rows encoder,
    n-grams and constant; `thresholds` are of the logits: emergency, grey band, advisory. `quick_encoder` has the
    weights of `encoder`, and takes half its time.
    """

    encoder: Encoder
    quick_encoder: Encoder
    output: np.ndarray
    output_bias: np.ndarray
    n_grams: NGrams
    blend: np.ndarray
    thresholds: np.ndarray
    trained_from: str

    def scores(self, texts: Sequence[str], hint: "Hint") -> np.ndarray:
        """Shape (2,): the logit of emergency, and of advisory or higher, of the most urgent text.

        Where the quick encoder comes near to a threshold, which is doubt, they are those of the exact one.
        """
        n_grams = self.n_grams.scores(texts) * self.blend[1] + self.blend[2]
        quick = self._urgencies(self.quick_encoder, texts, n_grams)
        limits = self.thresholds[:2] + hint.value
        is_clear = min(*abs(quick[0] - limits), abs(quick[1] - self.thresholds[2])) > DOUBT
        return quick if is_clear else self._urgencies(self.encoder, texts, n_grams)

    def closings(self, text: str) -> dict[str, float]:
        """How likely each of CLOSINGS is for what somebody says after they reported an emergency; adds up to 1."""
        logits = self._outputs(self.encoder, [text])[0, URGENCIES:]
        odds = np.exp(logits - logits.max())
        return dict(zip(CLOSINGS, (odds / odds.sum()).tolist()))

    def _urgencies(self, encoder: Encoder, texts: Sequence[str], n_grams: np.ndarray) -> np.ndarray:
        heard = self._outputs(encoder, texts)[:, :URGENCIES] * self.blend[0]
        return np.asarray((heard + n_grams).max(axis=0))

    def _outputs(self, encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(encoder.summarize(texts) @ self.output + self.output_bias)


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
    check_semantic_model(path)
    with np.load(path, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    kept = {name: a.astype(np.float32) if a.dtype == np.float16 else a for name, a in arrays.items()}
    weights = _part(kept, ENCODER)
    return SemanticModel(
        encoder=Encoder(weights),
        quick_encoder=Encoder(weights, is_quick=True),
        output=kept["output"],
        output_bias=kept["output_bias"],
        n_grams=NGrams(**{name: kept[name] for name in NGrams.__dataclass_fields__}),
        blend=kept["blend"],
        thresholds=kept["thresholds"],
        trained_from=str(kept["trained_from"]),
    )


def check_semantic_model(path: Path = MODEL_FILE) -> None:
    """Raise EmbeddingModelError unless the classifier is there and is the one whose hash stands beside it."""
    check_hash(path, HASH_FILE.read_text().strip())


def _part(arrays: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}


class Hint(Enum):
    """What the rules know of a message, and by how many logits it must sound more (or less) severe than the thresholds.

    MENTIONED: a severe symptom is named, nothing says who has it. ADVISORY: what counts is only advisory. EXPLAINED:
    the rules know why it is no emergency (denied, past, ..., a fever below the limit). EVERYDAY: an everyday complaint
    and no symptom; it never sounds advisory. Chosen on the sentences of writers left out and on tests/cases/.
    """

    NOTHING_KNOWN = 0.0
    MENTIONED = -1.0
    ADVISORY = 1.0
    EXPLAINED = 1.8
    EVERYDAY = 2.5


class Sound(Enum):
    """What a message sounds like: an emergency, perhaps one (the grey band), as if the prescriber were needed, calm."""

    EMERGENCY = "emergency"
    UNSURE = "unsure"
    ADVISORY = "advisory"
    CALM = "calm"


def sound_of(texts: Sequence[str], hint: Hint) -> Sound:
    """What the most urgent of some texts, or of the pieces of a long one, sounds like.

    Raises:
        EmbeddingModelError: a model file is missing or changed.
    """
    pieces = [piece for text in texts if text.strip() for piece in windows(text, REACH_TOKENS, STEP_TOKENS)]
    if not pieces:
        return Sound.CALM
    model = load_semantic_model()
    emergency, urgent = model.scores(pieces, hint)
    if emergency >= model.thresholds[0] + hint.value:
        return Sound.EMERGENCY
    if emergency >= model.thresholds[1] + hint.value:
        return Sound.UNSURE
    is_advisory = hint is not Hint.EVERYDAY and urgent >= model.thresholds[2]
    return Sound.ADVISORY if is_advisory else Sound.CALM

"""Train the semantic layer: python -m baclofen_faq.triage.training (three minutes).

It reads sentences/*.jsonl (and, as calm ones, the questions of data/nlu.yml), never a test and never the holdout.
Writers are left out in turn to measure, to blend the two parts and to set the thresholds; then all sentences train it.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.neural_network import MLPClassifier

from baclofen_faq.embedding import summarize
from baclofen_faq.triage.semantic import (
    CHARACTERS,
    CLOSINGS,
    HASH_FILE,
    MODEL_FILE,
    WORDS,
    SemanticModel,
    blended,
    closing_features,
    weighted,
)
from baclofen_faq.vetted_files import ROOT

SENTENCES = Path(__file__).parent / "sentences"
QUESTIONS = ROOT / "data" / "nlu.yml"
URGENCY = {"calm": 0, "advisory": 1, "severe": 2}
FOLDS = 6
NETWORKS = 4
HIDDEN = 96
DENSE_SCALE, NGRAM_SCALE = 0.06, 3.0
# What share of the severe sentences of unseen writers must score as an emergency, and at least as the grey band; and
# what share of the advisory ones as advisory.
EMERGENCY_RECALL, GREY_RECALL, ADVISORY_RECALL = 0.945, 0.97, 0.80


@dataclass(frozen=True)
class Sentences:
    """n texts, their urgency (0 calm, 1 advisory, 2 severe) and the fold of their writer, each of shape (n,)."""

    texts: list[str]
    urgency: np.ndarray
    folds: np.ndarray


@dataclass(frozen=True)
class Features:
    """What the classifier sees of n texts."""

    dense: np.ndarray
    characters: csr_matrix
    words: csr_matrix


def read_sentences() -> Sentences:
    """All training sentences; a writer is in one fold only."""
    rows = list(_rows())
    writers = sorted({writer for _, _, writer in rows})
    folds = np.array([writers.index(writer) % FOLDS for _, _, writer in rows])
    return Sentences([text for text, _, _ in rows], np.array([urgency for _, urgency, _ in rows]), folds)


def _rows() -> Iterator[tuple[str, int, str]]:
    for name, urgency in URGENCY.items():
        for line in (SENTENCES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            yield row["text"], urgency, row["writer"]
    for entry in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))["nlu"]:
        for number, line in enumerate(entry["examples"].splitlines()):
            yield line[2:], 0, f"question {number % FOLDS}"


def sources_hash() -> str:
    """SHA-256 over everything that the model is trained from."""
    files = sorted([*SENTENCES.glob("*.jsonl"), QUESTIONS])
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def fit(features: Features, urgency: np.ndarray) -> dict[str, np.ndarray]:
    """The weights of both parts, for emergency and for advisory or higher."""
    inputs = hstack([features.dense * DENSE_SCALE, features.characters * NGRAM_SCALE, features.words * NGRAM_SCALE])
    rows = inputs.tocsr()
    weights = np.stack([_linear(rows, urgency >= least) for least in (2, 1)], axis=1)
    dense, characters, words = np.split(
        weights, [features.dense.shape[1], features.dense.shape[1] + features.characters.shape[1]]
    )
    hidden, bias, output = _networks(features.dense, urgency)
    return {
        "dense_weights": dense * DENSE_SCALE,
        "character_weights": characters * NGRAM_SCALE,
        "word_weights": words * NGRAM_SCALE,
        "hidden_weights": hidden,
        "hidden_bias": bias,
        "output_weights": output,
    }


def _linear(rows: csr_matrix, is_urgent: np.ndarray) -> np.ndarray:
    return LogisticRegression(max_iter=300, class_weight="balanced").fit(rows, is_urgent).coef_[0]


def _networks(dense: np.ndarray, urgency: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some small networks for each column side by side: hidden weights, hidden bias, output weights."""
    hidden, bias, output = [], [], []
    for column, least in enumerate((2, 1)):
        for seed in range(NETWORKS):
            network = MLPClassifier((HIDDEN,), alpha=3, early_stopping=True, max_iter=60, random_state=seed)
            network.fit(dense, urgency >= least)
            hidden.append(network.coefs_[0])
            bias.append(network.intercepts_[0])
            outward = np.zeros((HIDDEN, 2), dtype=np.float32)
            outward[:, column] = network.coefs_[1][:, 0] / NETWORKS
            output.append(outward)
    return np.hstack(hidden), np.concatenate(bias), np.vstack(output)


def parts(features: Features, weights: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Both parts of the score, each of shape (n, 2)."""
    linear = (
        features.dense @ weights["dense_weights"]
        + features.characters @ weights["character_weights"]
        + features.words @ weights["word_weights"]
    )
    hidden = np.maximum(features.dense @ weights["hidden_weights"] + weights["hidden_bias"], 0)
    return np.asarray(linear), hidden @ weights["output_weights"]


def blend_of(linear: np.ndarray, networks: np.ndarray, urgency: np.ndarray) -> np.ndarray:
    """How the parts are added up, shape (3, 2): learned from the scores of unseen writers."""
    columns = []
    for column, least in enumerate((2, 1)):
        both = np.stack([linear[:, column], networks[:, column]], axis=1)
        model = LogisticRegression(class_weight="balanced").fit(both, urgency >= least)
        columns.append([*model.coef_[0], model.intercept_[0]])
    return np.array(columns).T


def thresholds_of(scores: np.ndarray, urgency: np.ndarray) -> np.ndarray:
    """The scores that reach the recalls above: emergency, grey band, advisory."""
    return np.array(
        [
            np.quantile(scores[urgency == 2, 0], 1 - EMERGENCY_RECALL),
            np.quantile(scores[urgency == 2, 0], 1 - GREY_RECALL),
            np.quantile(scores[urgency == 1, 1], 1 - ADVISORY_RECALL),
        ]
    )


def main() -> None:
    """Train, print what unseen writers' sentences score, write semantic.npz and its hash."""
    sentences = read_sentences()
    summaries = summarize(sentences.texts)
    center, spread = summaries.mean(axis=0), np.maximum(summaries.std(axis=0), 1e-3)
    counts = CHARACTERS.transform(sentences.texts), WORDS.transform(sentences.texts)
    idfs = [np.log((1 + count.shape[0]) / (1 + (count > 0).sum(axis=0).A1)) + 1 for count in counts]
    features = Features((summaries - center) / spread, *(weighted(c, idf) for c, idf in zip(counts, idfs)))
    linear, networks = np.zeros((2, len(sentences.texts), 2))
    for fold in range(FOLDS):
        kept, left_out = sentences.folds != fold, sentences.folds == fold
        weights = fit(_chosen(features, kept), sentences.urgency[kept])
        linear[left_out], networks[left_out] = parts(_chosen(features, left_out), weights)
    blend = blend_of(linear, networks, sentences.urgency)
    scores = blended(linear, networks, blend)
    thresholds = thresholds_of(scores, sentences.urgency)
    report(scores, thresholds, sentences.urgency)
    arrays = {
        **fit_closings(),
        "center": center, "spread": spread, "character_idf": idfs[0], "word_idf": idfs[1],
        **fit(features, sentences.urgency), "blend": blend,
    }  # fmt: skip
    model = SemanticModel(
        **{name: array.astype(np.float16) for name, array in arrays.items()},
        thresholds=thresholds.astype(np.float32),
        trained_from=np.array(sources_hash()),
    )
    np.savez_compressed(MODEL_FILE, **model.__dict__)
    HASH_FILE.write_text(hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest() + "\n")


def fit_closings() -> dict[str, np.ndarray]:
    """The weights that tell what somebody says after an emergency: help is there, it did not happen, thanks, ..."""
    lines = (SENTENCES / "closings.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    dense, characters, words = closing_features([row["text"] for row in rows])
    kinds, writers = np.array([row["kind"] for row in rows]), np.array([row["writer"] for row in rows])
    inputs = hstack([dense, characters, words]).tocsr()
    for writer in np.unique(writers):
        seen = writers != writer
        model = _closing_model().fit(inputs[seen], kinds[seen])
        print(f"closings of unseen writer {writer}: {model.score(inputs[~seen], kinds[~seen]):.3f} right")
    model = _closing_model().fit(inputs, kinds)
    assert tuple(model.classes_) == CLOSINGS
    weights = np.split(model.coef_.T, [dense.shape[1], dense.shape[1] + characters.shape[1]])
    names = ("closing_dense", "closing_characters", "closing_words")
    return {**dict(zip(names, weights)), "closing_bias": model.intercept_}


def _closing_model() -> LogisticRegression:
    return LogisticRegression(max_iter=500, C=5, class_weight="balanced")


def _chosen(features: Features, rows: np.ndarray) -> Features:
    return Features(features.dense[rows], features.characters[rows], features.words[rows])


def report(scores: np.ndarray, thresholds: np.ndarray, urgency: np.ndarray) -> None:
    """Print how unseen writers' sentences come out."""
    rows = urgency != 1
    print(f"area under the curve, severe against calm: {roc_auc_score(urgency[rows] == 2, scores[rows, 0]):.4f}")
    is_emergency = scores[:, 0] >= thresholds[0]
    is_urgent = is_emergency | (scores[:, 0] >= thresholds[1]) | (scores[:, 1] >= thresholds[2])
    for name, level in URGENCY.items():
        rows = urgency == level
        emergency, urgent = is_emergency[rows].mean(), is_urgent[rows].mean()
        print(f"{name:9} n={rows.sum():5d}  emergency {emergency:.3f}  advisory or higher {urgent:.3f}")


if __name__ == "__main__":
    main()

"""Train the semantic layer: python -m baclofen_faq.triage.training (about 45 minutes on two cores).

It reads sentences/*.jsonl, never a test and never the holdout.
One writer in four is left out to measure, to add up the two parts and to set the thresholds; then all of them train it,
and the weights of both trainings are averaged. The result is averaged once more with the model that stands there: no
other training lost so few of the emergencies that the model before it heard.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf
from scipy.sparse import hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from baclofen_faq.embedding import Encoder
from baclofen_faq.embedding.fine_tuning import Network, average, fine_tune
from baclofen_faq.triage.semantic import (
    CHARACTERS,
    CLOSINGS,
    ENCODER,
    HASH_FILE,
    MODEL_FILE,
    URGENCIES,
    WORDS,
    NGrams,
    weighted,
)

SENTENCES = Path(__file__).parent / "sentences"
URGENCY = {"calm": 0, "advisory": 1, "severe": 2}
CALM_QUESTIONS = "questions.jsonl"
WRITERS_A_LEFT_OUT_ONE = 4
N_GRAM_SCALE = 3.0
EPOCHS = 3
UNKNOWN = -1
AVERAGED = ("output", "output_bias", "blend", "thresholds")
# What share of the severe sentences of unseen writers must score as an emergency, and at least as the grey band; and
# what share of the advisory ones as advisory.
EMERGENCY_RECALL, GREY_RECALL, ADVISORY_RECALL = 0.96, 0.98, 0.92


@dataclass(frozen=True)
class Example:
    """One training sentence: urgency 0 calm, 1 advisory, 2 severe; closing an index of CLOSINGS; -1 where not told."""

    text: str
    urgency: int = UNKNOWN
    closing: int = UNKNOWN


@dataclass(frozen=True)
class Sentence:
    """One training sentence, and whether its writer is left out."""

    example: Example
    is_left_out: bool


def read_sentences() -> list[Sentence]:
    """All training sentences; a writer is left out wholly or not at all."""
    rows = list(_rows())
    writers = sorted({writer for _, writer in rows})
    return [Sentence(example, writers.index(writer) % WRITERS_A_LEFT_OUT_ONE == 0) for example, writer in rows]


def _rows() -> Iterator[tuple[Example, str]]:
    for name, urgency in URGENCY.items():
        for row in _lines(f"{name}.jsonl"):
            yield Example(row["text"], urgency=urgency), row["writer"]
    for row in _lines("closings.jsonl"):
        yield Example(row["text"], closing=CLOSINGS.index(row["kind"])), row["writer"]
    for row in _lines(CALM_QUESTIONS):
        yield Example(row["text"], urgency=URGENCY["calm"]), row["writer"]


def _lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (SENTENCES / name).read_text(encoding="utf-8").splitlines()]


def sources_hash() -> str:
    """SHA-256 over everything that the model is trained from."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(SENTENCES.glob("*.jsonl")))).hexdigest()


def trained(examples: list[Example]) -> Network:
    """A network whose outputs are: emergency, advisory or higher, then one for each closing."""
    wanted = np.array([(example.urgency, example.closing) for example in examples], dtype=np.int32)
    return fine_tune([example.text for example in examples], wanted, URGENCIES + len(CLOSINGS), loss, EPOCHS)


def loss(logits: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
    """Of the urgency where it is told, and of the closing where that is."""
    urgency, closing = wanted[:, 0], wanted[:, 1]
    is_told = tf.cast(urgency >= 0, tf.float32)[:, tf.newaxis]
    is_at_least = tf.cast(tf.stack([urgency >= 2, urgency >= 1], 1), tf.float32)
    of_urgency = tf.nn.sigmoid_cross_entropy_with_logits(is_at_least, logits[:, :2]) * is_told
    is_closing = tf.cast(closing >= 0, tf.float32)
    of_closing = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.maximum(closing, 0), logits[:, 2:]) * is_closing
    return (tf.reduce_sum(of_urgency) / 2 + tf.reduce_sum(of_closing)) / tf.cast(tf.shape(logits)[0], tf.float32)


def fit_n_grams(examples: list[Example]) -> NGrams:
    """A line through the n-grams of the sentences with an urgency."""
    told = [example for example in examples if example.urgency != UNKNOWN]
    urgency = np.array([example.urgency for example in told])
    counts = [vectorizer.transform([example.text for example in told]) for vectorizer in (CHARACTERS, WORDS)]
    idfs = [np.log((1 + len(told)) / (1 + (count > 0).sum(axis=0).A1)) + 1 for count in counts]
    rows = hstack([weighted(count, idf) * N_GRAM_SCALE for count, idf in zip(counts, idfs)]).tocsr()
    model = LogisticRegression(max_iter=300, class_weight="balanced")
    lines = [model.fit(rows, urgency >= least).coef_[0].copy() for least in (2, 1)]
    characters, words = np.split(np.stack(lines, axis=1) * N_GRAM_SCALE, [counts[0].shape[1]])
    return NGrams(idfs[0], idfs[1], characters, words)


def outputs(network: Network, texts: list[str]) -> np.ndarray:
    """What the network says to these texts once its weights are int8 in the ONNX graph; shape (n, outputs)."""
    heard = Encoder(network.arrays()).summarize(texts) @ network.output.numpy()
    return np.asarray(heard + network.output_bias.numpy())


def blend_of(heard: np.ndarray, counted: np.ndarray, urgency: np.ndarray) -> np.ndarray:
    """How the parts are added up, shape (3, 2): learned from the scores of unseen writers."""
    columns = []
    for column, least in enumerate((2, 1)):
        both = np.stack([heard[:, column], counted[:, column]], axis=1)
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
    seen = [sentence.example for sentence in sentences if not sentence.is_left_out]
    of_seen = trained(seen)
    blend, thresholds = calibrate(of_seen, seen, [sentence.example for sentence in sentences if sentence.is_left_out])
    examples = [sentence.example for sentence in sentences]
    write(average([of_seen, trained(examples)]), examples, blend, thresholds)


def calibrate(network: Network, seen: list[Example], unseen: list[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Blend and thresholds, from what a network trained on the seen says to the unseen; prints how good that is."""
    texts = [example.text for example in unseen]
    urgency, closing = np.array([(example.urgency, example.closing) for example in unseen]).T
    heard, counted = outputs(network, texts), fit_n_grams(seen).scores(texts)
    told = urgency != UNKNOWN
    blend = blend_of(heard[told], counted[told], urgency[told])
    scores = heard[told][:, :URGENCIES] * blend[0] + counted[told] * blend[1] + blend[2]
    thresholds = thresholds_of(scores, urgency[told])
    report(scores, thresholds, urgency[told])
    report_closings(heard[~told][:, URGENCIES:], closing[~told])
    return blend, thresholds


def write(network: Network, examples: list[Example], blend: np.ndarray, thresholds: np.ndarray) -> None:
    """Write the model, with n-grams of all the examples."""
    arrays = {f"{ENCODER}{name}": array for name, array in network.arrays().items()}
    arrays |= {name: array.astype(np.float16) for name, array in fit_n_grams(examples).__dict__.items()}
    arrays |= {"output": network.output.numpy(), "output_bias": network.output_bias.numpy()}
    arrays |= {"blend": blend.astype(np.float32), "thresholds": thresholds.astype(np.float32)}
    if MODEL_FILE.exists():
        with np.load(MODEL_FILE, allow_pickle=False) as earlier:
            arrays |= averaged_with(dict(earlier), arrays)
    np.savez_compressed(MODEL_FILE, **arrays, trained_from=np.array(sources_hash()))
    HASH_FILE.write_text(hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest() + "\n")


def averaged_with(earlier: dict[str, np.ndarray], arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The mean of two models' networks, blends and thresholds; the n-grams stay the new ones."""
    mean = {}
    for name, array in arrays.items():
        scale = name.removesuffix("_q") + "_scale"
        if name.startswith(ENCODER) and name.endswith("_q"):
            matrix = (earlier[name] * earlier[scale] + array * arrays[scale]).astype(np.float32) / 2
            mean[scale] = (np.abs(matrix).max(axis=0, keepdims=True) / 127).astype(np.float32)
            mean[name] = np.round(matrix / mean[scale]).astype(np.int8)
        elif (name.startswith(ENCODER) and not name.endswith("_scale")) or name in AVERAGED:
            mean[name] = ((earlier[name] + array) / 2).astype(array.dtype)
    return mean


def report(scores: np.ndarray, thresholds: np.ndarray, urgency: np.ndarray) -> None:
    """Print how unseen writers' sentences come out."""
    rows = urgency != 1
    print(f"area under the curve, severe against calm: {roc_auc_score(urgency[rows] == 2, scores[rows, 0]):.4f}")
    for recall in (0.93, 0.95, 0.97, 0.98):
        least = np.quantile(scores[urgency == 2, 0], 1 - recall)
        calm, advisory = ((scores[urgency == level, 0] >= least).mean() for level in (0, 1))
        print(f"at {recall:.2f} of the severe: calm {calm:.3f}, advisory {advisory:.3f} called an emergency")
    is_emergency = scores[:, 0] >= thresholds[0]
    is_urgent = is_emergency | (scores[:, 0] >= thresholds[1]) | (scores[:, 1] >= thresholds[2])
    for name, level in URGENCY.items():
        rows = urgency == level
        emergency, urgent = is_emergency[rows].mean(), is_urgent[rows].mean()
        print(f"{name:9} n={rows.sum():5d}  emergency {emergency:.3f}  advisory or higher {urgent:.3f}")


def report_closings(logits: np.ndarray, closing: np.ndarray) -> None:
    """Print how often each kind of closing of an unseen writer is heard as what it is."""
    for index, name in enumerate(CLOSINGS):
        rows = closing == index
        print(f"{name:12} n={rows.sum():4d}  right {(logits[rows].argmax(axis=1) == index).mean():.3f}")


if __name__ == "__main__":
    main()

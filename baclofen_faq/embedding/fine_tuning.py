"""Fine-tune MiniLM with TensorFlow: its six layers, and an output layer over the tokens' mean and maximum.

Only training needs this; the result is int8 weights that the ONNX graph of the sentence embedding takes.
"""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import tensorflow as tf

from baclofen_faq.embedding.encoder import DIMENSIONS, weights, whole_tokenizer

LAYERS, HEADS = 6, 12
HEAD_DIMENSIONS = DIMENSIONS // HEADS
REACH_TOKENS, BATCH = 96, 32
RATE, OUTPUT_RATE, WARM_UP = 1e-4, 1e-3, 0.1
DROPOUT = 0.1
NOISED = 0.25  # share of the sentences of an epoch that get slips of a phone keyboard
Loss = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


class Network:
    """MiniLM in float32 with an output layer of its own; the word and position embeddings stay as they are."""

    def __init__(self, outputs: int) -> None:
        stored = weights()
        self._matrices = [name.removesuffix("_q") for name in stored if name.startswith("val_") and name.endswith("_q")]
        self._words = _whole(stored, "inner.embeddings.word_embeddings.weight")
        self._positions = (
            _whole(stored, "inner.embeddings.position_embeddings.weight")
            + stored["inner.embeddings.token_type_embeddings.weight"][0]
        )
        self.variables = {name: tf.Variable(_whole(stored, name)) for name in self._matrices}
        plain = [name for name in stored if name.startswith("inner.") and name.endswith((".bias", "LayerNorm.weight"))]
        self.variables |= {name: tf.Variable(stored[name]) for name in plain}
        self.output = tf.Variable(np.zeros((2 * DIMENSIONS, outputs), dtype=np.float32))
        self.output_bias = tf.Variable(np.zeros(outputs, dtype=np.float32))

    def __call__(self, ids: tf.Tensor, mask: tf.Tensor, dropout: float = 0.0) -> tf.Tensor:
        """Logits, shape (texts, outputs), of padded token ids."""
        length = tf.shape(ids)[1]
        states = self._normed(
            "inner.embeddings.", tf.gather(self._words, ids) + tf.constant(self._positions)[tf.newaxis, :length]
        )
        hidden = (1.0 - tf.cast(mask, tf.float32))[:, tf.newaxis, tf.newaxis, :] * -1e9
        for layer in range(LAYERS):
            states = self._layer(layer, tf.nn.dropout(states, dropout), hidden)
        shown = tf.cast(mask, tf.float32)[:, :, tf.newaxis]
        mean = tf.reduce_sum(states * shown, 1) / tf.reduce_sum(shown, 1)
        largest = tf.reduce_max(states - (1.0 - shown) * 1e9, 1)
        pooled = tf.nn.dropout(tf.concat([mean, largest], 1), dropout)
        return pooled @ self.output + self.output_bias

    def _layer(self, layer: int, states: tf.Tensor, hidden: tf.Tensor) -> tf.Tensor:
        query, key, value, joined, inner, outer = (
            self.variables[name] for name in self._matrices[6 * layer : 6 * layer + 6]
        )
        path = f"inner.encoder.layer.{layer}."
        bias = {end: self.variables[f"{path}{end}.bias"] for end in BIASES}
        queries = _heads(states @ query + bias["attention.self.query"])
        keys = _heads(states @ key + bias["attention.self.key"])
        values = _heads(states @ value + bias["attention.self.value"])
        attention = tf.nn.softmax(tf.matmul(queries, keys, transpose_b=True) / HEAD_DIMENSIONS**0.5 + hidden)
        seen = tf.reshape(tf.transpose(attention @ values, [0, 2, 1, 3]), tf.shape(states))
        states = self._normed(path + "attention.output.", states + seen @ joined + bias["attention.output.dense"])
        widened = tf.nn.gelu(states @ inner + bias["intermediate.dense"])
        return self._normed(path + "output.", states + widened @ outer + bias["output.dense"])

    def _normed(self, path: str, states: tf.Tensor) -> tf.Tensor:
        mean, variance = tf.nn.moments(states, -1, keepdims=True)
        scale, shift = self.variables[path + "LayerNorm.weight"], self.variables[path + "LayerNorm.bias"]
        return (states - mean) * tf.math.rsqrt(variance + 1e-12) * scale + shift

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights by their names in the ONNX graph, matrices as int8 and scale."""
        arrays = {name: v.numpy() for name, v in self.variables.items() if name not in self._matrices}
        for name in self._matrices:
            matrix = self.variables[name].numpy()
            scale = np.abs(matrix).max(axis=0, keepdims=True) / 127
            arrays[f"{name}_q"] = np.round(matrix / scale).astype(np.int8)
            arrays[f"{name}_scale"] = scale.astype(np.float32)
        return arrays


BIASES = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip


def fine_tune(
    texts: Sequence[str], wanted: np.ndarray, outputs: int, loss: Loss, epochs: int, seed: int = 0
) -> Network:
    """Train on these texts.

    Args:
        texts: n training sentences.
        wanted: int32 array of shape (n, anything): what `loss` compares a text's outputs with.
        outputs: how many outputs the network has.
        loss: of logits, shape (batch, outputs), and the same texts' rows of `wanted`; a scalar.
        epochs: how often every text is seen.
        seed: of the order of the texts, the slips and the dropout.
    """
    tf.keras.utils.set_random_seed(seed)
    chance = random.Random(seed)
    network = Network(outputs)
    body, head = list(network.variables.values()), [network.output, network.output_bias]
    steps = epochs * -(-len(texts) // BATCH)
    optimizers = [(body, _optimizer(RATE, steps)), (head, _optimizer(OUTPUT_RATE, steps))]
    for variables, optimizer in optimizers:
        optimizer.build(variables)

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)] * 3)
    def step(ids: tf.Tensor, mask: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            lost = loss(network(ids, mask, DROPOUT), rows)
        gradients = tape.gradient(lost, body + head)
        gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
        optimizers[0][1].apply_gradients(zip(gradients[: len(body)], body))
        optimizers[1][1].apply_gradients(zip(gradients[len(body) :], head))
        return lost

    for epoch in range(epochs):
        losses = [float(step(*batch)) for batch in _batches(texts, wanted, chance)]
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}", flush=True)
    return network


def average(networks: Sequence[Network]) -> Network:
    """One network whose weights are the mean of these, which were fine-tuned from one start.

    Such a mean hears unseen writers better than either, at no cost when it runs.
    Source: model soups, Wortsman and others 2022, arXiv:2203.05482.
    """
    mean = Network(networks[0].output.shape[1])
    for name, variable in mean.variables.items():
        variable.assign(np.mean([network.variables[name].numpy() for network in networks], axis=0))
    mean.output.assign(np.mean([network.output.numpy() for network in networks], axis=0))
    mean.output_bias.assign(np.mean([network.output_bias.numpy() for network in networks], axis=0))
    return mean


def _optimizer(rate: float, steps: int) -> tf.keras.optimizers.Optimizer:
    """AdamW whose rate rises over the first tenth of the steps and then falls to zero."""

    class Schedule(tf.keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step: tf.Tensor) -> tf.Tensor:
            done = tf.cast(step, tf.float32) / steps
            return rate * tf.minimum(1.0, done / WARM_UP) * tf.maximum(0.0, 1.0 - done)

    return tf.keras.optimizers.AdamW(Schedule(), weight_decay=0.01)


def _batches(texts: Sequence[str], wanted: np.ndarray, chance: random.Random) -> Iterator[tuple[np.ndarray, ...]]:
    """One epoch in random order; sentences of about one length stand together, so that little padding is computed."""
    tokenizer = whole_tokenizer()
    tokenizer.enable_truncation(REACH_TOKENS)
    typed = [slipped(text, chance) if chance.random() < NOISED else text for text in texts]
    encodings = [encoding.ids for encoding in tokenizer.encode_batch(typed)]
    order = chance.sample(range(len(texts)), len(texts))
    chunks = [
        sorted(order[i : i + BATCH * 16], key=lambda k: len(encodings[k])) for i in range(0, len(order), BATCH * 16)
    ]
    shelved = [index for chunk in chunks for index in chunk]
    batches = [shelved[i : i + BATCH] for i in range(0, len(shelved), BATCH)]
    chance.shuffle(batches)
    for batch in batches:
        ids = np.zeros((len(batch), max(len(encodings[i]) for i in batch)), dtype=np.int32)
        mask = np.zeros_like(ids)
        for row, index in enumerate(batch):
            ids[row, : len(encodings[index])] = encodings[index]
            mask[row, : len(encodings[index])] = 1
        yield ids, mask, wanted[batch]


def slipped(text: str, chance: random.Random) -> str:
    """The text as a hurried thumb types it: letters left out, doubled or swapped, a blank or all punctuation lost."""
    kind = chance.random()
    if kind < 0.25:
        return "".join(letter for letter in text if letter not in ",.;!?'")
    words = text.split(" ")
    for _ in range(1 + len(words) // 12):
        place = chance.randrange(len(words))
        word = words[place]
        if len(word) < 4:
            continue
        at = chance.randrange(1, len(word) - 1)
        words[place] = chance.choice(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            ]
        )
    if kind > 0.85 and len(words) > 2:
        place = chance.randrange(len(words) - 1)
        words[place : place + 2] = ["".join(words[place : place + 2])]
    return " ".join(words)


def _whole(stored: dict[str, np.ndarray], name: str) -> np.ndarray:
    return stored[f"{name}_q"].astype(np.float32) * stored[f"{name}_scale"]


def _heads(states: tf.Tensor) -> tf.Tensor:
    shape = tf.shape(states)
    return tf.transpose(tf.reshape(states, [shape[0], shape[1], HEADS, HEAD_DIMENSIONS]), [0, 2, 1, 3])

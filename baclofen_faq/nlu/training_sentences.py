"""How near a message is to the training sentences of each intent, and what that makes of the intent's confidence."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from baclofen_faq.nlu.sentence_features import plain


class Sentences:
    """The training sentences, those of an intent together, intents in alphabetical order.

    Args:
        vectors: their plain embeddings, shape (m, 384).
        intents: what each stands for, shape (m,).
    """

    def __init__(self, vectors: np.ndarray, intents: np.ndarray) -> None:
        order = np.argsort(intents, kind="stable")
        self.intents = intents[order]
        self.vectors = np.asfortranarray(vectors[order])  # column by column a product with one message is faster
        self._starts = np.unique(self.intents, return_index=True)[1]

    def nearest(self, features: np.ndarray) -> np.ndarray:
        """The largest cosine of each row of features to a sentence of each intent, intents in alphabetical order."""
        return np.asarray(np.maximum.reduceat(plain(features) @ self.vectors.T, self._starts, axis=1))


def blended(model: LogisticRegression, features: np.ndarray, sentences: Sentences) -> np.ndarray:
    """The confidence of each of the model's intents for each row of features.

    Args:
        model: the regression; its intents are in alphabetical order.
        features: shape (n, 2 * 384).
        sentences: what the regression was trained on.

    Returns:
        Shape (n, intents of the model).
    """
    return np.asarray((model.predict_proba(features) + np.maximum(sentences.nearest(features), 0.0)) / 2)

"""How sure the intents are: half the classifier's probability, half the nearness to a training sentence."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

STORED = "sentences.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class BlendedConfidence(GraphComponent, IntentClassifier):
    """Replaces every intent's confidence and sorts the ranking again.

    A far-off message gets a high probability for some intent, since probabilities sum to 1; its cosine to all
    training sentences is low, though. Blending all intents, not only the first, keeps a tie visible.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The sentence embeddings must come before; the ranking to blend comes from the classifier between."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No settings."""
        return {}

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, vectors: np.ndarray, intents: np.ndarray
    ) -> None:
        """Take the unit vectors of the training sentences, shape (n, 384), and their n intents."""
        self._model_storage = model_storage
        self._resource = resource
        self._vectors = vectors
        self._intents = intents

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> BlendedConfidence:
        """Make the component with no sentences yet."""
        return cls(model_storage, resource, np.empty((0, 0), dtype=np.float32), np.empty(0, dtype="U1"))

    def train(self, training_data: TrainingData) -> Resource:
        """Remember the training sentences' vectors."""
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        self._vectors = np.stack([_unit_vector(example) for example in examples])
        self._intents = np.array([example.get(INTENT) for example in examples])
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(folder / STORED, vectors=self._vectors, intents=self._intents)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> BlendedConfidence:
        """Load the sentences' vectors from the model."""
        with model_storage.read_from(resource) as folder, np.load(folder / STORED, allow_pickle=False) as stored:
            return cls(model_storage, resource, stored["vectors"], stored["intents"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Blend the ranking that the classifier left on each message."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if ranking and message.get(TEXT):
                blended = self._blend(_unit_vector(message), ranking)
                message.set(INTENT, blended[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, blended, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is."""
        return training_data

    def _blend(self, vector: np.ndarray, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Plain floats only: an np.float32 in a confidence makes Rasa's tracker store lose the turn."""
        cosines = self._vectors @ vector
        nearest = {str(intent): float(cosines[self._intents == intent].max()) for intent in np.unique(self._intents)}
        blended = [
            {
                INTENT_NAME_KEY: entry[INTENT_NAME_KEY],
                PREDICTED_CONFIDENCE_KEY: (
                    float(entry[PREDICTED_CONFIDENCE_KEY]) + max(0.0, nearest[entry[INTENT_NAME_KEY]])
                )
                / 2,
            }
            for entry in ranking
        ]
        return sorted(blended, key=lambda entry: -entry[PREDICTED_CONFIDENCE_KEY])


def _unit_vector(message: Message) -> np.ndarray:
    """The message's sentence embedding, shape (384,), scaled back to length 1."""
    _, sentence = message.get_dense_features(TEXT)
    vector = sentence.features[0]
    return vector / np.linalg.norm(vector)

"""The sentence embeddings as a Rasa featurizer."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from baclofen_faq.nlu.sentence_features import sentence_features
from baclofen_faq.nlu.spelling import as_meant, vocabulary
from baclofen_faq.triage.words import Reader

STORED = "vocabulary.json"
MEANT = "as_meant"  # of a message: its text with the misspelt words as they were meant


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """Gives each message one sentence feature: its two unit embeddings times `scale`, shape (1, 2 * 384).

    Rasa's LogisticRegressionClassifier ignores C and uses 1; features times s are the same as C = s squared,
    so the default of 5.48 is C = 30. Misspelt words are read as the training sentences' words first.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer must come before, as for every featurizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`scale`: what the unit vectors are multiplied by."""
        return {**DenseFeaturizer.get_default_config(), "scale": 5.48}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing beyond Rasa's own checks."""

    def __init__(self, name: str, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Make it with no vocabulary yet: every word stays as it is."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._reader = Reader(())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddings:
        """Make the component, not trained."""
        return cls(execution_context.node_name, config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Remember the words of the training sentences."""
        words = vocabulary(example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT))
        with self._model_storage.write_to(self._resource) as folder:
            (folder / STORED).write_text(json.dumps(sorted(words)), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SentenceEmbeddings:
        """Load the words from the model, and the encoders."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._reader = Reader(json.loads((folder / STORED).read_text(encoding="utf-8")))
        sentence_features(["hello"])  # both encoders are loaded now, not by the first message
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to every message that has text."""
        with_text = [message for message in messages if message.get(TEXT)]
        meant = [as_meant(message.get(TEXT), self._reader) for message in with_text]
        for message, text, features in zip(with_text, meant, sentence_features(meant)):
            message.set(MEANT, text)
            scaled = (features * self._config["scale"])[None, :]
            self.add_features_to_message(sequence=None, sentence=scaled, attribute=TEXT, message=message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature to every training sentence."""
        self.process(training_data.training_examples)
        return training_data

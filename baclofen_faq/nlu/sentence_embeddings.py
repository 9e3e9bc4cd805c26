"""The sentence embeddings as a Rasa featurizer."""

from __future__ import annotations

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


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbeddings(DenseFeaturizer, GraphComponent):
    """Gives each message one sentence feature: its two unit embeddings times `scale`, shape (1, 2 * 384).

    Rasa's LogisticRegressionClassifier ignores C and uses 1; features times s are the same as C = s squared,
    so the default of 5.48 is C = 30.
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

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbeddings:
        """Make the component; nothing is trained or stored."""
        return cls(execution_context.node_name, config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the feature to every message that has text."""
        with_text = [message for message in messages if message.get(TEXT)]
        vectors = sentence_features([message.get(TEXT) for message in with_text])
        for message, vector in zip(with_text, vectors):
            feature = (vector * self._config["scale"])[None, :]
            self.add_features_to_message(sequence=None, sentence=feature, attribute=TEXT, message=message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the feature to every training sentence."""
        self.process(training_data.training_examples)
        return training_data

"""An NLU component that raises while a marker file exists."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class RaisingComponent(GraphComponent):
    """Stands at the end of the pipeline; the file is named by RAISE_WHILE_EXISTS."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RaisingComponent:
        """Make the component; nothing is trained or stored."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Raise with the words of the message in the error, as careless components do."""
        marker = os.environ.get("RAISE_WHILE_EXISTS")
        if marker and Path(marker).exists():
            raise RuntimeError(f"told to raise at {[message.get(TEXT) for message in messages]}")
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is."""
        return training_data

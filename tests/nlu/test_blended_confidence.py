"""Blended confidences: sorted, plain floats, low where nothing is near."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from baclofen_faq.nlu.blended_confidence import BlendedConfidence
from baclofen_faq.nlu.sentence_embeddings import SentenceEmbeddings

SENTENCES = {"ask_pump": ["what is a pump", "how does the pump work"], "ask_taper": ["why taper", "why so slowly"]}


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture
def embeddings(storage: LocalModelStorage) -> SentenceEmbeddings:
    context = ExecutionContext(GraphSchema({}), node_name="embeddings")
    config = SentenceEmbeddings.get_default_config()
    return SentenceEmbeddings.create(config, storage, Resource("embeddings"), context)


@pytest.fixture
def blended(storage: LocalModelStorage, embeddings: SentenceEmbeddings) -> BlendedConfidence:
    """Trained, stored and loaded again."""
    rows = [Message({"text": text, "intent": intent}) for intent, texts in SENTENCES.items() for text in texts]
    data = embeddings.process_training_data(TrainingData(rows))
    context, resource = ExecutionContext(GraphSchema({})), Resource("blended")
    BlendedConfidence.create({}, storage, resource, context).train(data)
    return BlendedConfidence.load({}, storage, resource, context)


def ranked(text: str, embeddings: SentenceEmbeddings, blended: BlendedConfidence) -> list[dict[str, object]]:
    even = [{"name": intent, "confidence": 0.5} for intent in SENTENCES]
    message = Message({"text": text, "intent": even[0], "intent_ranking": even})
    (processed,) = blended.process(embeddings.process([message]))
    assert processed.get("intent") == processed.get("intent_ranking")[0]
    return list(processed.get("intent_ranking"))


def test_the_nearer_intent_comes_first(embeddings: SentenceEmbeddings, blended: BlendedConfidence) -> None:
    first, second = ranked("why slowly", embeddings, blended)
    assert (first["name"], second["name"]) == ("ask_taper", "ask_pump")
    assert first["confidence"] > second["confidence"]


def test_a_far_off_message_has_low_confidence(embeddings: SentenceEmbeddings, blended: BlendedConfidence) -> None:
    assert ranked("football results", embeddings, blended)[0]["confidence"] < 0.4


def test_confidences_are_plain_floats(embeddings: SentenceEmbeddings, blended: BlendedConfidence) -> None:
    assert {type(entry["confidence"]) for entry in ranked("why slowly", embeddings, blended)} == {float}


def test_the_feature_is_the_unit_vector_scaled(embeddings: SentenceEmbeddings) -> None:
    (message,) = embeddings.process([Message({"text": "why slowly"})])
    _, sentence = message.get_dense_features("text")
    assert sentence.features.shape == (1, 384)
    assert np.linalg.norm(sentence.features) == pytest.approx(5.48, abs=1e-3)


def test_a_message_without_text_passes(embeddings: SentenceEmbeddings, blended: BlendedConfidence) -> None:
    (message,) = blended.process(embeddings.process([Message({"text": ""})]))
    assert message.get("intent_ranking") is None

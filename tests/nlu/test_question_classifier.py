"""What is asked: confidences that are sorted, plain, low where nothing is near; several questions in one message."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from baclofen_faq.nlu.question_classifier import QuestionClassifier
from baclofen_faq.nlu.questions import parts
from baclofen_faq.nlu.sentence_embeddings import SentenceEmbeddings

SENTENCES = {
    "ask_pump": ["what is a pump", "how does the pump work", "tell me about the pump"],
    "ask_driving": ["can i drive a car", "is driving allowed", "may I drive to work"],
    "ask_taper": ["why taper", "why so slowly", "why is it reduced slowly"],
    "out_of_scope": ["will it rain", "who won the game", "tell me a joke"],
}
CONFIG = {"max_iter": 300, "part_confidence": 0.4, "part_margin": 0.05}


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


@pytest.fixture
def sentences() -> TrainingData:
    return TrainingData([Message({"text": t, "intent": intent}) for intent, texts in SENTENCES.items() for t in texts])


@pytest.fixture
def embeddings(storage: LocalModelStorage, sentences: TrainingData) -> SentenceEmbeddings:
    """Trained, stored and loaded again."""
    context, resource = ExecutionContext(GraphSchema({}), node_name="embeddings"), Resource("embeddings")
    config = SentenceEmbeddings.get_default_config()
    SentenceEmbeddings.create(config, storage, resource, context).train(sentences)
    return SentenceEmbeddings.load(config, storage, resource, context)


@pytest.fixture
def classifier(
    storage: LocalModelStorage, embeddings: SentenceEmbeddings, sentences: TrainingData
) -> QuestionClassifier:
    """Trained, stored and loaded again."""
    data = embeddings.process_training_data(sentences)
    context, resource = ExecutionContext(GraphSchema({}), node_name="classifier"), Resource("classifier")
    config = {**QuestionClassifier.get_default_config(), **CONFIG}
    QuestionClassifier.create(config, storage, resource, context).train(data)
    return QuestionClassifier.load(config, storage, resource, context)


def understood(text: str, embeddings: SentenceEmbeddings, classifier: QuestionClassifier) -> Message:
    (message,) = classifier.process(embeddings.process([Message({"text": text})]))
    assert message.get("intent") == message.get("intent_ranking")[0]
    return message


def test_the_nearer_intent_comes_first(embeddings: SentenceEmbeddings, classifier: QuestionClassifier) -> None:
    ranking = understood("why slowly", embeddings, classifier).get("intent_ranking")
    assert ranking[0]["name"] == "ask_taper" and len(ranking) == len(SENTENCES)
    assert [entry["confidence"] for entry in ranking] == sorted((e["confidence"] for e in ranking), reverse=True)


def test_a_far_off_message_has_low_confidence(embeddings: SentenceEmbeddings, classifier: QuestionClassifier) -> None:
    ranking = understood("a recipe for lentils", embeddings, classifier).get("intent_ranking")
    assert max(entry["confidence"] for entry in ranking if entry["name"] != "out_of_scope") < 0.3


def test_confidences_are_plain_floats(embeddings: SentenceEmbeddings, classifier: QuestionClassifier) -> None:
    ranking = understood("why slowly", embeddings, classifier).get("intent_ranking")
    assert {type(entry["confidence"]) for entry in ranking} == {float}


def test_several_questions_are_named_in_text_order(
    embeddings: SentenceEmbeddings, classifier: QuestionClassifier
) -> None:
    message = understood("hi! can i drive a car? and what is a pump", embeddings, classifier)
    assert message.get("questions") == ["ask_driving", "ask_pump"]
    assert message.get("intent")["name"] == "ask_driving"


def test_a_question_among_contact_details_is_heard(
    embeddings: SentenceEmbeddings, classifier: QuestionClassifier
) -> None:
    text = "my name is [name], born [date_of_birth]. can i drive a car? mail [email] or call [phone]. xkcdqwpz"
    ranking = understood(text, embeddings, classifier).get("intent_ranking")
    assert ranking[0]["name"] == "ask_driving"
    assert ranking[0]["confidence"] - ranking[1]["confidence"] > 0.15


@pytest.mark.parametrize(
    "text", ["can i drive a car? is driving allowed?", "will it rain? who won the game?", "why slowly"]
)
def test_one_topic_or_small_talk_is_not_several(
    text: str, embeddings: SentenceEmbeddings, classifier: QuestionClassifier
) -> None:
    assert understood(text, embeddings, classifier).get("questions") is None


def test_the_features_are_two_unit_vectors_scaled(embeddings: SentenceEmbeddings) -> None:
    (message,) = embeddings.process([Message({"text": "why slowly"})])
    _, sentence = message.get_dense_features("text")
    assert sentence.features.shape == (1, 768)
    assert np.linalg.norm(sentence.features[0, :384]) == pytest.approx(5.48, abs=1e-3)
    assert np.linalg.norm(sentence.features[0, 384:]) == pytest.approx(5.48, abs=1e-3)


def test_a_message_without_text_passes(embeddings: SentenceEmbeddings, classifier: QuestionClassifier) -> None:
    (message,) = classifier.process(embeddings.process([Message({"text": ""})]))
    assert message.get("intent_ranking") is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("what is it", ["what is it"]),
        ("I take it since May. What does it do to the liver?", ["What does it do to the liver"]),
        ("what is it, how long does it last and can he drive", ["what is it", "how long does it last", "can he drive"]),
        ("what is it\nalso is it dangerous", ["what is it", "is it dangerous"]),
        ("I ran out of it, what are the signs?", ["what are the signs"]),
        ("bread and butter", []),
    ],
)
def test_the_parts_that_ask_something(text: str, asked: list[str]) -> None:
    assert parts(text) == asked

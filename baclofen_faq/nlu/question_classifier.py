"""What is asked: each intent's confidence, and the topics where a message asks several things."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from baclofen_faq.embedding import DIMENSIONS
from baclofen_faq.nlu.questions import parts
from baclofen_faq.nlu.sentence_embeddings import MEANT
from baclofen_faq.nlu.sentence_features import plain, sentence_features
from baclofen_faq.nlu.training_sentences import Sentences, blended

STORED = "sentences.npz"
REGRESSION = ("coef_", "intercept_", "classes_")  # all that a trained regression predicts with
QUESTIONS = "questions"  # of a message's parse data: the intents of its questions, where it has two or more
TOPIC = "ask_"
PLACEHOLDER = re.compile(r"\[[a-z_]+\]")  # what stands for a name, a telephone number and the like: "[name]"
PLAINLY = 0.6  # a part as sure as this to be small talk or out of scope asks for no topic
SAYS_WITHOUT_TOPIC = {"follow_up_time": "ask_timeline", "follow_up_danger": "ask_severe_complications"}
Ranking = list[dict[str, Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class QuestionClassifier(LogisticRegressionClassifier):
    """Rasa's logistic regression on the sentence embeddings, with two additions.

    Its confidences are half its probability, half the cosine of the plain embedding to the nearest training sentence of
    the intent: a far-off message gets a high probability for some intent, since probabilities sum to 1; its cosine to
    all sentences is low, though. All intents are blended, not only the first, which keeps a tie visible.

    Where parts of the message ask for different topics with confidence, `questions` names their intents in text order.
    Where the rest says who the person is (a name, a telephone number), the part that asks is what the message asks.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`part_confidence`, `part_margin`: how sure a part must be to be answered as a question of its own.

        `ranking_length`: how many intents a message keeps (0: all); each is stored, and read with every later message.
        """
        own = {"part_confidence": 0.5, "part_margin": 0.1}
        return {**LogisticRegressionClassifier.get_default_config(), "ranking_length": 15, **own}

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        """Make it with no sentences yet."""
        super().__init__(config, name, model_storage, resource)
        self._sentences = Sentences(np.empty((0, 0), dtype=np.float32), np.empty(0, dtype="U1"))

    def train(self, training_data: TrainingData) -> Resource:
        """Train the regression, and remember the training sentences' vectors.

        Rasa would train it on a sparse matrix, which takes many times as long where no number is zero.
        """
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        features = np.vstack([_features(example) for example in examples])
        intents = np.array([example.get(INTENT) for example in examples])
        self._sentences = Sentences(plain(features), intents)
        self.clf.fit(features, intents)
        self.persist()
        return self._resource

    def persist(self) -> None:
        """Write regression and vectors into the model, as plain arrays.

        Rasa would write the regression with skops, whose import takes as long as Rasa's own start.
        """
        regression = {name: getattr(self.clf, name) for name in REGRESSION}
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / STORED, vectors=self._sentences.vectors, intents=self._sentences.intents, **regression
            )  # fmt: skip

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuestionClassifier:
        """Load regression and vectors from the model."""
        component = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder, np.load(folder / STORED, allow_pickle=False) as stored:
            component._sentences = Sentences(stored["vectors"], stored["intents"])
            for name in REGRESSION:
                setattr(component.clf, name, stored[name])
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents of each message that has text; name its questions where it has several."""
        for message in messages:
            if message.get(TEXT):
                self._understand(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the training data as it is: nothing after this component learns from the ranking."""
        return training_data

    def _understand(self, message: Message) -> None:
        features = _features(message)
        (ranking,) = self._rankings(features[None, :])
        asked = self._questions(message.get(MEANT), float(np.linalg.norm(features[:DIMENSIONS])))
        if len(asked) > 1:
            message.set(QUESTIONS, list(asked), add_to_output=True)
        if asked:
            ranking = next(iter(asked.values()))
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking[: self.config["ranking_length"] or None], add_to_output=True)

    def _questions(self, text: str, scale: float) -> dict[str, Ranking]:
        """Each topic that a part of the text asks for, with that part's ranking."""
        asking, fewest = parts(text), 1 if PLACEHOLDER.search(text) else 2
        if len(asking) < fewest:
            return {}
        rankings = self._rankings(sentence_features(asking) * scale)
        of_topics = [_of_topics(ranking) for ranking in rankings if not _is_beside_the_topics(ranking[0])]
        sure = {ranking[0][INTENT_NAME_KEY]: ranking for ranking in of_topics if self._is_sure(ranking)}
        return sure if len(sure) >= fewest else {}

    def _is_sure(self, ranking: Ranking) -> bool:
        first, second = (entry[PREDICTED_CONFIDENCE_KEY] for entry in ranking[:2])
        return bool(first >= self.config["part_confidence"] and first - second >= self.config["part_margin"])

    def _rankings(self, features: np.ndarray) -> list[Ranking]:
        """The intents of each row of features, shape (n, 2 * 384), the most confident first.

        Plain floats only: an np.float32 in a confidence makes Rasa's tracker store lose the turn.
        """
        names = self.clf.classes_
        return [
            [
                {INTENT_NAME_KEY: str(names[index]), PREDICTED_CONFIDENCE_KEY: float(row[index])}
                for index in np.argsort(-row)
            ]
            for row in blended(self.clf, features, self._sentences)
        ]


def _is_beside_the_topics(first: dict[str, Any]) -> bool:
    """Whether a part is plainly small talk or out of scope."""
    return not _asked_by(first).startswith(TOPIC) and first[PREDICTED_CONFIDENCE_KEY] >= PLAINLY


def _asked_by(entry: dict[str, Any]) -> str:
    """The intent, or the topic that a part beside other questions asks for with it."""
    name = str(entry[INTENT_NAME_KEY])
    return SAYS_WITHOUT_TOPIC.get(name, name)


def _of_topics(ranking: Ranking) -> Ranking:
    """A part's ranking of the topics alone: "how long does that last" beside another question asks for the timeline."""
    topics: dict[str, float] = {}
    for entry in ranking:
        name = _asked_by(entry)
        if name.startswith(TOPIC):
            topics.setdefault(name, entry[PREDICTED_CONFIDENCE_KEY])
    return [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence} for name, confidence in topics.items()]


def _features(message: Message) -> np.ndarray:
    """The message's sentence embeddings times their scale, shape (2 * 384,)."""
    _, sentence = message.get_dense_features(TEXT)
    return np.asarray(sentence.features[0])

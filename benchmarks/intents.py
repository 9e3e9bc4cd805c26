"""The intents alone, ours and those of a stock Rasa pipeline, on the blind questions; ours in five folds, too.

python -m benchmarks.intents prints Markdown. The stock model is the speed report's; it is trained where it is missing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from baclofen_faq.nlu.sentence_features import plain, sentence_features
from baclofen_faq.nlu.spelling import as_meant, vocabulary
from baclofen_faq.nlu.training_sentences import Sentences, blended
from baclofen_faq.sentences import read_intents
from baclofen_faq.triage.words import Reader
from benchmarks.speed import stock
from benchmarks.speed.figures import training
from service.evaluation.measures import holdout
from service.training import MODEL

FALLBACK, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"
SCALE, FOLDS = 5.48, 5
COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7)
Predict = Callable[[Sequence[str]], list[list[tuple[str, float]]]]


@dataclass(frozen=True)
class Guess:
    """What a pipeline made of one blind question: its ranking, whether it is sure enough to answer, what is right."""

    right: frozenset[str]
    first: str
    second: str
    confidence: float
    is_sure: bool
    is_out_of_scope: bool

    @property
    def is_right(self) -> bool:
        """The first intent is a right one."""
        return self.first in self.right


def questions() -> list[dict[str, object]]:
    """The blind rows that ask one thing, and those that are out of scope."""
    return [row for _, row in holdout("questions*.jsonl") if row["trick"] not in ("several", "smalltalk")]


def guesses(model: Path) -> list[Guess]:
    """What a trained model makes of the blind questions."""
    agent = Agent.load(str(model))
    return [_guess(row, asyncio.run(agent.parse_message(str(row["text"])))) for row in questions()]


def _guess(row: dict[str, object], parsed: dict[str, object]) -> Guess:
    ranking = [entry for entry in parsed["intent_ranking"] if entry["name"] != FALLBACK]  # type: ignore[attr-defined]
    names = [str(entry["name"]).removeprefix("ask_") for entry in ranking[:2]]
    return Guess(
        right=frozenset([*row["topics"], *row["also"]]) or frozenset([OUT_OF_SCOPE]),  # type: ignore[misc]
        first=names[0],
        second=names[1],
        confidence=float(ranking[0]["confidence"]),
        is_sure=parsed["intent"]["name"] != FALLBACK,  # type: ignore[index]
        is_out_of_scope=row["trick"] == OUT_OF_SCOPE,
    )


def figures(found: Sequence[Guess], offers: bool) -> dict[str, float]:
    """Shares of the calm questions, and of those out of scope; `offers`: an unsure bot offers the first two."""
    asked, other = [g for g in found if not g.is_out_of_scope], [g for g in found if g.is_out_of_scope]
    wanted = [next(iter(g.right)) for g in found]
    guessed = [want if g.is_right else g.first for g, want in zip(found, wanted)]
    return {
        "accuracy of the first intent": _share(asked, lambda g: g.is_right),
        "... of the first two": _share(asked, lambda g: g.is_right or g.second in g.right),
        "macro-F1": float(f1_score(wanted, guessed, average="macro")),
        "right answer sent": _share(asked, lambda g: g.is_sure and g.is_right),
        "... or among the first two offered": _share(
            asked,
            lambda g: (g.is_sure and g.is_right) or (offers and not g.is_sure and bool({g.first, g.second} & g.right)),
        ),
        "wrong answer sent": _share(asked, lambda g: g.is_sure and not g.is_right),
        "out of scope refused": _share(other, lambda g: not g.is_sure or g.first == OUT_OF_SCOPE),
    }


def _share(rows: Sequence[Guess], is_hit: Callable[[Guess], bool]) -> float:
    return sum(map(is_hit, rows)) / len(rows)


def risk_coverage(found: Sequence[Guess]) -> list[str]:
    """Markdown: how many of the most confident first intents are wrong, by the share that is answered."""
    ordered = sorted((g for g in found if not g.is_out_of_scope), key=lambda g: -g.confidence)
    lines = ["| answered | wrong of those | least confidence |", "|---|---|---|"]
    for coverage in COVERAGES:
        kept = ordered[: max(1, round(coverage * len(ordered)))]
        wrong = _share(kept, lambda g: not g.is_right)
        lines.append(f"| {coverage:.2f} | {wrong:.3f} | {kept[-1].confidence:.2f} |")
    return lines


def five_folds() -> tuple[float, float]:
    """Accuracy and macro-F1 of our classifier, each sentence told by a model that did not see it.

    The fine-tuned embedding saw all of them, so this flatters; the blind questions do not.
    """
    rows = [(text, intent) for intent, texts in read_intents().items() for text in texts]
    reader = Reader(vocabulary(text for text, _ in rows))
    features = sentence_features([as_meant(text, reader) for text, _ in rows]) * SCALE
    intents = np.array([intent for _, intent in rows])
    vectors, told = plain(features), np.empty_like(intents)
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(features, intents):
        model = LogisticRegression(max_iter=300, class_weight="balanced").fit(features[seen], intents[seen])
        confidences = blended(model, features[unseen], Sentences(vectors[seen], intents[seen]))
        told[unseen] = model.classes_[confidences.argmax(axis=1)]
    return float((told == intents).mean()), float(f1_score(intents, told, average="macro"))


def main() -> None:
    """Print the table."""
    configure_structlog(logging.CRITICAL)  # Rasa logs what people type
    logging.disable(logging.CRITICAL)
    training.measure()  # trains the stock model where it is missing
    ours, theirs = guesses(MODEL), guesses(stock.model())
    accuracy, f1 = five_folds()
    left, right = figures(ours, offers=True), figures(theirs, offers=False)
    lines = ["## The intents alone", "", f"{len(ours)} blind questions, context and triage aside.", ""]
    lines += ["| what | ours | stock pipeline of `rasa init`, same data |", "|---|---|---|"]
    lines += [f"| {name} | {left[name]:.3f} | {right[name]:.3f} |" for name in left]
    lines += ["", f"Ours in {FOLDS} folds of the training sentences: accuracy {accuracy:.3f}, macro-F1 {f1:.3f}.", ""]
    print("\n".join([*lines, *risk_coverage(ours)]))


if __name__ == "__main__":
    main()

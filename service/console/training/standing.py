"""What stands in the files already: the sentences of the intents, the messages of the tests, those of triage."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from baclofen_faq.embedding import embed
from baclofen_faq.sentences import NEAR, messages_of_cases, plain, read_intents
from baclofen_faq.triage import Level
from service.console.training.correction import Correction, LeftOut
from service.conversations.second_look import CALM

LOOKED_AT = (
    40  # of the sentences with the most letters in common; of 82 pairs that say the same none was beyond the 16th
)


@dataclass(frozen=True)
class Standing:
    """What a correction may neither repeat nor contradict; the keys are what twins share.

    The messages of the holdout are not among it: nobody who improves the bot reads them. A sentence that stands there
    is caught by the linter of the training sentences (`make check`), which keeps training and holdout apart.
    """

    intents: dict[str, str]
    levels: dict[str, str]
    of_triage: frozenset[str]
    sentences: list[tuple[str, str]]

    @classmethod
    def read(cls, root: Path) -> "Standing":
        """All of it, from a tree of the project.

        Raises:
            OSError: a file is missing.
        """
        rows = [(s, intent) for intent, sentences in read_intents(root / "data" / "nlu.yml").items() for s in sentences]
        files = (root / "baclofen_faq" / "triage" / "sentences").glob("*.jsonl")
        lines = (line for path in files for line in path.read_text(encoding="utf-8").splitlines())
        return cls(
            intents={plain(sentence): intent for sentence, intent in rows},
            levels={
                plain(one.text): one.level
                for one in sorted(messages_of_cases(root / "tests"), key=lambda one: one.level)
            },
            of_triage=frozenset(plain(json.loads(line)["text"]) for line in lines),
            sentences=rows,
        )

    def objection(self, new: Correction) -> LeftOut | None:
        """Why a correction may not be written; None where it may."""
        return self._of_tests(new) or self._of_training(new)

    def _of_tests(self, new: Correction) -> LeftOut | None:
        there = self.levels.get(new.plain)
        if there is None:
            return None
        if not new.level:
            return LeftOut(new.turn, "stands in a test, and may not be trained on")
        if there and (there == new.level or {Level(there), Level(new.level)} <= set(CALM)):
            return LeftOut(new.turn, "stands in tests/cases already", is_done=True)
        return LeftOut(new.turn, f"contradicts tests/ where it stands as {there or 'a message without a level'}")

    def _of_training(self, new: Correction) -> LeftOut | None:
        there = self.intents.get(new.plain)
        if new.level and (there or new.plain in self.of_triage):
            return LeftOut(new.turn, "stands among the training sentences, and may not be tested with")
        if there == new.intent and there:
            return LeftOut(new.turn, f"stands in data/nlu.yml already, as {there}", is_done=True)
        if there:
            return LeftOut(new.turn, f"contradicts data/nlu.yml, where it stands as {there}")
        if new.plain in self.of_triage:
            return LeftOut(new.turn, "stands among the training sentences of triage")
        if new.intent and new.intent not in self.intents.values():
            return LeftOut(new.turn, f"data/nlu.yml has no intent {new.intent}")
        return self._near(new) if new.intent else None

    def _near(self, new: Correction) -> LeftOut | None:
        """A sentence of another intent that says the same, as the linter sees it."""
        wanted = _letters(new.text)
        others = [row for row in self._lettered if row[1] != new.intent]
        others = sorted(others, key=lambda row: -_in_common(wanted, row[2]))[:LOOKED_AT]
        vectors = embed([new.text, *(sentence for sentence, _, _ in others)])
        near = {others[index][1] for index in np.flatnonzero(vectors[1:] @ vectors[0] >= NEAR)}
        reason = f"says the same as a sentence of {' and '.join(sorted(near))} in data/nlu.yml"
        return LeftOut(new.turn, reason) if near else None

    @cached_property
    def _lettered(self) -> list[tuple[str, str, frozenset[str]]]:
        return [(sentence, intent, _letters(sentence)) for sentence, intent in self.sentences]


def _letters(sentence: str) -> frozenset[str]:
    """Every three letters that stand side by side."""
    text = f" {plain(sentence)} "
    return frozenset(text[index : index + 3] for index in range(len(text) - 2))


def _in_common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)

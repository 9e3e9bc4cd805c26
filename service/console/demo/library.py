"""What the made-up people of the demo data say: the YAML files beside this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Line:
    """One message of a person.

    `topic`: what Rasa would have understood, "" where that is nothing. `minutes`: after the line before. `confidence`:
    None where it is left to chance. `verdict`, `right_topic`, `right_level`: what the reviewer says of it, "" where
    that follows from what the bot did.
    """

    says: str
    topic: str = ""
    minutes: int = 1
    confidence: float | None = None
    verdict: str = ""
    right_topic: str = ""
    right_level: str = ""


@dataclass(frozen=True)
class Story:
    """A conversation of several lines, told `times` among 500; `is_open`: of the last hours, seen by nobody."""

    id: str
    times: int
    lines: tuple[Line, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Library:
    """All that is said: questions by topic (the most asked first), what stands around them, stories, notes of staff."""

    questions: Mapping[str, Sequence[str]]
    small_talk: Mapping[str, Sequence[str]]
    stories: Sequence[Story]
    notes: Mapping[str, Sequence[str]]

    def sentences(self) -> list[str]:
        """Every sentence of a person, in no order that means anything."""
        asked = [sentence for said in self.questions.values() for sentence in said]
        around = [sentence for said in self.small_talk.values() for sentence in said]
        return [*asked, *around, *(line.says for story in self.stories for line in story.lines)]


def load_library() -> Library:
    """Read the files."""
    questions = {entry["topic"]: entry["says"] for entry in _read("questions")}
    stories = [
        Story(row["id"], row["times"], tuple(Line(**line) for line in row["turns"]), row.get("is_open", False))
        for row in _read("stories")
    ]
    return Library(questions, _read("small_talk"), stories, _read("notes"))


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))

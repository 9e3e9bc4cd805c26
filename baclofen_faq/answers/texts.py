"""What stands under vetted/, as objects; texts still hold their {placeholders}."""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a fact comes from; `read_on` is the day the evidence from it was read."""

    title: str
    url: str
    read_on: datetime.date


@dataclass(frozen=True)
class Answer:
    """One vetted answer; texts still hold their {placeholders}."""

    id: str
    question: str
    level: str
    text: str
    by_route: Mapping[str, str]
    short: str
    see_also: tuple[str, ...]
    sources: tuple[Source, ...]
    is_signed: bool

    @property
    def version(self) -> str:
        """First 12 hex digits of the text's SHA-256: which wording was sent."""
        return version_of(self.text)

    def texts(self) -> Iterator[tuple[str, str]]:
        """(key, text) of everything of it that can be sent."""
        yield "text", self.text
        yield from ((f"by_route.{route}", text) for route, text in self.by_route.items())
        yield "short", self.short


@dataclass(frozen=True)
class Guidance:
    """What is sent first at a level; `overdose` is the wording where too much was taken, None where there is none.

    `by_route` holds other wordings where the route (pump, oral) is known.
    """

    id: str
    level: str
    text: str
    overdose: str | None
    by_route: Mapping[str, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Advice:
    """What the answers need of a red flag: which guidance it calls for, and its one safety action ("" for none)."""

    guidance: str
    line: str


@dataclass(frozen=True)
class Vetted:
    """Everything under vetted/ that can be sent."""

    answers: Mapping[str, Answer]
    guidance: Mapping[str, Guidance]
    lines: Mapping[str, str]
    regions: Mapping[str, Mapping[str, str]]
    advice: Mapping[str, Advice]

    def texts(self) -> Iterator[tuple[str, str]]:
        """(where, text) of every text that can be sent, placeholders unfilled."""
        for answer in self.answers.values():
            yield f"vetted/answers/{answer.id}.yml: question", answer.question
            yield from ((f"vetted/answers/{answer.id}.yml: {key}", text) for key, text in answer.texts())
        for guidance in self.guidance.values():
            yield f"vetted/guidance.yml: {guidance.id}.text", guidance.text
            if guidance.overdose:
                yield f"vetted/guidance.yml: {guidance.id}.overdose", guidance.overdose
            for route, text in guidance.by_route.items():
                yield f"vetted/guidance.yml: {guidance.id}.by_route.{route}", text
        for id, line in self.lines.items():
            yield f"vetted/guidance.yml: lines.{id}", line
        for name, region in self.regions.items():
            yield from ((f"vetted/guidance.yml: regions.{name}.{key}", line) for key, line in region.items())
        for symptom, advice in self.advice.items():
            yield f"vetted/red_flags.yml: {symptom}.advice", advice.line


def version_of(text: str) -> str:
    """First 12 hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]

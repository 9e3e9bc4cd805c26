"""What stands under vetted/, as objects; texts still hold their {placeholders}."""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from baclofen_faq.answers.signatures import Person, Signature, State

GUIDANCE, RED_FLAGS = "guidance", "red_flags"  # the files that are signed whole
REQUIRED_ANSWERS = ("cannot_answer", "contact_clinic")


@dataclass(frozen=True)
class Source:
    """Where a fact comes from; `read_on` is the day the evidence from it was read."""

    title: str
    url: str
    read_on: datetime.date


@dataclass(frozen=True)
class Text:
    """One text that can be sent: of which file of vetted/ (answers/why_taper.yml), under which key, its sources."""

    file: str
    key: str
    words: str
    sources: tuple[Source, ...] = ()

    @property
    def where(self) -> str:
        """As messages name it: `vetted/answers/why_taper.yml: short`."""
        return f"vetted/{self.file}: {self.key}"


@dataclass(frozen=True)
class Answer:
    """One vetted answer; texts still hold their {placeholders}.

    `by_route`: what is sent in place of `text` to a person known to have a pump, or to take it by mouth (oral).
    """

    id: str
    question: str
    level: str
    text: str
    by_route: Mapping[str, str]
    short: str
    see_also: tuple[str, ...]
    sources: tuple[Source, ...]

    def texts(self) -> Iterator[Text]:
        """Everything of it that can be sent."""
        file = f"answers/{self.id}.yml"
        yield Text(file, "question", self.question, self.sources)
        yield Text(file, "text", self.text, self.sources)
        for route, words in self.by_route.items():
            yield Text(file, f"by_route.{route}", words, self.sources)
        yield Text(file, "short", self.short, self.sources)


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

    def texts(self) -> Iterator[Text]:
        """Everything of it that can be sent."""
        yield Text("guidance.yml", f"{self.id}.text", self.text, self.sources)
        if self.overdose:
            yield Text("guidance.yml", f"{self.id}.overdose", self.overdose, self.sources)
        for route, words in self.by_route.items():
            yield Text("guidance.yml", f"{self.id}.by_route.{route}", words, self.sources)


@dataclass(frozen=True)
class Region:
    """The numbers of a region as far as the evidence has them, "" where it does not; and where they come from."""

    numbers: Mapping[str, str]
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Advice:
    """What the answers need of a red flag: which guidance it calls for, its safety action ("" for none), sources."""

    guidance: str
    line: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Vetted:
    """Everything under vetted/ that can be sent, with its signatures: one a file, by the file's name (why_taper).

    `follow_ups`: for a short follow-up (why, time, danger) the topic that answers it, by the topic asked about before.
    """

    answers: Mapping[str, Answer]
    guidance: Mapping[str, Guidance]
    lines: Mapping[str, str]
    regions: Mapping[str, Region]
    advice: Mapping[str, Advice]
    follow_ups: Mapping[str, Mapping[str, str]]
    signatures: Mapping[str, Signature]
    people: Mapping[str, Person]

    def state(self, id: str, today: datetime.date) -> State:
        """Whether the words of an answer, of the guidance or of the red flags are approved on that day."""
        return self.signatures[id].state(self.people, today)

    def can_be_withdrawn(self, id: str) -> bool:
        """Whether that is a medical answer that the bot can do without: no guidance, no contact, no small talk."""
        answer = self.answers.get(id)
        is_medical = answer is not None and answer.level == "information"
        return is_medical and id not in self.guidance and id not in REQUIRED_ANSWERS

    def texts(self) -> Iterator[Text]:
        """Every text that can be sent, placeholders unfilled."""
        for answer in self.answers.values():
            yield from answer.texts()
        for guidance in self.guidance.values():
            yield from guidance.texts()
        for id, line in self.lines.items():
            yield Text("guidance.yml", f"lines.{id}", line)
        for name, region in self.regions.items():
            numbers = {key: number for key, number in region.numbers.items() if number}
            for key, number in numbers.items():
                yield Text("guidance.yml", f"regions.{name}.{key}", number, region.sources)
        for symptom, advice in self.advice.items():
            if advice.line:
                yield Text("red_flags.yml", f"{symptom}.advice", advice.line, advice.sources)


def version_of(text: str) -> str:
    """First 12 hex digits of a text's SHA-256: which wording was sent."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]

"""Every wording of one answer: those that can be sent now, and those that were sent before."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from baclofen_faq.answers import Vetted, ledger
from baclofen_faq.answers.reading_grade import reading_grade
from baclofen_faq.answers.texts import Source, Text, version_of
from service.console.sent import NEVER, Sent, Wording, beside_answers

NAMES = {
    "question": "Question, as buttons show it",
    "text": "In full",
    "by_route.pump": "In full, for a person with a pump",
    "by_route.oral": "In full, for a person who takes it by mouth",
    "short": "Short: text messages, and “simpler”",
}


@dataclass(frozen=True)
class Shown:
    """One text as it stands in its file, placeholders unfilled; `grade` is None for what is too short to have one."""

    name: str
    words: str
    count: int
    grade: float | None
    version: str
    is_sent_alone: bool
    sent: Sent


def shown(vetted: Vetted, id: str, counts: Mapping[Wording, Sent]) -> Iterator[Shown]:
    """Every text of a file.

    Raises:
        VettedFileError: nothing has that id.
    """
    for text in ledger.texts_of(vetted, id):
        version = version_of(text.words)
        yield Shown(
            name=NAMES.get(text.key, text.key.replace("_", " ").replace(".", ", ")),
            words=text.words,
            count=len(text.words.split()),
            grade=_grade(text),
            version=version,
            is_sent_alone=id in vetted.answers and text.key != "question",
            sent=counts.get((id, version), NEVER),
        )


def before(vetted: Vetted, id: str, counts: Mapping[Wording, Sent]) -> list[tuple[str, Sent]]:
    """The versions that were sent and stand in no file now, the one sent most first."""
    now = {version_of(text.words) for text in ledger.texts_of(vetted, id)} | beside_answers(vetted)
    others = [(version, one) for (of, version), one in counts.items() if of == id and version not in now]
    return sorted(others, key=lambda one: -one[1].in_all)


def sources(vetted: Vetted, id: str) -> list[Source]:
    """What its facts come from, each once."""
    return list(dict.fromkeys(source for text in ledger.texts_of(vetted, id) for source in text.sources))


def _grade(text: Text) -> float | None:
    return max(0.0, round(reading_grade(text.words), 1)) if text.words.count(".") >= ledger.FEWEST_SENTENCES else None

"""What triage says of a message."""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Level(str, Enum):
    """How urgent; the first reply's duty. Ordered: NONE < INFORMATION < ADVISORY < EMERGENCY."""

    NONE = "none"
    INFORMATION = "information"
    ADVISORY = "advisory"
    EMERGENCY = "emergency"

    @property
    def urgency(self) -> int:
        """0 for NONE to 3 for EMERGENCY."""
        return list(Level).index(self)


class Status(str, Enum):
    """Why a finding counts or not. CURRENT counts, and OPEN: said before, and not over yet.

    MENTIONED: the words are there, nothing says who has it or when; it counts where the whole message sounds like it.
    ELSEWHERE: somebody who is with paramedics or in hospital already, or an animal.
    """

    CURRENT = "current"
    MENTIONED = "mentioned"
    OPEN = "open"
    DENIED = "denied"
    PAST = "past"
    HYPOTHETICAL = "hypothetical"
    QUESTION = "question"
    ELSEWHERE = "elsewhere"


DESCRIBED = "described"  # the semantic layer's finding: the whole message sounds like it, whatever its words
NEEDS_PRESCRIBER = "needs_prescriber"  # and this one where it sounds as if the prescriber were needed today
SELF_HARM = "self_harm"
REPEATED = "repeated"  # an advisory in several sessions of one day
SOUND, SAID_BEFORE, MEASURE = "sound", "said before", "measure"  # what stands for a phrase where there is none
COUNTING = (Status.CURRENT, Status.OPEN)


@dataclass(frozen=True)
class Finding:
    """One symptom found: characters start to end of the text, the level that it has where it counts.

    `phrase`: the phrase of red_flags.yml that found it, or what did (SOUND, SAID_BEFORE, MEASURE).
    """

    symptom: str
    start: int
    end: int
    status: Status
    level: Level
    phrase: str = SOUND


@dataclass(frozen=True)
class Assessment:
    """The level of a message and what it rests on, findings in text order."""

    level: Level
    findings: tuple[Finding, ...]

    @property
    def counting(self) -> tuple[str, ...]:
        """Ids of the symptoms that make the level, each once, in text order."""
        ids = (f.symptom for f in self.findings if f.status in COUNTING and f.level is self.level)
        return tuple(dict.fromkeys(ids))

    @property
    def is_of_words(self) -> bool:
        """Whether the message itself makes the level, and not only what was said before."""
        return any(f.status is Status.CURRENT and f.level is self.level for f in self.findings)

    @property
    def is_only_kept_open(self) -> bool:
        """Whether an emergency was reported before and this message reports none; a crisis is never only that."""
        return self.level is Level.EMERGENCY and not self.is_of_words and SELF_HARM not in self.counting

    @property
    def is_severe_symptom_mentioned(self) -> bool:
        """Whether a severe symptom is spoken of that does not count (asked about, denied, past, hypothetical)."""
        return any(f.level is Level.EMERGENCY and f.status not in COUNTING for f in self.findings)

    def as_json(self) -> dict[str, Any]:
        """What travels to Rasa and its actions: plain JSON, no words of the person."""
        return {
            "level": self.level.value,
            "symptoms": list(self.counting),
            "is_severe_symptom_mentioned": self.is_severe_symptom_mentioned,
            "is_only_kept_open": self.is_only_kept_open,
        }

"""One reviewer's correction, as a line of a file; and what cannot be one."""

import re
from dataclasses import dataclass

from baclofen_faq.answers import YES_OR_NO, load_clinic
from baclofen_faq.redaction import redact
from baclofen_faq.sentences import plain
from baclofen_faq.triage import assess
from service.conversations.models import Verdict
from service.conversations.record import NOT_KEPT
from service.conversations.second_look import CALM, level_today

LONGEST_SENTENCE = 300  # characters; the longest of data/nlu.yml has 234
PLACEHOLDER = re.compile(r"\[\w+\]")
READ_AS_ENTITY = re.compile(r"\](?=[({\[])")  # Rasa reads "[name](...)" in a training sentence as an entity
WORDS_OF_BUTTONS = [title.lower() for title in YES_OR_NO.values()]


@dataclass(frozen=True)
class Correction:
    """A message with what it should have been: an intent, or a level, which goes before."""

    turn: int
    text: str
    intent: str
    level: str
    by: str
    why: str

    @property
    def plain(self) -> str:
        """What its twins share."""
        return plain(self.text)

    @property
    def wanted(self) -> tuple[str, str]:
        """What it should have been; twins that want the same are one."""
        return self.intent, self.level

    @property
    def comment(self) -> str:
        """Who said so, and of which turn."""
        return f"# reviewed by {one_line(self.by)}, turn {self.turn}"


@dataclass(frozen=True)
class LeftOut:
    """A correction that is not written, and why. `is_done`: what it asks for stands there already."""

    turn: int
    reason: str
    is_done: bool = False


def correction_of(verdict: Verdict) -> Correction | LeftOut:
    """What a verdict asks for, with its words redacted once more and on one line."""
    message = verdict.message
    text = one_line(redact(message.text, load_clinic().phone_country).text)
    intent = "" if verdict.right_level else verdict.right_topic
    why = f"reviewed: {verdict.get_code_display()}; it was {message.level}"
    correction = Correction(message.pk, text, intent, verdict.right_level, verdict.by, why)
    reason = _says_nothing(verdict) or (_not_by_itself(verdict, text) if verdict.right_level else _no_sentence(text))
    return LeftOut(message.pk, reason) if reason else correction


def one_line(text: str) -> str:
    """A text that YAML and Rasa take as it is: one line, no characters that cannot be printed, no entity.

    >>> one_line("this is [name](my son),   help")
    'this is [name] (my son), help'
    """
    printable = "".join(one if one.isprintable() else " " for one in text)
    return READ_AS_ENTITY.sub("] ", " ".join(printable.split()))


def _says_nothing(verdict: Verdict) -> str:
    """Why a message teaches nothing, whatever it should have been."""
    text = verdict.message.text
    if verdict.message.conversation.is_demo:
        return "of demo data"
    if text == NOT_KEPT:
        return "its words were not kept"
    if text.startswith("/") or text in WORDS_OF_BUTTONS:
        return "a button, no words"
    is_wordless = not re.search(r"[^\W\d_]", PLACEHOLDER.sub("", text))
    return "nothing but placeholders or signs" if is_wordless else ""


def _not_by_itself(verdict: Verdict, text: str) -> str:
    """Why a level cannot be tested with this one message."""
    levels = {assess(text).level, level_today(verdict.message)}
    is_same = len(levels) == 1 or levels <= set(CALM)
    return "" if is_same else "its level rests on what was said before; write a dialogue into tests/cases/dialogues.yml"


def _no_sentence(text: str) -> str:
    """Why a message is no training sentence."""
    is_short = len(text) <= LONGEST_SENTENCE
    return "" if is_short else f"over {LONGEST_SENTENCE} characters; shorten it by hand"

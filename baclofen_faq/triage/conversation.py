"""What the words alone cannot tell: an emergency that is still open, a pump that was spoken of before."""

from dataclasses import dataclass, replace

from baclofen_faq.triage import cues
from baclofen_faq.triage.assessment import Assessment, Finding, Level, Status
from baclofen_faq.triage.semantic import load_semantic_model
from baclofen_faq.triage.words import read

SELF_HARM = "self_harm"
EARLY_SIGNS = "early_signs"
SURE, LIKELY = 0.8, 0.6  # probabilities: an emergency is closed only when sure


@dataclass(frozen=True)
class Context:
    """What was said before in a conversation.

    `open_level` is ADVISORY or EMERGENCY while nobody said that help is there or that it did not happen, NONE
    otherwise; `symptoms` are the ids that opened it.
    """

    open_level: Level = Level.NONE
    symptoms: tuple[str, ...] = ()
    has_pump: bool = False


NOTHING_BEFORE = Context()


def in_context(assessment: Assessment, text: str, context: Context) -> Assessment:
    """The assessment of the words, raised by what was said before, or lowered where the person says that it is over.

    Args:
        assessment: of the words alone; an emergency stays one, whatever was said before.
        text: the same message.
        context: what was said before.

    Returns:
        An assessment; a message that only keeps an open level carries the symptoms that opened it.
    Source: the rules for an open emergency. A relative who plays it down, "it stopped" and "never mind" close nothing.
    """
    if assessment.level is Level.EMERGENCY or context == NOTHING_BEFORE:
        return assessment
    if context.open_level is not Level.NONE and is_over(text, context):
        return Assessment(Level.INFORMATION, ())
    if context.has_pump and EARLY_SIGNS in assessment.counting:
        return _with(assessment, (EARLY_SIGNS,), Status.CURRENT, Level.EMERGENCY, text)
    if is_thanks(text) or is_another_question(text) or context.open_level.urgency <= assessment.level.urgency:
        return assessment
    return _with(assessment, context.symptoms, Status.OPEN, context.open_level, text)


def is_over(text: str, context: Context) -> bool:
    """The message says that help is there or that it did not happen; after self-harm, that somebody is with them."""
    if text.startswith("/") or cues.NO_HELP.search(text):  # a button's payload says nothing about it
        return False
    closings = load_semantic_model().closings(text)
    is_helped = cues.HELP_IS_HERE.search(text) is not None
    if SELF_HARM in context.symptoms:
        sounds_over = closings["help"] + closings["safe"] >= SURE
        return is_helped or sounds_over or cues.SAFE_NOW.search(text) is not None
    sounds_over = closings["help"] + closings["safe"] + closings["not_happened"] >= SURE
    return is_helped or sounds_over or cues.DID_NOT_HAPPEN.search(text) is not None


def is_thanks(text: str) -> bool:
    """Whether the message is no more than "thanks" or "ok, calling"."""
    if not text.strip() or text.startswith("/") or "?" in text:
        return False
    return cues.THANKS.match(text) is not None or load_semantic_model().closings(text)["thanks"] >= LIKELY


def is_another_question(text: str) -> bool:
    """A question that stands by itself ("why taper?"), not one about the open emergency ("is that bad?")."""
    words = " ".join(token.norm_ for token in read(text))
    is_question = "?" in text or cues.QUESTION_START.search(words) is not None or cues.ASKING.search(words) is not None
    return is_question and cues.ABOUT_IT.search(words) is None


def after(assessment: Assessment, text: str, context: Context) -> Context:
    """What is known once this message was said."""
    has_pump = bool(cues.HAS_PUMP.search(text)) or (context.has_pump and not cues.NO_PUMP.search(text))
    known = replace(context, has_pump=has_pump)
    if assessment.level.urgency >= max(Level.ADVISORY.urgency, context.open_level.urgency):
        return replace(known, open_level=assessment.level, symptoms=assessment.counting)
    if not is_thanks(text) and is_over(text, context):
        return replace(known, open_level=Level.NONE, symptoms=())
    return known


def _with(assessment: Assessment, symptoms: tuple[str, ...], status: Status, level: Level, text: str) -> Assessment:
    kept = tuple(Finding(symptom, 0, len(text), status, level) for symptom in symptoms)
    return Assessment(level, (*assessment.findings, *kept))

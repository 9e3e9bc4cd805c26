"""What the words alone cannot tell: an open emergency, the route, what the bot asked, earlier sessions."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum
from typing import Any

from baclofen_faq.triage import conversation_cues as cues
from baclofen_faq.triage.assessment import (
    DESCRIBED,
    REPEATED,
    SAID_BEFORE,
    SELF_HARM,
    Assessment,
    Finding,
    Level,
    Status,
)
from baclofen_faq.triage.semantic import load_semantic_model

EARLY_SIGNS = "early_signs"
SURE, LIKELY = 0.9, 0.6  # probabilities: an emergency is closed only when sure
ENDS = {"help": cues.HELP_IS_HERE, "safe": cues.SAFE_NOW, "not_happened": cues.DID_NOT_HAPPEN}
SESSIONS_TO_EMERGENCY = 2


class Route(str, Enum):
    """How the person gets baclofen."""

    UNKNOWN = "unknown"
    PUMP = "pump"
    ORAL = "oral"


@dataclass(frozen=True)
class Context:
    """What was said before in a conversation.

    `open_level` is ADVISORY or EMERGENCY while nobody said that help is there or that it did not happen, NONE
    otherwise; `symptoms` are the ids that opened it. `is_asked`: the bot's last words were the closed question of the
    grey band. `after_crisis`: self-harm was spoken of since the talk began. `earlier_advisories`: how many of the
    sessions before this one, in the last 24 hours, had an advisory.
    """

    open_level: Level = Level.NONE
    symptoms: tuple[str, ...] = ()
    route: Route = Route.UNKNOWN
    is_asked: bool = False
    after_crisis: bool = False
    earlier_advisories: int = 0


NOTHING_BEFORE = Context()


@dataclass(frozen=True)
class Told:
    """What one message tells that the next ones need: plain facts, none of its words.

    `symptoms` make the level; `is_of_words`: the message itself makes it. `route` is UNKNOWN where nothing is said of
    it; `is_route_guessed`: it only sounds so, and changes nothing that is known. `is_no` and `is_over`: the person says
    "no", or that help is there or that it did not happen. `is_wordless`: a photo or the like, which answers nothing.
    """

    level: Level
    symptoms: tuple[str, ...] = ()
    is_of_words: bool = False
    is_unsure: bool = False
    route: Route = Route.UNKNOWN
    is_route_guessed: bool = False
    is_no: bool = False
    is_over: bool = False
    is_wordless: bool = False

    def as_json(self) -> dict[str, Any]:
        """As plain JSON."""
        return {**asdict(self), "level": self.level.value, "route": self.route.value, "symptoms": list(self.symptoms)}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Told":
        """The other way round; what another version wrote and this one does not know is left out.

        >>> told = Told(Level.ADVISORY, ("missed_doses",), route=Route.PUMP)
        >>> Told.from_json(told.as_json()) == told
        True
        """
        known = {field.name: told[field.name] for field in fields(cls) if field.name in told}
        level, route = Level(told.get("level", "none")), Route(told.get("route", "unknown"))
        return cls(**{**known, "level": level, "route": route, "symptoms": tuple(told.get("symptoms", ()))})


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
    if context.is_asked and cues.YES.match(text):
        return _with(assessment, context.symptoms or (DESCRIBED,), Status.CURRENT, Level.EMERGENCY, text)
    if is_over(text, context):
        return Assessment(Level.INFORMATION, ())
    if context.route is Route.PUMP and EARLY_SIGNS in assessment.counting:
        return _with(assessment, (EARLY_SIGNS,), Status.CURRENT, Level.EMERGENCY, text)
    return _repeated(_kept_open(assessment, text, context), text, context)


def _kept_open(assessment: Assessment, text: str, context: Context) -> Assessment:
    """An open level stays, but for thanks, and for a question that stands by itself where it is no crisis."""
    is_lower = assessment.level.urgency < context.open_level.urgency
    is_aside = is_thanks(text) or (SELF_HARM not in context.symptoms and is_another_question(text))
    if not is_lower or is_aside:
        return assessment
    return _with(assessment, context.symptoms, Status.OPEN, context.open_level, text)


def _repeated(assessment: Assessment, text: str, context: Context) -> Assessment:
    """The second session of a day with an advisory says so, the third is an emergency.

    Source: repeat contact within 24 hours with NHS 111 and missed cases; sessions count, not messages.
    """
    if assessment.level is not Level.ADVISORY or not assessment.is_of_words or not context.earlier_advisories:
        return assessment
    is_third = context.earlier_advisories >= SESSIONS_TO_EMERGENCY
    return _with(assessment, (REPEATED,), Status.CURRENT, Level.EMERGENCY if is_third else Level.ADVISORY, text)


def is_over(text: str, context: Context) -> bool:
    """The message says that help is there or that it did not happen; after self-harm, that somebody is with them.

    "No" to the closed question of the grey band says that it did not.
    """
    if context.is_asked and cues.NO.match(text):
        return True
    if context.open_level is Level.NONE or text.startswith("/") or cues.NO_HELP.search(text):
        return False
    closings = load_semantic_model().closings(text)
    ends = ["help"] if SELF_HARM in context.symptoms else ["help", "not_happened"]
    if SELF_HARM in context.symptoms or (DESCRIBED in context.symptoms and cues.SAFE_MYSELF.search(text)):
        ends.append("safe")
    is_said = any(ENDS[end].search(text) for end in ends)
    if not is_said and cues.DENIES.search(text):  # "he didn't hit his head" denies a detail, not the emergency
        ends = [end for end in ends if end != "not_happened"]
    return (is_said and sum(closings[end] for end in ends) >= LIKELY) or max(closings[end] for end in ends) >= SURE


def says_it_is_over(text: str) -> bool:
    """Whether a message by itself says so, in plain words and by its sound: help is there, it did not happen, safe."""
    closings = load_semantic_model().closings(text)
    is_said = any(cue.search(text) for cue in ENDS.values()) and not cues.NO_HELP.search(text)
    return is_said and sum(closings[end] for end in ENDS) >= SURE


def is_thanks(text: str) -> bool:
    """Whether the message is no more than "thanks" or "ok, calling"; a bare "yes" or "no" is not."""
    if not text.strip() or text.startswith("/") or "?" in text or cues.YES.match(text) or cues.NO.match(text):
        return False
    if cues.THANKS.match(text):
        return True
    return cues.ACKNOWLEDGES.search(text) is not None and load_semantic_model().closings(text)["thanks"] >= LIKELY


def is_another_question(text: str) -> bool:
    """A question that stands by itself ("why taper?"), not one about the open emergency ("is that bad?").

    A wish about one's own words ("delete my conversation") stands by itself, too.
    """
    if text.startswith("/") or is_about_own_words(text):
        return True
    if not cues.IS_QUESTION.search(text):
        return False
    is_likely = (
        load_semantic_model().closings(text)["question"] >= LIKELY or cues.ASKS_SOMETHING.match(text) is not None
    )
    return is_likely and cues.ABOUT_IT.search(text) is None


def is_about_own_words(text: str) -> bool:
    """A wish about what is kept ("delete my conversation"), in words or as a button's payload."""
    return cues.OWN_WORDS.search(text) is not None


def is_unsure(assessment: Assessment) -> bool:
    """The grey band: it only sounds as if, so the bot asks whether it is happening now."""
    return assessment.level is Level.ADVISORY and set(assessment.counting) - {REPEATED} == {DESCRIBED}


def is_to_be_asked(assessment: Assessment, context: Context) -> bool:
    """Whether the bot asks if it is happening now; not while an emergency is open, which no "no" may close."""
    return is_unsure(assessment) and context.open_level is not Level.EMERGENCY


def told_by(assessment: Assessment, text: str, context: Context = NOTHING_BEFORE) -> Told:
    """What a message tells for the next ones.

    Args:
        assessment: of the message, in its context.
        text: the message as typed.
        context: what was said before; an emergency of the words needs none.
    """
    route, is_guessed = told_route(text)
    is_low = assessment.level.urgency < Level.ADVISORY.urgency
    return Told(
        level=assessment.level,
        symptoms=assessment.counting,
        is_of_words=assessment.is_of_words,
        is_unsure=is_unsure(assessment),
        route=route,
        is_route_guessed=is_guessed,
        is_no=cues.NO.match(text) is not None,
        is_over=is_low and not is_thanks(text) and is_over(text, context),
    )


def without_words() -> Told:
    """What a photo, a voice note or the like tells: nothing, and what was asked is still asked."""
    return Told(Level.NONE, is_wordless=True)


def after(told: Told, context: Context) -> Context:
    """What is known once a message was said."""
    if told.is_wordless:
        return context
    is_new = told.route is not Route.UNKNOWN and not (told.is_route_guessed and context.route is not Route.UNKNOWN)
    known = replace(
        context,
        route=told.route if is_new else context.route,
        is_asked=told.is_unsure and context.open_level is not Level.EMERGENCY,
        after_crisis=context.after_crisis or SELF_HARM in told.symptoms,
    )
    if told.level.urgency >= max(Level.ADVISORY.urgency, context.open_level.urgency):
        before = context.symptoms if told.level is context.open_level else ()
        return replace(known, open_level=told.level, symptoms=tuple(dict.fromkeys((*before, *told.symptoms))))
    if context.is_asked and told.is_no:
        left = tuple(symptom for symptom in context.symptoms if symptom not in (DESCRIBED, REPEATED))
        return replace(known, open_level=context.open_level if left else Level.NONE, symptoms=left)
    return replace(known, open_level=Level.NONE, symptoms=()) if told.is_over else known


def told_route(text: str) -> tuple[Route, bool]:
    """How the person gets baclofen by this message, and whether that is only a guess."""
    if cues.HAS_PUMP.search(text) and not cues.NO_PUMP.search(text):
        return Route.PUMP, False
    if cues.NO_PUMP.search(text):
        return Route.ORAL, False
    return (Route.ORAL, True) if cues.BY_MOUTH.search(text) else (Route.UNKNOWN, False)


def _with(assessment: Assessment, symptoms: tuple[str, ...], status: Status, level: Level, text: str) -> Assessment:
    kept = tuple(Finding(symptom, 0, len(text), status, level, SAID_BEFORE) for symptom in symptoms)
    return Assessment(level, (*assessment.findings, *kept))

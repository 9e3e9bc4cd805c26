"""What the bot says to a made-up message: the real vetted texts, put together as the gateway and Rasa do it."""

from functools import cache

from baclofen_faq.answers import BY_OWN_NAME, Marker, Replies, Reply, load_replies
from baclofen_faq.triage import Assessment, Context, Level, is_over, is_thanks, is_to_be_asked
from service.console.demo.library import Line

ANSWERED_FROM = 0.5  # confidence of the intent
NEAREST = ("signs_overview", "pump_problem", "contact_clinic")
FEEDBACK = "feedback_"


@cache
def vetted() -> Replies:
    """The replies of vetted/ and clinic.yml."""
    return load_replies()


def intent_of(line: Line) -> str:
    """What Rasa would have understood; "" where it was not asked, or a line of the library names no topic."""
    if not line.topic or line.topic in BY_OWN_NAME or line.topic.startswith(FEEDBACK):
        return line.topic
    return f"ask_{line.topic}"


def said_to(
    line: Line, assessment: Assessment, context: Context, route: str, confidence: float, before: str
) -> tuple[list[Reply], bool]:
    """The replies to one line, and whether Rasa had a say in them.

    Args:
        line: what was said.
        assessment: of it, in its context.
        context: what was said before.
        route: how the person gets baclofen, as far as it is known now.
        confidence: of the intent.
        before: the topic that was answered last, "" where none was.
    """
    guidance = vetted().guidance(assessment.level.value, assessment.counting, route) if _is_urgent(assessment) else None
    if guidance and assessment.level is Level.EMERGENCY:
        return [guidance], False
    aside = _aside(line.says, assessment, context)
    if aside:
        return [aside], False
    answer = _answer(line, assessment, route, confidence, before) if line.topic else None
    said = [reply for reply in (guidance, answer) if reply] or [vetted().cannot_answer(())]
    if is_to_be_asked(assessment, context):
        said.append(vetted().is_it_now())
    if context.after_crisis:
        said[-1] = vetted().after_crisis(said[-1])
    return said, True


def _is_urgent(assessment: Assessment) -> bool:
    return assessment.level.urgency >= Level.ADVISORY.urgency


def _aside(text: str, assessment: Assessment, context: Context) -> Reply | None:
    """What is said to "they are here" and to thanks while an emergency is open."""
    if context.open_level is not Level.EMERGENCY or assessment.level is Level.ADVISORY:
        return None
    if is_over(text, context):
        return vetted().closed(is_crisis=context.after_crisis)
    return vetted().reminder() if is_thanks(text) else None


def _answer(line: Line, assessment: Assessment, route: str, confidence: float, before: str) -> Reply:
    is_mentioned = assessment.is_severe_symptom_mentioned
    if line.topic.startswith(FEEDBACK):
        marker = Marker(line.topic.removeprefix(FEEDBACK))
        return vetted().feedback(before, marker) if before else vetted().what_else()
    if confidence < ANSWERED_FROM:
        return vetted().cannot_answer(NEAREST, is_mentioned)
    return vetted().answer(line.topic, is_mentioned, route)

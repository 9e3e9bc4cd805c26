"""assess(): one message to its level and findings."""

from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from baclofen_faq.triage import temperature
from baclofen_faq.triage.assessment import DESCRIBED, Assessment, Finding, Level, Status
from baclofen_faq.triage.context import status_of
from baclofen_faq.triage.conversation import NOTHING_BEFORE, Context, in_context
from baclofen_faq.triage.red_flags import IDIOM, RedFlags, Temperature, load_red_flags
from baclofen_faq.triage.semantic import semantic_level
from baclofen_faq.triage.words import read


def assess(text: str, context: Context = NOTHING_BEFORE) -> Assessment:
    """Say how urgent one message is: by its phrases, raised by the semantic layer, and by what was said before.

    Args:
        text: one message as typed, 0 to 4,000 characters, any number of sentences.
        context: what was said before in the conversation; without it the words decide.

    Returns:
        Assessment; `.findings` in text order, () when none; start/end count characters of `text`.
        `.level` is none where nothing was found: the answer then says its own level.

    Raises:
        VettedFileError: the symptom list is missing or malformed.
    Source: vetted/red_flags.yml; NegEx, Chapman 2001, doi:10.1006/jbin.2001.1029, scope narrowed for chat.
    >>> assess("no fever but she is having a seizure").level
    <Level.EMERGENCY: 'emergency'>
    >>> assess("no seizures, just wondering why I have to taper").level
    <Level.INFORMATION: 'information'>
    """
    red_flags = load_red_flags()
    doc = read(text)
    spans = _symptom_spans(doc, red_flags)
    found = [_finding(span, spans, red_flags) for span in spans]
    findings = [_raised(finding, found, text, red_flags) for finding in found]
    level = _level(findings)
    sounds_like = semantic_level(text, is_explained=level in (Level.INFORMATION, Level.ADVISORY))
    if sounds_like.urgency > level.urgency:
        findings.append(Finding(DESCRIBED, 0, len(text), Status.CURRENT, sounds_like))
    of_words = Assessment(max(level, sounds_like, key=lambda one: one.urgency), tuple(findings))
    return in_context(of_words, text, context)


def _symptom_spans(doc: Doc, red_flags: RedFlags) -> list[Span]:
    """Longest matches of the phrases and the measured temperatures, without those that stand in an idiom."""
    matches = red_flags.matcher(doc, as_spans=True)
    idioms = {index for span in matches if span.label_ == IDIOM for index in range(span.start, span.end)}
    named = [span for span in matches if span.label_ != IDIOM and not idioms & set(range(span.start, span.end))]
    measured = list(_measured(doc, red_flags.temperature))
    return list(filter_spans(measured + named))


def _measured(doc: Doc, limits: Temperature) -> Iterable[Span]:
    for start, end, celsius in temperature.readings(doc.text):
        if celsius < limits.fever_from_celsius:
            continue
        label = limits.symptom if round(celsius, 1) >= limits.limit_celsius else limits.below_limit
        span = doc.char_span(start, end, label=label, alignment_mode="expand")
        yield span


def _finding(span: Span, spans: list[Span], red_flags: RedFlags) -> Finding:
    level = red_flags.levels[span.label_]
    return Finding(span.label_, span.start_char, span.end_char, status_of(span, spans), level)


def _raised(finding: Finding, found: list[Finding], text: str, red_flags: RedFlags) -> Finding:
    """The finding, an emergency where a combination makes it one."""
    others = [f for f in found if f.symptom != finding.symptom and f.status is Status.CURRENT]
    is_raised = any(
        finding.symptom in combination.symptoms
        and (combination.with_words.search(text) or (combination.with_any_other_symptom and others))
        for combination in red_flags.combinations
    )
    return replace(finding, level=Level.EMERGENCY) if is_raised else finding


def _level(findings: list[Finding]) -> Level:
    if not findings:
        return Level.NONE
    counting = [finding.level for finding in findings if finding.status is Status.CURRENT]
    return max(counting, key=lambda level: level.urgency, default=Level.INFORMATION)

"""assess(): one message to its level and findings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from baclofen_faq.triage import cues
from baclofen_faq.triage.assessment import DESCRIBED, MEASURE, NEEDS_PRESCRIBER, Assessment, Finding, Level, Status
from baclofen_faq.triage.context import is_only_about_animals, status_of
from baclofen_faq.triage.conversation import NOTHING_BEFORE, Context, in_context, says_it_is_over
from baclofen_faq.triage.measures import measured
from baclofen_faq.triage.red_flags import EVERYDAY, IDIOM, RedFlags, load_red_flags
from baclofen_faq.triage.semantic import Hint, Sound, sound_of
from baclofen_faq.triage.words import with_blanks

MOST_FINDINGS = 20  # at each end of a message; a long one that says the same again and again must hold nobody up
EXPLAINING = {Status.DENIED, Status.PAST, Status.HYPOTHETICAL, Status.ELSEWHERE}


@dataclass(frozen=True)
class ByRules:
    """What the rules alone make of a message: level and findings, and what the semantic layer needs to go on."""

    text: str
    doc: Doc
    findings: tuple[Finding, ...]
    is_everyday: bool

    @property
    def assessment(self) -> Assessment:
        """By the rules alone."""
        return Assessment(_level(self.findings), self.findings)


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
    return in_context(listen(by_rules(text)), text, context)


def by_rules(text: str) -> ByRules:
    """What the phrases, the measures and the combinations find, each with why it counts or not; no model is asked."""
    doc = load_red_flags().reader.read(text)
    spans = list(load_red_flags().phrases.find(doc))
    is_everyday = any(span.label_ == EVERYDAY for span in spans)
    return ByRules(text, doc, tuple(_found(doc, text, spans)), is_everyday)


def listen(message: ByRules) -> Assessment:
    """The assessment, raised by the semantic layer; it is not asked about an emergency of the rules."""
    level, findings = _level(message.findings), message.findings
    if level is Level.EMERGENCY:
        return message.assessment
    heard = _heard(message.doc, _to_be_heard(message), _hint(findings, message.is_everyday))
    if heard and heard.level.urgency > level.urgency:
        findings = (*findings, heard)
    return Assessment(_level(findings), findings)


def _found(doc: Doc, text: str, phrases: list[Span]) -> list[Finding]:
    red_flags = load_red_flags()
    spans = _symptom_spans(doc, text, phrases, red_flags)
    spans = spans[:MOST_FINDINGS] + spans[MOST_FINDINGS:][-MOST_FINDINGS:]
    found = [_finding(span, spans, red_flags) for span in spans]
    spelling = " ".join(token.norm_ for token in doc)
    raised = [_raised(finding, found, spelling, red_flags) for finding in found]
    return [finding for finding in raised if finding.level is not Level.NONE]


def _to_be_heard(message: ByRules) -> str:
    """The message with its lost blanks; without the figure of a fever below the limit, which the rules have judged."""
    limit = load_red_flags().limits.low_fever
    figure = next((f for f in message.findings if (f.symptom, f.phrase) == (limit, MEASURE)), None)
    if figure:
        return message.text[: figure.start] + message.text[figure.end :]
    return with_blanks(message.doc, message.text)


def _heard(doc: Doc, text: str, hint: Hint) -> Finding | None:
    """What the semantic layer hears in the whole message; nothing where that says it is over, or is only of animals."""
    symptom, level = {
        Sound.EMERGENCY: (DESCRIBED, Level.EMERGENCY),
        Sound.UNSURE: (DESCRIBED, Level.ADVISORY),
        Sound.ADVISORY: (NEEDS_PRESCRIBER, Level.ADVISORY),
        Sound.CALM: (DESCRIBED, Level.NONE),
    }[sound_of(_reported(text), hint)]
    if level is Level.NONE or says_it_is_over(text) or is_only_about_animals(doc):
        return None
    return Finding(symptom, 0, len(doc.text), Status.CURRENT, level)


def _reported(text: str) -> list[str]:
    """The message; and without its "in theory, if", where what follows is of right now ("... took ten an hour ago")."""
    opener = cues.IN_THEORY.match(text)
    is_now = opener is not None and cues.OF_RIGHT_NOW.search(text) is not None
    return [text, text[opener.end() :]] if opener and is_now else [text]


def _hint(findings: Sequence[Finding], is_everyday: bool) -> Hint:
    """What the rules know of a message whose level is no emergency yet."""
    statuses = {finding.status for finding in findings if finding.level is Level.EMERGENCY}
    if Status.MENTIONED in statuses:
        return Hint.MENTIONED
    current = {finding.symptom for finding in findings if finding.status is Status.CURRENT}
    if is_everyday and not current:
        return Hint.EVERYDAY
    if (statuses and statuses <= EXPLAINING) or current == {load_red_flags().limits.low_fever}:
        return Hint.EXPLAINED
    return Hint.ADVISORY if current else Hint.NOTHING_KNOWN


def _symptom_spans(doc: Doc, text: str, phrases: list[Span], red_flags: RedFlags) -> list[Span]:
    """Longest matches of the phrases and the measures, without those that stand in an idiom."""
    idioms = {index for span in phrases if span.label_ == IDIOM for index in range(span.start, span.end)}
    symptoms = [span for span in phrases if span.label_ not in (IDIOM, EVERYDAY)]
    named = [span for span in symptoms if not idioms & set(range(span.start, span.end))]
    numbers = [
        doc.char_span(*place, label=symptom, span_id=MEASURE, alignment_mode="expand")
        for *place, symptom in measured(text, red_flags.limits)
    ]
    return list(filter_spans(numbers + named))


def _finding(span: Span, spans: list[Span], red_flags: RedFlags) -> Finding:
    level, status = red_flags.levels[span.label_], status_of(span, spans)
    if status is Status.MENTIONED and level is not Level.EMERGENCY:
        status = Status.CURRENT
    return Finding(span.label_, span.start_char, span.end_char, status, level, span.id_)


def _raised(finding: Finding, found: list[Finding], spelling: str, red_flags: RedFlags) -> Finding:
    """The finding, an emergency where a combination makes it one."""
    others = {other.symptom for other in found if other is not finding and other.status is Status.CURRENT}
    is_raised = any(
        (combination.with_words and combination.with_words.search(spelling)) or combination.with_symptoms & others
        for combination in red_flags.combinations
        if finding.symptom in combination.symptoms
    )
    return replace(finding, level=Level.EMERGENCY) if is_raised else finding


def _level(findings: Sequence[Finding]) -> Level:
    if not findings:
        return Level.NONE
    counting = [finding.level for finding in findings if finding.status is Status.CURRENT]
    return max(counting, key=lambda level: level.urgency, default=Level.INFORMATION)

"""Why a finding counts or not: rules bounded by clause. Where none applies, the finding counts (doubt escalates)."""

import re

from spacy.tokens import Doc, Span

from baclofen_faq.triage import cues
from baclofen_faq.triage.assessment import Status


def status_of(finding: Span, others: list[Span]) -> Status:
    """Say why one finding counts or not.

    Args:
        finding: the symptom's words in the message.
        others: all findings of the message, the finding itself included.
    Source: clause-bounded negation after NegEx, Chapman 2001, doi:10.1006/jbin.2001.1029, scope narrowed for chat.
    """
    doc = finding.doc
    clause, sentence = _around(finding, cues.CLAUSE_END), _around(finding, cues.SENTENCE_END)
    before, after = _norms(doc[clause.start : finding.start]), _norms(doc[finding.end : clause.end], lead=" ")
    is_recent = cues.RECENT.search(f"{before} | {after}") is not None
    is_report = _is_report(_norms(doc[clause.start : finding.end]))
    if _is_denied(finding, clause, before, after, others):
        return Status.CURRENT if cues.BUT_NOW.search(_norms(doc[finding.end :])) else Status.DENIED
    if _is_in_care(clause, sentence, is_report):
        return Status.IN_CARE
    if _is_past(_norms(clause), _norms(sentence), _norms(doc[:])):
        return Status.PAST
    if cues.FALSE_ALARM.search(_norms(sentence)):
        return Status.HYPOTHETICAL
    if _is_quoted(_norms(clause), _norms(sentence), is_report, is_recent):
        return Status.QUESTION
    if not is_recent and _is_hypothetical(_norms(doc[sentence.start : finding.start])):
        return Status.HYPOTHETICAL
    if not is_report and (_is_asked(finding, sentence) or (not is_recent and cues.GENERAL.search(_norms(clause)))):
        return Status.QUESTION
    return Status.CURRENT


def _is_report(until: str) -> bool:
    """Somebody has it: a person and a verb, that are not the "can I" or "should I" of a question."""
    modals = list(cues.MODAL.finditer(until))
    return cues.REPORT.search(until[modals[-1].end() :] if modals else until) is not None


def _is_in_care(clause: Span, sentence: Span, is_report: bool) -> bool:
    """An ambulance anywhere in the message; a hospital in the same breath, not somebody else's."""
    if cues.IN_CARE.search(_norms(clause.doc[:])):
        return True
    return cues.IN_HOSPITAL.search(_norms(clause if is_report else sentence)) is not None


def _is_quoted(clause: str, sentence: str, is_report: bool, is_recent: bool) -> bool:
    if cues.QUOTED.search(clause):
        return not (is_report and is_recent)
    return not is_report and cues.QUOTED.search(sentence) is not None


def _is_denied(finding: Span, clause: Span, before: str, after: str, others: list[Span]) -> bool:
    if cues.NEVER_BEFORE_THIS.search(after):
        return False
    bare = _norms_without(finding.doc[clause.start : finding.start], others)
    if cues.DENIED_BEFORE.search(bare) or cues.DENIED_AFTER.search(after):
        return True
    return cues.LIST_GOES_ON.match(bare) is not None and _is_in_denied_list(finding, others)


def _is_in_denied_list(finding: Span, others: list[Span]) -> bool:
    """In "no fever, seizures or confusion" the denial reaches over the commas, where "or" closes the list."""
    doc = finding.doc
    sentence = _around(finding, cues.SENTENCE_END)
    rest = _norms_without(doc[sentence.start : finding.start], others)
    return re.search(r"\b(?:or|nor)\b", _norms(sentence)) is not None and cues.LIST_BEFORE.search(rest) is not None


def _is_past(clause: str, sentence: str, message: str) -> bool:
    """Long ago: said so with the symptom, and nothing recent beside it but that there was nothing since."""
    if not (cues.PAST.search(sentence) or cues.NOTHING_SINCE.search(message)):
        return False
    if cues.PRESENT.search(clause) and not cues.PAST.search(clause):
        return False
    return cues.RECENT.search(cues.NOTHING_SINCE.sub("", sentence)) is None


def _is_hypothetical(sentence_before: str) -> bool:
    """After an "if" or its like; but "if he is having one" may be happening, as may "not sure if he had one"."""
    supposed = list(cues.IF.finditer(sentence_before))
    if not supposed:
        return False
    since = sentence_before[supposed[-1].end() :]
    if cues.UNSURE.search(sentence_before) and re.search(rf"\b{cues.PERSON}\b", since):
        return False
    if cues.ONGOING.search(since):
        return False
    return re.search(rf"(?:[,;:]|\b(?:and|but|because)) {cues.PERSON}\b", since) is None


def _is_asked(finding: Span, sentence: Span) -> bool:
    """The sentence is a question, and the question stands before the symptom, not behind it ("..., what do I do")."""
    doc = finding.doc
    until = _norms(doc[sentence.start : finding.start])
    ends = sentence.end < len(doc) and "?" in doc[sentence.end].text
    is_question = cues.QUESTION_START.match(until) is not None or (ends and not until)
    return (
        is_question
        or cues.ASKING.search(until) is not None
        or (ends and cues.GENERAL.search(_norms(_around(finding, cues.CLAUSE_END))) is not None)
    )


def _around(finding: Span, end: re.Pattern[str]) -> Span:
    """The clause or sentence around a finding, its end marks left out."""
    doc = finding.doc
    start, stop = finding.start, finding.end
    while start > 0 and not end.fullmatch(doc[start - 1].norm_):
        start -= 1
    while stop < len(doc) and not end.fullmatch(doc[stop].norm_):
        stop += 1
    return doc[start:stop]


def _norms(span: Doc | Span, lead: str = "") -> str:
    return lead + " ".join(token.norm_ for token in span if not token.is_space or "\n" in token.text)


def _norms_without(span: Span, others: list[Span]) -> str:
    """The norms of a span without the words of other findings: in "no fever or seizures" the fever is left out."""
    found = {index for other in others for index in range(other.start, other.end)}
    return " ".join(token.norm_ for token in span if token.i not in found)

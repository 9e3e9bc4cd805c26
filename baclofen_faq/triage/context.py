"""Why a finding counts or not: rules bounded by clause. Where none applies, it counts, or is at least mentioned."""

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from baclofen_faq.triage import cues
from baclofen_faq.triage.assessment import SELF_HARM, Status

LONGEST_CRY = 7  # words and marks
QUOTATION_MARKS = ('"', "“", "”", "„", "«", "»")


def status_of(finding: Span, others: list[Span]) -> Status:
    """Say why one finding counts or not.

    Args:
        finding: the symptom's words in the message.
        others: all findings of the message, the finding itself included.
    Source: clause-bounded negation after NegEx, Chapman 2001, doi:10.1006/jbin.2001.1029, scope narrowed for chat.
    """
    around = _around(finding)
    if _is_denied(finding, others, around):
        return Status.CURRENT if cues.BUT_NOW.search(around.rest) else Status.DENIED
    if cues.IT_IS_SO.search(around.message) or (
        finding.label_ == SELF_HARM and cues.FIRST_PERSON.search(around.sentence)
    ):
        return Status.CURRENT
    if _is_elsewhere(around):
        return Status.ELSEWHERE
    if _is_past(around):
        return Status.PAST
    if _is_hypothetical(around):
        return Status.HYPOTHETICAL
    if _is_quoted(finding, around) or _is_asked(finding, around):
        return Status.QUESTION
    return Status.CURRENT if around.is_report or around.is_recent or _is_a_cry(finding.doc) else Status.MENTIONED


def is_only_about_animals(doc: Doc) -> bool:
    """The first one that the message speaks of is an animal, and it names no person."""
    spelling = _norms(doc)
    first = cues.ANY_SUBJECT.search(spelling)
    named = list(cues.SUBJECT.finditer(spelling))
    return first is not None and first["pet"] is not None and all(name["pet"] for name in named)


@dataclass(frozen=True)
class _Around:
    """The words around a finding in plain spelling: its clause, sentence and message, and what of them comes first.

    `before` and `after` are those of the clause, `asked_before` those of the sentence, `until` those of the message
    with the finding. `is_report`: somebody is said to have it. `is_recent`: the clause says that it is of now.
    """

    message: str
    until: str
    sentence: str
    asked_before: str
    clause: str
    before: str
    after: str
    rest: str
    after_sentence: str
    ends_in_question: bool
    is_report: bool
    is_recent: bool


def _around(finding: Span) -> _Around:
    doc = finding.doc
    clause, sentence = _bounded(finding, cues.CLAUSE_END), _bounded(finding, cues.SENTENCE_END)
    before, after = _norms(doc[clause.start : finding.start]), _norms(doc[finding.end : clause.end], lead=" ")
    ends_in_question = sentence.end < len(doc) and "?" in doc[sentence.end].text
    is_figure = any(token.like_num for token in finding)
    is_told = (is_figure and not ends_in_question) or _is_told_in_spanish(_norms(sentence), ends_in_question)
    return _Around(
        message=_norms(doc[:]),
        until=_norms(doc[: finding.end]),
        sentence=_norms(sentence),
        asked_before=_norms(doc[sentence.start : finding.start]),
        clause=_norms(clause),
        before=before,
        after=after,
        rest=_norms(doc[finding.end :]),
        after_sentence=_norms(doc[sentence.end :]),
        ends_in_question=ends_in_question,
        is_report=is_told or _is_report(before, _norms(doc[clause.start : finding.end])),
        is_recent=cues.RECENT.search(f"{before} | {after}") is not None,
    )


def _is_told_in_spanish(sentence: str, ends_in_question: bool) -> bool:
    """A Spanish sentence, which often names no person: no question, or one about somebody ("es normal que mi ...")."""
    if not cues.SPANISH.search(sentence) or cues.SPANISH_ASKS.search(sentence) or cues.QUOTED.search(sentence):
        return False
    return not ends_in_question or cues.SPANISH_PERSON.search(sentence) is not None


def _is_a_cry(doc: Doc) -> bool:
    """So short that there is nothing else in it: "seizure help"."""
    return len(doc) <= LONGEST_CRY and "?" not in doc.text


def _is_report(before: str, until: str) -> bool:
    """Somebody has it: a person and a verb, that are not the "can I" or "should I" of a question; or "he collapsed"."""
    if cues.DONE_BY_SOMEBODY.search(before):
        return True
    modals = list(cues.MODAL.finditer(until))
    return cues.REPORT.search(until[modals[-1].end() :] if modals else until) is not None


def _is_elsewhere(around: _Around) -> bool:
    """With an ambulance (anywhere in the message) or in hospital (in the same breath), an animal, or in a film."""
    named = list(cues.SUBJECT.finditer(around.until))
    is_a_pet = bool(named) and named[-1]["pet"] is not None
    is_about_somebody_else = around.is_report and cues.SUBJECT.search(around.clause) is not None
    is_in_hospital = cues.IN_HOSPITAL.search(around.clause if is_about_somebody_else else around.sentence) is not None
    is_in_care = cues.IN_CARE.search(around.message) is not None and not cues.BACK_AGAIN.search(around.message)
    is_fiction = cues.FICTION.search(around.sentence) is not None and not cues.PRESENT.search(around.clause)
    return is_a_pet or is_in_hospital or is_in_care or is_fiction


def _is_quoted(finding: Span, around: _Around) -> bool:
    """From a leaflet, a book, a post: said so beside it, or between quotation marks in a message that speaks of one."""
    marks = sum(token.text in QUOTATION_MARKS for token in finding.doc[: finding.start])
    if marks % 2 == 1 and cues.QUOTED.search(around.message):
        return True
    if cues.QUOTED.search(around.clause):
        return not (around.is_report and around.is_recent)
    return not around.is_report and cues.QUOTED.search(around.sentence) is not None


def _is_denied(finding: Span, others: list[Span], around: _Around) -> bool:
    clause = _bounded(finding, cues.CLAUSE_END)
    bare = _norms_without(finding.doc[clause.start : finding.start], others)
    if cues.NEVER_BEFORE_THIS.search(around.after) or cues.NOT_A_DENIAL.search(bare):
        return False
    following = _norms(finding.doc[finding.end : finding.end + 2], lead=" ")
    is_said_after = cues.DENIED_AFTER.search(around.after) or cues.DENIED_IN_FORM.search(following)
    if cues.DENIED_BEFORE.search(bare) or is_said_after:
        return True
    return cues.LIST_GOES_ON.match(bare) is not None and _is_in_denied_list(finding, others)


def _is_in_denied_list(finding: Span, others: list[Span]) -> bool:
    """In "no fever, seizures or confusion" the denial reaches over the commas, where "or" closes the list."""
    sentence = _bounded(finding, cues.SENTENCE_END)
    rest = _norms_without(finding.doc[sentence.start : finding.start], others)
    return re.search(r"\b(?:or|nor)\b", _norms(sentence)) is not None and cues.LIST_BEFORE.search(rest) is not None


def _is_past(around: _Around) -> bool:
    """Long ago, and not back: said so with the symptom, or with its sentence and nothing recent beside it."""
    if cues.BACK_AGAIN.search(_without_ends(around.message)) or cues.IS_DOING.search(around.before):
        return False
    if cues.PAST.search(around.clause):
        return cues.TODAY.search(_without_ends(around.clause)) is None
    is_said = cues.PAST.search(around.sentence) or cues.NOTHING_SINCE.search(around.message)
    if not is_said or cues.PRESENT.search(around.clause):
        return False
    return cues.RECENT.search(_without_ends(around.sentence)) is None


def _without_ends(text: str) -> str:
    """Without "nothing since" and "well now", which speak of now but of no symptom."""
    return cues.WELL_NOW.sub("", cues.NOTHING_SINCE.sub("", text))


def _is_hypothetical(around: _Around) -> bool:
    """A false alarm, or after an "if"; but "if he is having one" may be happening, as may "not sure if he had"."""
    if cues.FALSE_ALARM.search(around.sentence) or cues.AFTERWARDS.search(around.after_sentence):
        return cues.PRESENT.search(around.clause) is None
    supposed = list(cues.IF.finditer(around.asked_before))
    if supposed and cues.PREPARING.search(around.message) and not cues.PASSED.search(around.message):
        return True
    if not supposed or around.is_recent:
        return False
    if cues.SUPPOSED.search(around.asked_before):
        return True
    since = around.asked_before[supposed[-1].end() :]
    if cues.UNSURE.search(around.asked_before) and re.search(rf"\b{cues.PERSON}\b", since):
        return False
    if cues.ONGOING.search(since) or cues.LATER_SUBJECT.search(since):
        return False
    return re.search(rf"(?:[,;:]|\b(?:and|but|because)) {cues.PERSON}\b", since) is None


def _is_asked(finding: Span, around: _Around) -> bool:
    """A general question, or one that stands before the symptom, not behind it ("..., what do I do")."""
    if around.is_report or cues.PASSED.search(around.clause):
        return False
    is_general = cues.GENERAL.search(around.clause) is not None
    if is_general and (around.ends_in_question or not around.is_recent):
        return True
    is_told_as_when = around.asked_before.startswith("when ") and not around.ends_in_question
    is_question = cues.QUESTION_START.match(around.asked_before) is not None and not is_told_as_when
    is_all_of_it = around.ends_in_question and not around.asked_before
    return is_question or is_all_of_it or cues.ASKING.search(around.asked_before) is not None


def _bounded(finding: Span, end: re.Pattern[str]) -> Span:
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

"""Why a finding counts or not: rules bounded by clause. Where none applies with confidence, the finding counts (doubt escalates)."""

import re

from spacy.tokens import Doc, Span

from baclofen_faq.triage.assessment import Status

PERSON = (
    r"(?:i|im|ive|id|we|weve|were|he|hes|she|shes|they|theyre|theyve|my|our|me|him|his|her|them|us|mom|moms|mum|mums|mam|mama|dad|dads"
    r"|husband|wife|son|daughter|kid|child|baby|brother|sister|grandma|grandpa|gran|nan|partner|patient|client|resident)"
)
CLAUSE_END = re.compile(r"[,;.!?:\n]+|and|but|because|cause|cuz|though|although|however|yet|except")
SENTENCE_END = re.compile(r"[.!?\n]+")

NEGATOR = r"(?:no|not|without|never|denies|denied|deny|denying|isnt|wasnt|arent|werent|doesnt|dont|didnt|hasnt|havent|hadnt|aint|nor|neither|zero)"
MAY_STAND_BETWEEN = (
    r"(?:a|an|any|the|had|have|having|has|been|being|be|got|get|getting|gets|more|really|actually|signs?|of|symptoms?|yet|ever"
    r"|experienced|experiencing|experience|showing|shown|show|feeling|feel|felt|seen|noticed|notice|or|nor|real|full|other|such"
    r"|like|anything|kind|sort|further|new|bad|high|so|far|currently|single|in|his|her|my|their|s|much|at|all|suffering|suffered|from|run|running)"
)
DENIED_BEFORE = re.compile(rf"\b{NEGATOR}(?: {MAY_STAND_BETWEEN})*$")
DENIED_AFTER = re.compile(r"^(?: [:=])? (?:no|none|negative|nil)\b")
NEVER_BEFORE_THIS = re.compile(r"^(?: \w+)? (?:like this|this bad|so bad|as bad)\b")
LIST_GOES_ON = re.compile(r"^(?:(?:or|nor|any|a|an|other) ?)*$")

RECENT = re.compile(
    r"\b(?:right now|now|currently|at the moment|this (?:morning|afternoon|evening|minute|second|time)|today|tonight|tonite|last night|yesterday"
    r"|(?:minutes?|mins?|hours?|hrs?) ago|since|again|still|all of a sudden|suddenly|started|keeps|wont stop|already)\b"
)
PAST = re.compile(
    r"\b(?:(?:19|20)\d\d|(?:years?|yrs?|months?|decades?) (?:ago|back)|last (?:year|month|summer|winter|spring|fall|autumn)|used to|history of"
    r"|as (?:a|an) (?:kid|child|baby|teenager|infant)|when (?:i|he|she|they|we) (?:was|were)|back in|in the past|previously|childhood|long ago)\b"
)
QUOTED = re.compile(
    r"\b(?:leaflet|pamphlet|label|brochure|article|essay|homework|assignment|term paper|paper|exam|quiz|thesis|presentation|textbook|website"
    r"|insert|flyer|handout|poster|warning says|box says|it says|forum|facebook|google|googled|reddit|youtube|documentary|class|biology|nursing school"
    r"|i read|reading about|read about|read that|read online|heard that|heard about)\b"
)
IN_CARE = re.compile(
    r"\b(?:(?:ambulance|paramedics?|ems|medics|911|999)(?: is| are| s| has| have)?(?: just| already)? (?:here|on (?:its|the|their) way|coming|arrived)"
    r"|(?:is|are|am|im|s|hes|shes|were|now|already)(?: already| now| currently| both)? (?:in|at) (?:the )?(?:hospital|er|icu|ed|a ?& ?e|emergency room|emergency department)"
    r"|(?:with|talking to) the paramedics)\b"
)
IF = re.compile(
    r"\b(?:if|what if|in case|in the event|when(?:ever)? (?:someone|somebody|people|you|a person)|suppose|would|worried (?:that|about)|afraid (?:of|that)"
    r"|scared (?:of|that|about)|terrified of|dont want|do not want|to avoid|avoid|prevent|rule out|watch (?:out )?for|look (?:out )?for|going to (?:have|get)|gonna (?:have|get)"
    r"|risk of|chance of|chances of|could (?:have|get|cause|happen)|might (?:get|have a|cause)|may (?:get|cause)|will (?:i|he|she|they|it|this|that|my \w+))\b"
)
IF_ONGOING = re.compile(
    rf"\bif {PERSON}(?: \w+)?(?: is| are| was| were| s| am)?(?: just| having| has been| had been)*$"
)
UNSURE = re.compile(
    r"\b(?:not sure|unsure|dont know|do not know|cant tell|cannot tell|idk|wondering|i think|maybe|perhaps) (?:if|whether|that)?\b"
)
QUESTION_START = re.compile(
    r"^(?:(?:hi|hello|hey|so|ok|okay|and|but|please|pls|um|well|also|sorry|excuse me|good \w+|just|oh|again|quick question|question|out of interest) )*"
    r"(?:what|whats|why|how|hows|can|could|does|do|is|are|will|would|should|when|which|who|did|has|have|am|may|might|any(?:one|body)? know|isnt|doesnt)\b"
)
ASKING = re.compile(
    r"\b(?:wondering|wonder|curious|tell me|explain|want to (?:know|understand)|wanna know|like to (?:know|understand)|need to know|asking|question|know more|info on"
    r"|information|could you|can you|is it true|what (?:is|are|does|do|causes?|happens?)|why (?:does|do)|how (?:does|do|common|likely|often|long)|does (?:it|baclofen|withdrawal|this|stopping|that))\b"
)
GENERAL = re.compile(
    r"\b(?:withdrawals?|symptoms?|signs?|side effects?|causes?|lead(?:s|ing)? to|risks?|stopping|people|you|someone|patients|kids|folks)\b"
)
REPORT = re.compile(
    rf"\b{PERSON}\b.*\b(?:is|am|are|was|were|s|im|hes|shes|theyre|has|have|had|having|ive|been|started|starting|keeps|keep|just|cant|cannot|wont|not|went|got|getting|feels|feel|looks|seems|says|woke|saw|sees|took|taken|ate|swallowed)\b"
    rf"|\b(?:is|am|are|was|were|has|have)(?: \w+)? {PERSON}\b"
)
MODAL = re.compile(
    rf"\b(?:can|could|will|would|should|might|may|does|do|did) (?:\w+ ){{0,2}}?{PERSON}\b|\b{PERSON}(?: \w+)? (?:can|could|will|would|might|may|should)\b(?! be \w+ing| be$| have (?:been|had))"
)


def status_of(finding: Span, others: list[Span]) -> Status:
    """Say why one finding counts or not.

    Args:
        finding: the symptom's words in the message.
        others: all findings of the message, the finding itself included.
    Source: clause-bounded negation after NegEx, Chapman 2001, doi:10.1006/jbin.2001.1029, with the scope narrowed for chat.
    """
    doc = finding.doc
    clause, sentence = _around(finding, CLAUSE_END), _around(finding, SENTENCE_END)
    before, after = _norms(doc[clause.start : finding.start]), _norms(doc[finding.end : clause.end], lead=" ")
    whole, asked = _norms(clause), _norms(sentence)
    is_recent = RECENT.search(whole) is not None
    if _is_denied(finding, clause, before, after, others):
        return Status.DENIED
    if IN_CARE.search(_norms(doc[:])):
        return Status.IN_CARE
    if PAST.search(asked) and not RECENT.search(asked):
        return Status.PAST
    has_report = REPORT.search(_norms(doc[clause.start : finding.end])) is not None and not MODAL.search(before)
    if QUOTED.search(asked) and not (has_report and is_recent):
        return Status.QUESTION
    if _is_hypothetical(_norms(doc[sentence.start : finding.start]), before, is_recent):
        return Status.HYPOTHETICAL
    is_question = _is_question(sentence) or ASKING.search(asked) is not None
    if is_question and not has_report:
        return Status.QUESTION
    if not has_report and not is_recent and GENERAL.search(whole):
        return Status.QUESTION
    return Status.CURRENT


def _is_denied(finding: Span, clause: Span, before: str, after: str, others: list[Span]) -> bool:
    if NEVER_BEFORE_THIS.search(after):
        return False
    bare = _norms_without(finding.doc[clause.start : finding.start], others)
    if DENIED_BEFORE.search(bare) or DENIED_AFTER.search(after):
        return True
    return LIST_GOES_ON.match(bare) is not None and _is_end_of_denied_list(finding, clause, others)


def _is_end_of_denied_list(finding: Span, clause: Span, others: list[Span]) -> bool:
    """In "no fever, seizures or confusion" the denial reaches over the commas, where "or" closes the list."""
    doc = finding.doc
    sentence = _around(finding, SENTENCE_END)
    listed = _norms(doc[sentence.start : finding.start])
    rest = _norms_without(doc[sentence.start : finding.start], others)
    closes = re.search(r"\b(?:or|nor)\b", _norms(doc[sentence.start : sentence.end])) is not None
    return closes and "," in listed and re.search(rf"\b{NEGATOR}(?: {MAY_STAND_BETWEEN}| ,)*$", rest) is not None


def _is_hypothetical(sentence_before: str, before: str, is_recent: bool) -> bool:
    if is_recent:
        return False
    supposed = list(IF.finditer(sentence_before))
    if not supposed:
        return False
    since = sentence_before[supposed[-1].end() :]
    if UNSURE.search(sentence_before) and re.search(rf"\b{PERSON}\b", since):
        return False
    if IF_ONGOING.search(before):
        return False
    return re.search(rf"(?:[,;:]|\b(?:and|but|because)) {PERSON}\b", since) is None


def _is_question(sentence: Span) -> bool:
    ends = sentence.end < len(sentence.doc) and "?" in sentence.doc[sentence.end].text
    return ends or QUESTION_START.match(_norms(sentence)) is not None


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
    """The norms of a span without the words of other findings: in "no fever or seizures" the fever does not stand between."""
    found = {index for other in others for index in range(other.start, other.end)}
    return " ".join(token.norm_ for token in span if token.i not in found)

"""The never-say list as rules over every text that can be sent. Code catches the plain cases; the clinician who signs judges the rest."""

import re
from dataclasses import dataclass

DO_NOT = r"(?<!if )(?<!if you )(?<!if they )\b(?:(?:do|does|did|should|must|may|can) not|(?:do|does|did|should|must|ca)n't|cannot|never|not to|nobody|no one)\b(?! (?:worry|panic))"
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n\s*\n")
CLAUSE_END = re.compile(r"[;:]|\bbut\b|,(?! \w+(?:,| or\b))")  # not at the comma of a list: "do not tap, press or rub"


@dataclass(frozen=True)
class Rule:
    """One thing that is never said.

    `forbids` is searched in each sentence; a sentence where `unless` stands before the match is allowed
    ("Do not drive yourself").
    """

    id: str
    forbids: str
    unless: str | None = None


NUMBER = r"(?:\d+(?:[.,]\d+)?|half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|eighty)"
PART = r"(?:half|third|quarter|fifth|tenth)"
PILLS = r"(?:tablets?|pills?|doses?|drops?)"
BACLOFEN = r"(?:(?:your|the|this|these|all|any|both) )*(?:baclofen|tablets?|pills?|medicines?|drug|doses?|it|them)"
CUT = r"\b(?:cut|reduc|lower|taper|drop|decreas|wean|less|coming off|come off|going down|go down)\w*\b"
SLOWLY = r"\b(?:taper\w*|slow\w*|gradual\w*|reducing|step by step|small steps|bit by bit)\b"
HOME_CURE = r"(?:alcohol|wine|beer|whiske?y|a drink|allergy (?:pill|tablet)s?|paracetamol|ibuprofen|tylenol|magnesium|cannabis|herbal tea|aspirin|melatonin)"
WITHOUT_NOT = r"(?:(?!\b(?:not|if|ask|can)\b)[^.])*"
IF = r"\b(?:if|whether|when|once|until|unless)\b"
IF_YOU = r"\b(?:if|when|before|who|people) ?(?:you|they)?$"
TEAM_MAY = r"\b(?:doctors?|prescriber|team|hospital) (?:may|might|can|will|must)\b"
RULES = (
    Rule("dose", rf"\b{NUMBER}\s*(?:-\s*)?(?:mg|mcg|µg|ug|ml|milligrams?|micrograms?|milliliters?|millilitres?)\b"),
    Rule(
        "dose",
        rf"\b(?:take|taking|give|swallow|try|(?:start|begin)\w* with\b|go (?:up|down|back|on) to)\b[^.,;:]*\b{NUMBER}\b[^.,;:]*\b{PILLS}\b|\b(?:take|have|use|try) (?:half|two|three|four|five) (?:at|more|now|with|before|each|tonight|today)\b|\b(?!half|one){NUMBER} (?:more |of (?:your|the) )?(?:tablets|pills)\b(?! left)",
        rf"{DO_NOT}|\b(?:took|taken|missed)\b",
    ),
    Rule(
        "dose",
        rf"\bby {NUMBER}(?: an?| of an?)? {PILLS}\b|\b(?:half|quarter)(?: of)? an? (?:tablet|pill|dose)\b|\b(?!half)(?:{NUMBER}(?: times)?|twice) (?:a|per|each) day\b|\bdose of {NUMBER}\b|\bon (?:fifteen|twenty|thirty|forty|fifty|sixty|eighty)\b",
    ),
    Rule(
        "schedule",
        rf"{CUT}[^.]*\b(?:every|each|per|a)(?: \w+)? (?:days?|nights?|mornings?|weeks?|months?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b(?! (?:ago|before))|{CUT}[^.,;:]*\b(?:in|over|for|takes?) (?:about )?(?:{NUMBER}|a|a few)(?: \w+)? (?:days?|weeks?|months?)\b|\b(?:every|over) (?:a few|few|\d+|one|two|three|four)(?: ?(?:-|to|or) ?\w+)? (?:hours?|days?|weeks?)\b|\b(?:days|weeks|months) to (?:come off|taper|stop|wean)\b",
    ),
    Rule("percentage", r"\d\s*%|\bper ?cent\b"),
    Rule(
        "percentage",
        rf"\b(?:by|drop|cut|lose|down) (?:a|one|two) {PART}s?\b|\bby half\b|\bhalv(?:e|ing)\b|\b{PART} of what you\b|\b{PART} (?:of )?(?:your|the) (?:\w+ )?(?:dose|amount|tablets|pills|baclofen)\b|\b(?:cut|break|split)\b[^.,;:]*\bin half\b",
        rf"{DO_NOT}|\bask\b",
    ),
    Rule(
        "extra_dose",
        rf"\b(?:extra|additional|another|one more) (?:half )?(?:dose|tablet|pill)s?\b(?! (?:can|may) (?:be (?:danger|risk|harm)|harm|kill|slow))|\b(?:make up for|catch up|(?:top|topping|double|doubling) up|double (?:the|your|a|what))\b|\bskip (?:the|your|a)(?: next)? dose\b(?! you)|\b(?:take|use|add|have|try|give|little|bit)(?: \w+)? more baclofen\b|\b(?:take|have) (?:what|the|your|a|any)(?: {PILLS})?(?: you)? (?:missed|forgot)\b|\b(?:take|have) both {PILLS}\b|\b(?:take|have|use) (?:one|a bit|a little|some) more\b",
        rf"{DO_NOT}|{IF_YOU}|\b(?:took|taken|ask|about|if (?:you|they) take(?: an)?$)",
    ),
    Rule(
        "stop",
        rf"\b(?:stop|quit|skip|pause|drop|give up|leave (?:out|off)|cut out|come off|(?:try|consider|start) stopping)(?: taking| using)? {BACLOFEN}\b(?! you (?:missed|forgot))|\bstopping {BACLOFEN} (?:helps?|(?:is|can be|will be) (?:fine|ok|okay|safe|best))\b|\b(?:leave|put|give) {BACLOFEN} (?:out|off|up|away|alone)\b|\b(?:baclofen|tablets|pills|medicine) (?:should|must|can|may) be (?:stopped|left out|paused|skipped)\b|\b(?:flush|throw away|get rid of) {BACLOFEN}\b",
        rf"{DO_NOT}|{TEAM_MAY}|{IF_YOU}|\b(?:how|why|ask|people|(?:want|wish) to$)",
    ),
    Rule(
        "stop",
        r"\bnot (?:take|have|use|need) (?:any more|any|your|the)? ?(?:baclofen|tablets|pills)\b(?! with)|\btake no (?:more )?(?:baclofen|tablets|pills)\b|\b(?:better off|safer|fine) without (?:baclofen|it|them|(?:the|your) (?:tablets|pills))\b",
        r"\b(?:did|if (?:you|they) (?:do|can|may))$",
    ),
    Rule(
        "restart",
        rf"\b(?:restart|resume|start again|(?:start|begin|take|pick up)(?: taking)? {BACLOFEN} again)\b|\b(?:tablets|pills) instead\b|\bas if (?:you|nothing) had\b|\btake up (?:your|the)\b|\bback (?:to|on) (?:baclofen|what you|{NUMBER}|(?:your|the|an) (?:\w+ )?(?:dose|amount|tablets|pills))\b",
        rf"{DO_NOT}|{TEAM_MAY}|{IF_YOU}|\b(?:ask|before|how|prescriber|(?:when|whether) to$|signs?(?: \w+)?$|can i$)",
    ),
    Rule(
        "restart",
        r"\bjust take\b|\btake (?:your|the) (?:usual|old|normal|full|same) (?:dose|amount|tablets|pills)\b|\b(?:use|take) (?:your |the )?(?:spare|leftover|old) (?:tablets|pills)\b(?![^.]*\b(?:plan|only if)\b)|\b(?:tablets|pills|by mouth) (?:can|will) (?:do|cover|replace|hold|keep you|tide)\b",
        DO_NOT,
    ),
    Rule(
        "reassurance",
        r"\b(?:you(?:'re| are| will be|'ll be| should be)|(?:it|this|that)(?:'s| is| will be| should be)|they(?:'re| are)) (?!not )(?:\w+ )?(?:fine|ok|okay|safe|all right|alright|normal)\b(?! to (?:call|ask|feel))|\b(?:is|are) (?!not )(?:\w+ )?(?:harmless|no big deal)\b|\bno (?:real |big |great )?(?:danger|risk|harm|chance)\b|\b(?:danger|worst) is (?:over|past|behind)\b|\bout of danger\b|\b(?:never|rarely|hardly ever|seldom) (?:causes?|happens?|brings?|leads?)\b|\bnot mean (?:trouble|danger|harm|withdrawal|that you have)\b|\b(?:does not|doesn't|cannot|can't|will not|won't) (?:happen|occur|affect)\b",
        rf"{DO_NOT}|{IF}|\bask\b",
    ),
    Rule(
        "reassurance",
        r"\b(?:nothing|no need|no reason|no cause|need not|(?:do not|don't) (?:have|need))(?: to| for)? (?:worry|fear|panic|alarm|be afraid|lose sleep|call|go)\b|\b(?:do not call|don't worry|do not worry|rest assured|nothing (?:serious|bad)|not (?:be )?(?:dangerous|serious|urgent|harmful|withdrawal|in (?:any )?danger)|(?:can ?not|can't) (?:be (?:withdrawal|it|that)|hurt|harm)|(?:dose|signs?|amount|time) (?:is|was|are) too (?:low|small|mild|short)|too (?:young|healthy|low|small|mild) to|not (?:\w+ )*long enough)\b",
        IF,
    ),
    Rule(
        "reassurance",
        rf"\b(?:under|below)\s+\d+(?:[.,]\d+)?\s*(?:c|f|degrees|mg)?\b|\b(?:quiet|silent|no alarm|no beep){WITHOUT_NOT}\b(?:works|working|full|fine)\b",
    ),
    Rule(
        "reassurance",
        rf"{SLOWLY}{WITHOUT_NOT}\b(?:is safe|guarantees|prevents|makes it safe|keeps? (?:you|it) safe|(?:takes? away|removes|rules out) (?:all|the|any)|nothing|no (?:withdrawal|signs?))\b|{SLOWLY}[^.]*\byou (?:will not|won't|cannot|can't|will never)\b|\b(?:cannot|can't|will not|won't|never) (?:get|have|feel|be)\b[^.]*{SLOWLY}",
        r"\bno guarantee\b",
    ),
    Rule(
        "waiting",
        r"\b(?:sleep it off|wait (?:until|till|a|an|one|two|\d+|it out|to see|for (?:morning|the morning|tomorrow|monday|the clinic|it))|wait and see|see (?:if|whether) it (?:passes|goes away|stops)|see how you feel|(?:monitor|watch) (?:it|them )?at home|(?:stay|rest) (?:at )?home|give it (?:a (?:day|night|few|while|bit)|an hour|one|two|time|some time)|(?:hold|put) off (?:on|calling|going|until)|get some (?:rest|sleep)|take a nap|(?:go to|stay in) bed|time to call|check again later|watch (?:it|them) for|(?:lie down|rest|sleep)(?: \w+){0,4} (?:until|till)|keep an eye on (?:it|them|the (?:fever|signs?|spasms|itching)))\b",
        DO_NOT,
    ),
    Rule(
        "waiting",
        rf"\b(?:fade|pass|go away|stop|settle|clear|ease)\w*(?: (?:up|off|down))? (?:(?:on|by) (?:its|their) own|by itself|by themselves|in a (?:day|few|couple))\b|\b(?:call|ring|phone|see)(?: \S+){{0,3}} (?:tomorrow|in the morning|on monday|next week|when it opens|after the weekend)\b|\bstill \w+ (?:tomorrow|in the morning)\b|\bonly (?:call|need (?:to call|help|an ambulance))\b|\bcall only if\b|\bif (?:it|they) (?:does|do) not [^.,;:]*\bin (?:{NUMBER}|a few) (?:hours|days)\b",
        DO_NOT,
    ),
    Rule(
        "driving",
        r"\bdriv(?:e|ing) (?:yourself|there|over|home|slowly|carefully|to the (?:hospital|emergency|clinic))\b|\b(?:behind|take) the wheel\b|\b(?:take|use|get in|hop in) (?:your|the) (?:own )?car\b|\bdriv(?:es?|ing)\b[^.,;:]*\b(?:is|are) (?:no problem|fine|ok|okay|safe)\b|\bin your own car\b|\b(?:okay|ok|safe|fine|able) to drive\b|\b(?:can|may|could) (?:still )?drive\b(?! (?:you|them))",
        rf"{DO_NOT}|\b(?:ask|than|until|someone|(?:when|if|whether) (?:you|it is)$)",
    ),
    Rule(
        "home_treatment",
        r"\b(?:antihistamines?|benadryl|cyproheptadine|diazepam|valium|(?:cold|ice|cool|hot|warm) (?:bath|shower|tub|packs?)|ice packs?|flush it out|(?:drink|drinking) (?:plenty|lots|a lot)|(?:flush|wash|sweat) (?:it|the drug|baclofen) out|make (?:them|him|her|yourself|the person) (?:throw up|vomit|be sick)|induce vomiting|borrow|wet towels?|(?!today)\w+'s (?:\w+ )?(?:tablets|pills))\b(?! (?:does|do|will|can|may) not)",
        rf"{DO_NOT}|{TEAM_MAY}|\b(?:tell|say|ask)\b",
    ),
    Rule(
        "home_treatment",
        rf"\b{HOME_CURE}\b[^.]*\b(?:can|may|might|will|could) (?:help|ease|calm|soothe|relieve|settle|bring|lower|cool|treat|take)\b|\b{HOME_CURE} (?:helps|eases|calms|works|is (?:a )?good)\b|\b(?:take|try|use|have|give)\b[^.,;:]*\b(?:{HOME_CURE}|(?:allergy|sleeping|pain) pills?)\b",
        rf"{DO_NOT}|{IF_YOU}|\b(?:tell|ask)\b",
    ),
    Rule(
        "diagnosis",
        r"\b(?:(?:it|this|that|these signs|what you (?:have|feel|describe))(?:'s| is| are| must be| sounds? like| looks? like| seems? like)|^(?:sounds|looks|seems) like|you have|you are (?:having|in)|(?:come|comes|is|are) (?:from|due to|caused by))(?: (?:a|an|the|your|in|old|all|most|only|just|probably|likely|mild|bladder|bad|baclofen))* (?:anxiety|panic|stress|nerves|age|head|cold|virus|psychiatric|uti|infection|flu|ms|allergy|dry skin|side effect|reaction|overdose|withdrawal|seizure)\b",
        rf"{DO_NOT}|\b(?:if|whether|when|you think|that|what|do)(?: you)?$",
    ),
    Rule(
        "survival",
        rf"\b(?:{NUMBER}|most|many|few) (?:out of|in) (?:\d+|every|five|ten|twenty|a hundred)\b|\brisk of (?:death|dying) is\b|\byou will (?:survive|recover|make it|get (?:through|over) (?:this|it))\b|\b(?:death|survival) rate\b|\b(?:odds|chances?) (?:of (?:living|dying|survi\w+)|are|is|to (?:live|survive))\b|\byou (?:will not|won't|are not going to) die\b|\b(?:always|never|rarely) (?:happens|fatal|deadly|kills)\b",
        DO_NOT,
    ),
    Rule(
        "survival",
        r"\bmany people (?:survive|recover|die)\b|\b(?:most|half (?:of|the)|few|hardly any\w*|everyone|everybody|nobody|no one)\b[^.,;:]*\b(?:survives?|recovers?|dies?|lives|(?:gets?|comes?) (?:well|better|over|through|withdrawal)|ha(?:ve|s) (?:a )?(?:seizure|fit)s?)\b",
        r"\bnot$",
    ),
    Rule(
        "seizure_myth",
        r"\b(?:put|place|push|slip|stick|force|wedge|something|spoon|object|cloth)\b(?! nothing)[^.,;:]*\b(?:mouth|teeth|tongue)\b|\b(?:hold|pin|tie)\b[^.,;:]*\b(?:down|arms|legs)\b|\b(?:arms|legs|them|person) (?:held|pinned|tied)\b|\b(?:restrain|sit on (?:them|him|her|their)|from biting)\b|\bmost seizures\b|\b(?:short|small|brief|mild) (?:seizures?|fits?)\b[^.,;:]*\b(?:no (?:reason|need)|not (?:need|a reason))\b|\b(?:give|swallow|drink)\b(?! no)[^.]*\b(?:during|while|in) (?:the|a) (?:seizure|fit)\b",
        DO_NOT,
    ),
    Rule(
        "pump_handling",
        r"\b(?:press|push|tap|rub|massage|squeeze|hit|drain|empty|open|reset|reprogram\w*|adjust|turn (?:up|down|off))(?: (?:on|in|the|your|skin|over|around))* pump\b|\b(?:turn|switch|shut|silence|ignore)(?: off)? (?:the|your) (?:alarm|sound|beep\w*)\b|\bheat(?:ing pad)? (?:on|over) (?:the|your) pump\b|\bpump a (?:\w+ )?(?:knock|tap|push|shake)\b|\bdraw\b[^.,;:]*\bneedle\b",
        rf"{DO_NOT}|{TEAM_MAY}",
    ),
    Rule(
        "pump_handling",
        rf"\bMRI{WITHOUT_NOT}\b(?:ok|okay|safe|fine|no (?:problem|risk)|without asking)\b",
        rf"{DO_NOT}|{IF}|\bask\b",
    ),
    Rule("clinician_phone", r"707\D{0,3}0933"),
    Rule(
        "claims",
        r"\b(?:(?:i|we) (?:can|will|have|am|are)|i'll|i'm|we'll)(?! not) (?:\w+ )?(?:call|get|send|alert|contact|inform|let (?:your|the)|told|tell your)\w*\b[^.,;:]*(?:\b(?:ambulance|911|999|112|000|help|doctor|nurse|team|clinic|prescriber)\b|\{emergency_number)|\bi (?:have |just )?(?:sent|called|told|informed)\b(?! you\b)|\bhelp is (?:on the way|coming)\b|\b(?:completely|fully|strictly) confidential\b|\bkeep (?:this|it) (?:a )?secret\b|\bbetween us\b|\bi (?:will not|won't) tell (?:anyone|anybody)\b|\b(?:nobody|no one)(?: else| but me)? will (?:know|find out|see)\b",
        rf"{DO_NOT}|{IF}",
    ),
    Rule(
        "claims",
        r"\b(?:nurses?|doctors?|clinician|someone|person|human|team|staff)(?: is| are| can| will)? (?:watch|read|see|check|monitor|follow|answer)\w* (?:this|here|along|what you (?:write|type)|your message|the chat)|\b(?:nurse|doctor|clinician|someone) is (?:watching|reading|here)\b|\b(?:i am|i'm|talking to|chatting with) (?:a|your) (?:nurse|doctor|human|person|clinician)\b|\bas (?:a|your) (?:nurse|doctor|clinician),? i\b",
        r"\bno(?: nurse or| doctor or)?$",
    ),
    Rule(
        "asks_first",
        r"\bbefore i (?:can )?(?:give|tell|send|share)\b|\b(?:the|a) number (?:once|after|when) (?:i|you)\b|\bthen i (?:can|will) (?:tell|give)\b|\bfirst,? (?:tell|describe|answer|let me know)\b|\b(?:tell me|say more|describe|answer)\b[^.,;:]*\b(?:first|before you (?:call|dial))\b",
        DO_NOT,
    ),
)

COUNTRY_NUMBERS = {
    "us": r"\b(?:999|000|112|116 123|111)\b",
    "uk": r"\b(?:911|000|988)\b|1-800",
    "ireland": r"\b(?:911|000|988|116 123)\b|1-800",
    "eu": r"\b(?:911|999|000|988|116 123)\b|1-800",
    "australia": r"\b(?:911|999|988|116 123)\b|1-800",
}


def broken_rules(text: str) -> list[str]:
    """Ids of the rules that a text breaks, in the order of the list; [] for a text that may be sent.

    Source: evidence page, section 4 (each rule rests on a label, leaflet or guideline named there).
    >>> broken_rules("Take two tablets and sleep it off.")
    ['dose', 'waiting']
    >>> broken_rules("Do not drive yourself.")
    []
    """
    plain = text.replace("’", "'")
    sentences = [" ".join(sentence.split()) for sentence in SENTENCE_END.split(plain)]
    return [rule.id for rule in RULES if any(_breaks(rule, sentence) for sentence in sentences)]


NUMBER_OF_A_COUNTRY = re.compile(r"\b(?:911|999|112|000|111|988|116 123|1-800-222-1222|13 11 26|13 11 14)\b")


def numbers_written_out(text: str) -> list[str]:
    """Emergency, crisis and poison numbers in a text that has a placeholder for them.

    >>> numbers_written_out("Call 911, or {emergency_number}.")
    ['911']
    """
    return NUMBER_OF_A_COUNTRY.findall(text)


def wrong_country_numbers(text: str, region: str) -> list[str]:
    """Emergency, crisis or poison numbers in a filled text that belong to another country than the region."""
    pattern = COUNTRY_NUMBERS.get(region)
    return re.findall(pattern, text) if pattern else []


def _breaks(rule: Rule, sentence: str) -> bool:
    matches = re.finditer(rule.forbids, sentence, re.IGNORECASE)
    return any(not _is_allowed(rule, sentence, match.start()) for match in matches)


def _is_allowed(rule: Rule, sentence: str, start: int) -> bool:
    """Whether the words before the match, in its own clause, make it harmless."""
    if rule.unless is None:
        return False
    begins = max((end.end() for end in CLAUSE_END.finditer(sentence) if end.end() <= start), default=0)
    return re.search(rule.unless, sentence[begins:start].strip(), re.IGNORECASE) is not None

"""The words that tell in which light a symptom is spoken of. All match plain spellings (see words.py), joined by blanks."""

import re


def _any(*phrases: str) -> re.Pattern[str]:
    """One pattern for any of these phrases, as whole words; each phrase may be a regular expression."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


PERSON = "(?:" + "|".join(
    """i im ive id we weve were he hes she shes they theyre theyve my our me him his her them us mom moms mum mums mam
    mama nan nans gran grandma grandpa granddad dad dads father mother husband hubby wife son daughter kid child baby
    brother sister partner patient client resident pt""".split()
) + ")"  # fmt: skip

CLAUSE_END = re.compile(r"[,;.!?:\n]+|and|but|because|cause|cuz|cos|bc|though|although|however|yet|except|only|so|then")
SENTENCE_END = re.compile(r"[.!?\n]+")

NEGATOR = "(?:" + "|".join(
    """no not without never denies denied deny denying isnt wasnt arent werent doesnt dont didnt hasnt havent hadnt
    aint nor neither zero 0 nobody noone none no_one non nah naw nil nae negative""".split()
) + ")"  # fmt: skip
MAY_STAND_BETWEEN = "(?:" + "|".join(
    """a an any the had have having has been being be got get getting gets more really actually signs? of symptoms? yet
    ever experienced experiencing experience showing shown show feeling feel felt seen noticed notice or nor real full
    other such like anything kind sort further new bad high so far currently single in is are was here his her my their
    s much at all suffering suffered from run running thinking thoughts about""".split()
) + ")"  # fmt: skip
DENIED_BEFORE = re.compile(rf"\b{NEGATOR}(?: {MAY_STAND_BETWEEN})*$")
DENIED_AFTER = re.compile(r"^(?: [:=])? (?:no|none|negative|nil)\b")
NEVER_BEFORE_THIS = re.compile(
    r"^(?: \w+)? (?:like this|this bad|so bad|as bad|(?:until|till|before) (?:today|now|tonight|this|yesterday|last night))\b"
)
BUT_NOW = re.compile(rf"\bbut (?:now|today|tonight) {PERSON} (?:has|have|had|is|am|are|does|do|did)\b")
LIST_GOES_ON = re.compile(r"^(?:(?:or|nor|any|a|an|other|and) ?)*$")
LIST_BEFORE = re.compile(rf"\b{NEGATOR}(?: {MAY_STAND_BETWEEN}| ,)*$")

RECENT = _any(
    "right now", "now", "currently", "at the moment", "this (?:morning|afternoon|evening|minute|second|am|arvo)",
    "today", "tonight", "tonite", "last night", "yesterday", "(?:minutes?|mins?|hours?|hrs?) ago", "since", "again",
    "still", "all of a sudden", "suddenly", "started", "keeps", "wont stop", "already", "for (?:hours|days)",
    "past (?:few )?(?:minutes?|hours?|half hour)",
)  # fmt: skip
NOTHING_SINCE = _any(
    "(?:nothing|none|never|not|no problems?|no issues?|clear|fine|sound|good|okay?|stable|well)(?: \\w+){0,2} since",
    "never (?:happened )?again", "fully recovered", "no more since",
)  # fmt: skip
PAST = _any(
    r"(?:in |of )?(?:19|20)\d\d", r"(?:years?|yrs?|yr|months?|decades?|ages) (?:ago|back|before)", "last (?:year|month|summer)",
    "last (?:winter|spring|fall|autumn)", "used to", "history of", "old history", "back (?:in|when)", "in the past",
    "as an? (?:kid|child|baby|teenager|infant|student|boy|girl)", r"when (?:i|he|she|they|we) (?:was|were)(?! \w+ing)",
    "previously", "formerly", "childhood", "years since", "the year of", "in (?:my|his|her) (?:teens|twenties|thirties|forties)", "before the pandemic", "never (?:came back|again)", "not recurred", r"last (?:one|1) (?:i|he|she) was", "(?:he|she|i) once|once when|baby once", "long (?:time )?ago", "(?:primary|high|grade|elementary) school", "nineties|eighties",
    "her first pump|his first pump|my first pump|the old pump|my old pump", r"(?:aged?|year|yr|grade) \d+",
)  # fmt: skip
QUOTED = _any(
    "leaflet", "pamphlet", "newsletter", "slide", "video", "telly", "sentence", "course", "crime doc", "programme", "show", "label", "brochure", "article", "essay", "homework", "assignment", "(?:term )?paper", "exam",
    "quiz", "thesis", "presentation", "textbook", "book", "website", "insert", "flyer", "handout", "poster", "printout",
    "manual", "novel", "(?:warning|box|page|it|sheet|thing) says?", "forum", "facebook", "tiktok", "googled?", "reddit",
    "youtube", "documentary", "movie", "film", "episode", "tv", "class", "biology", "nursing school", "training",
    "(?:i|we) read", "read(?:ing)? (?:about|that|online|this)", "heard (?:that|about|people)", "case (?:report|study)",
    "mag(?:azine)?", "newspaper", "headline", "clickbait", "prospecto",
)  # fmt: skip
IN_CARE = _any(
    r"(?<!no )(?<!no an )(?:ambulance|paramedics?|ems|medics)(?: (?:is|are|s|has|have))?(?: just| already)? (?:here|on (?:its|the|their|his|her) way|arrived)",
    r"(?<!no )(?:ambulance|paramedics?|ems|medics) (?:is|are|s) (?:just |already )?coming",
    "(?:with|talking to) the paramedics", "paramedicos", "reviewed by", "in resus", "under observation", "doctor (?:has )?already",
    "doc already", "el doctor ya", "(?:doctor|notarzt|medics?) is (?:presently|already|here|beside|with)", "at the hospital since", "hospital room",
)  # fmt: skip
IN_HOSPITAL = _any(
    r"(?:is|are|am|im|s|hes|shes|dads|mums|moms|were|now|already|still)(?: already| now| currently| both| back)? (?:in|at) (?:the )?"
    r"(?:hospital|er|icu|ed|itu|a & e|a&e|emergency room|emergency department)(?! (?:parking|car park|gate|door|waiting))",
    "on the ward", "(?:doctors?|nurses?|they) (?:have|has|ve) (?:seen|got|admitted) (?:him|her|me)",
)  # fmt: skip
FALSE_ALARM = _any(
    "turned out", "turns out", rf"thought (?:that )?{PERSON} .*(?:but|just|only|turn)", "(?:good|both|all) laugh(?:ed)?", "we laugh", "false alarm", "just a faulty", "was (?:only|just) (?:cold|joking|pretending|asleep|a dream|kidding)",
    "laughed (?:till|til|until|so)", "laughing", "metaphorically", "the vet",
)  # fmt: skip
IF = _any(
    "if", "what if", "in case", "in the event", r"when(?:ever)? (?:someone|somebody|people|you|a person|patients?)", "suppose",
    "would", "were (?:my|he|she)", "hypothetically", "worried (?:that|about)", "afraid (?:of|that)", "scared (?:of|that|about)",
    "terrified of", "dont want", "do not want", "to avoid", "avoid", "prevent", "rule out", "(?:watch|look)(?: out)? for",
    "(?:going to|gonna) (?:have|get)", "(?:risk|chances?|odds) of", "could (?:have|get|cause|happen)", "might (?:get|have an?|cause)",
    "may (?:get|cause|come)", "imagine", "say an?", "next (?:month|week|year)", r"will (?:i|he|she|they|it|this|that|my \w+)", "say (?:he|she|i) (?:got|had|went)", "ever",
)  # fmt: skip
ONGOING = re.compile(
    rf"^(?: \w+)?(?: {PERSON})* {PERSON}(?: \w+)?? (?:is|are|am|s|was|were|has been|have been|keeps|just|started)\b"
    r"|^(?: \w+)? (?:im|hes|shes|theyre)\b"
)
UNSURE = _any(
    r"(?:not sure|unsure|dont know|do not know|cant tell|cannot tell|idk|wondering|i think|maybe|perhaps)(?: if| whether| that)?"
)
QUESTION_START = re.compile(
    r"^(?:(?:hi|hello|hey|so|ok|okay|and|but|please|pls|um|well|also|sorry|excuse me|good \w+|just|oh|again|quick question"
    r"|question|out of interest|by|at|for|in) )*(?:what|wat|wot|kin|whats|why|how|hows|can|could|does|do|is|are|will|would|should|when|which|who|did"
    r"|has|have|am|may|might|any(?:one|body)? know|isnt|doesnt)\b"
)
ASKING = _any(
    "wondering", "wonder", "curious", "tell me", "explain", "(?:want|like|need) to (?:know|understand)", "wanna know",
    "asking", "question", "know more", "is that (?:a thing|ever|normal)", "am i correct", "what do you suspect", "how (?:high|bad|much)", "info on", "information", "could you", "can you", "is it true",
    "what (?:is|are|does|causes?|happens?|means?)", "why (?:does|do)", "how (?:does|do|common|likely|often|long)",
    "does (?:it|baclofen|withdrawal|this|stopping|that)", "rank",
)  # fmt: skip
GENERAL = _any(
    "withdrawals?", "symptoms?", "side effects?", "causes?", "lead(?:s|ing)? to", "risks?", "stopping", "people", "you",
    "someone", "patients", "kids", "folks", "how common", "same thing", "abrupt", "cat", "dog", "pet", "horse",
)  # fmt: skip
REPORT = re.compile(
    rf"\b{PERSON}\b.*\b(?:is|am|are|was|were|s|im|hes|shes|theyre|has|have|had|having|ive|been|started|starting|keeps|keep"
    r"|just|cant|cannot|wont|not|ran|run|missed|stopped|quit|forgot|lost|skipped|went|go|goes|got|getting|feels|feel|looks|seems|says|woke|saw|sees|took|taken|ate|swallowed"
    rf"|doesnt|didnt|couldnt)\b|\b(?:is|am|are|was|were|has|have)(?: \w+)? {PERSON}\b"
)
MODAL = re.compile(
    rf"(?<!i )(?<!we )\b(?:can|could|will|would|should|might|may|does|do|did) (?:\w+ )?{PERSON}\b"
    rf"|\b{PERSON}(?: \w+)? (?:can|could|will|would|might|may|should)\b(?! be \w+ing| be$| have (?:been|had))"
)
PRESENT = re.compile(
    rf"\b{PERSON}(?: \w+)?? (?:is|am|are|s|keeps|cant|wont|has been|have been)\b|\b(?:im|hes|shes|theyre)\b"
)

# Over a conversation. These read the text as typed.
HELP_IS_HERE = re.compile(
    r"\b(?:(?:ambulance|paramedics?|ems|medics?|911|999|they|help|crew)(?:'?s| is| are| has| have)? (?:just |already |now )*"
    r"(?:here|on (?:its|the|their|his|her) way|coming|arrived|got here|pulled up|with (?:him|her|us|me))"
    r"|(?:in|at) the (?:ambulance|hospital|er|emergency room|a&e|icu)(?: now| already)?"
    r"|(?:doctor|nurse)s? (?:is|are) with (?:him|her|us|me))\b",
    re.IGNORECASE,
)
NO_HELP = re.compile(
    r"\b(?:no|not|never|isn'?t|aren'?t|won'?t|if|when|should|until)\b (?:\w+ ){0,3}(?:ambulance|paramedics?|help|coming|here)"
    r"|^(?:is|are) (?:\w+ ){1,2}(?:coming|here)",
    re.IGNORECASE,
)
DID_NOT_HAPPEN = re.compile(
    r"\b(?:false alarm|(?:it )?(?:did ?n'?o?t|never) (?:really )?happen(?:ed)?|turn(?:s|ed) out"
    r"|was (?:only|just|actually) (?:cold|joking|pretending|asleep|sleeping|dreaming|a dream|playing|kidding|messing|a typo|shivering from)"
    r"|(?:sorry|oops|ignore).{0,30}(?:typo|autocorrect|meant|wrong (?:chat|word|window))|i meant|typo|autocorrect)\b",
    re.IGNORECASE,
)
HAS_PUMP = re.compile(
    r"\b(?:my|his|her|their|our|have an?|has an?|got an?|with an?|on the) (?:\w+ )?(?:pump|catheter)\b(?! (?:team|clinic))",
    re.IGNORECASE,
)
NO_PUMP = re.compile(
    r"\b(?:no|not an?|without an?|don'?t have an?|doesn'?t have an?) (?:\w+ )?pump\b|\bno,? (?:tablets|pills|liquid)\b",
    re.IGNORECASE,
)
SAFE_NOW = re.compile(
    r"\b(?:i'?m|i am|we'?re|she'?s|he'?s|they'?re|she is|he is) (?:\w+ ){0,2}(?:safe|with (?:my|a|his|her|someone|somebody|them))"
    r"|\b(?:my|his|her) \w+ (?:is|are) (?:here )?with (?:me|him|her)\b",
    re.IGNORECASE,
)
ABOUT_IT = _any(
    "it", "its", "that", "thats", "this", "these", "those", "he", "hes", "him", "his", "she", "shes", "her", "hers", "they", "them",
    "there", "now", "what (?:do|should|can|shall) (?:i|we)(?: do)?$", "what (?:do|should) (?:i|we) do", "call", "calling", "ring",
    "ambulance", "911", "999", "112", "000", "hospital", "er", "emergency", "a&e", "wait", "waiting", "drive", "driving", "really",
    "how long$", "serious", "bad", "die", "dying", "dead",
)  # fmt: skip
_ACK = (
    r"(?:ok(?:ay)?|k|thanks?|thank you|thx|ty|cheers|will do|got it|alright|yes|yeah|right|doing it|calling|on it|bless you"
    r"|i(?:'?m| am|'?ll| will)|so much|a lot|very much|them|now|911|999|112|000|bye|you|god bless|love|mate|call(?:ing)?|dialing|ringing)"
)
THANKS = re.compile(rf"^\W*{_ACK}(?:[\s,.!]+{_ACK})*\W*$", re.IGNORECASE)

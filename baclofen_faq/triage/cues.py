"""The words that tell in which light a symptom is spoken of. All match plain spellings (see words.py), joined by blanks."""

import re


def _any(*phrases: str) -> re.Pattern[str]:
    """One pattern for any of these phrases, as whole words; each phrase may be a regular expression."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


PERSON = "(?:" + "|".join(
    """i im ive id we weve were he hes she shes they theyre theyve my our me him his her them us mom moms mum mums mam
    mama nan nans gran grandma grandpa granddad dad dads father mother husband hubby wife son daughter kid child baby
    brother sister partner patient client resident pt teammate friend mate bestie roommate flatmate housemate neighbor neighbour guy fella bloke man woman lady lad girl boy coworker colleague uncle aunt auntie cousin niece nephew grandson granddaughter stepdad stepmom fiance girlfriend boyfriend gf bf pops papa pa ma dude bro sis someone somebody everyone abuela abuelo esposo esposa hijo hija hermano hermana ella""".split()
) + ")"  # fmt: skip

CLAUSE_END = re.compile(r"[,;.!?:\n]+|and|but|because|cause|cuz|cos|bc|though|although|however|yet|except|only|so|then")
SENTENCE_END = re.compile(r"[.!?\n]+")

NEGATOR = "(?:" + "|".join(
    """no not without never denies denied deny denying isnt wasnt arent werent doesnt dont didnt hasnt havent hadnt
    aint nor neither zero 0 nobody noone none no_one non nah naw nil nae negative sin ni nunca ningun ninguna""".split()
) + ")"  # fmt: skip
MAY_STAND_BETWEEN = "(?:" + "|".join(
    """a an any the had have having has been being be got get getting gets more really actually signs? of symptoms? yet
    ever experienced experiencing experience showing shown show feeling feel felt seen noticed notice or nor real full
    other such like anything kind sort further new bad high so far currently single in is are was here his her my their
    s much at all suffering suffered from run running thinking thoughts about one single tiene tengo tenido tuvo ha hay siento to""".split()
) + ")"  # fmt: skip
DENIED_BEFORE = re.compile(rf"\b{NEGATOR}(?: {MAY_STAND_BETWEEN})*$")
DENIED_IN_FORM = re.compile(r"^ : (?:none|no|nil|negative|absent|denied|0)\b")
DENIED_AFTER = re.compile(
    r"^(?: thoughts| attempts| ideas)?(?: [:=])? (?:no|none|negative|nil|never|absent)\b(?! (?:of|stop|let|end|response|answer|relief|one|body|where|idea|goes|ends|went|help|ambulance|matter))"
    rf"|^(?: (?:and|but|though|n|&|,))+ (?:{PERSON} (?:got |have |had |has )?)?(?:none of (?:that|it|those|them|this)|dont have|no such)"
    r"|^ (?:was|were|is|are|has been|have been) (?:ruled out|not there|never)"
)
NOT_A_DENIAL = re.compile(
    r"\b(?:cant|cannot|couldnt|wouldnt|dont) (?:really )?(?:say|deny|swear|claim|pretend|promise)\b"
    r"|\bnot (?:that|as if|like|true|because)\b|\b(?:isnt|not|hardly|barely) an? (?:minute|moment|day|hour|second|night)\b"
)
NEVER_BEFORE_THIS = re.compile(
    r"^(?: \w+)? (?:like this|this bad|so bad|as bad|(?:until|till|before) (?:today|now|tonight|this|yesterday|last night))\b"
)
BUT_NOW = re.compile(rf"\bbut (?:now|today|tonight) {PERSON} (?:has|have|had|is|am|are|does|do|did)\b")
LIST_GOES_ON = re.compile(r"^(?:(?:or|nor|any|a|an|other|and) ?)*$")
LIST_BEFORE = re.compile(rf"\b{NEGATOR}(?: {MAY_STAND_BETWEEN}| ,)*$")

RECENT = _any(
    "en este momento", "ahorita", "ahora mismo", "acaba de",
    "just (?:had|have|now|started|went|took|fell|passed|found|saw|did|gone|got|collapsed|dropped|woke)", "rn", "hoy", "ahora", "anoche", "ayer", "desde",
    "right now", "now", "currently", "at the moment", "this (?:morning|afternoon|evening|minute|second|am|arvo)",
    "today", "tonight", "tonite", "last night", "yesterday", "(?:minutes?|mins?|hours?|hrs?) ago", "since", "again",
    "still", "all of a sudden", "suddenly", "started", "keeps", "wont stop", "already", "for (?:hours|days)",
    "past (?:few )?(?:minutes?|hours?|half hour)",
)  # fmt: skip
TODAY = _any(
    "en este momento", "ahorita", "ahora mismo", "acaba de",
    "just (?:had|now|started|went|took|fell|passed|found|collapsed)", "rn", "hoy", "ahora", "anoche", "ayer",
    "right now", "now", "currently", "at the moment", "this (?:morning|afternoon|evening|minute|second|am|arvo)", "today", "tonight",
    "tonite", "last night", "yesterday", "(?:minutes?|mins?|hours?|hrs?) ago", "keeps", "wont stop",
)  # fmt: skip
NOTHING_SINCE = _any(
    r"(?:nothing|none|never|not|no problems?|no issues?|clear|fine|sound|good|okay?|stable|well|healthy)(?: \w+){0,2} since",
    "never (?:happened )?again", "fully recovered", "no more since", "long (?:over|gone|done|finished)", "years on", "all behind (?:me|us|him|her)",
)  # fmt: skip
WELL_NOW = _any(
    "(?:fine|well|happy|healthy|great|grand|okay?|good|right|brilliant|normal|awake) (?:now|these days|today|again)",
    r"(?:now|today|hoy) (?:\w+ ){0,3}(?:fine|well|happy|healthy|great|grand|okay?|good|sano|sana|bien|home)",
    r"(?:\d+|twenty|thirty|forty|fifty|sixty|seventy|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen|eighteen)(?: \w+)? now", r"now (?:hes |shes |im |he is |she is |i am )?(?:\d+|twenty|thirty|forty|fifty|sixty)",
)  # fmt: skip
PAST = _any("gr[eo]wn? out of (?:it|them)", r"when (?:my|our|his|her) \w+ (?:was|were) (?:an?|little|small|young|\d+)\b", "ya paso", "hace (?:tiempo|mucho)", "de nin[oa]",
    r"(?:in |of )?(?:19|20)\d\d", r"(?:years?|yrs?|yr|months?|decades?|ages|summers|winters|christmases) (?:ago|back|before|gone|later|earlier)", r"before \w+ (?:years|months)", r"(?:\d[\d,]{2,}|hundred|hundreds of|many|thousands of) days ago",
    "(?:my|his|her) last (?:job|posting|marriage|school|team)", "long before", "last (?:year|month|summer)",
    "last (?:winter|spring|fall|autumn)", "used to(?! (?:it|them|this|that|him|her))", "history of", "old history", "back (?:in|when)", "in the past",
    "as an? (?:kid|child|baby|teenager|infant|student|boy|girl)", r"when (?:i|he|she|they|we) (?:was|were)(?! \w+ing)",
    "previously", "formerly", r"hace (?:\w+ )?(?:anos?|meses)", "cuando era", r"\w+ (?:years?|yrs|months|decades) (?:ago|back)", "childhood", "years since", "the year of", "in (?:my|his|her) (?:teens|twenties|thirties|forties)", "before the pandemic", "never (?:came back|again)", "not recurred", r"last (?:one|1) (?:i|he|she) was", "(?:he|she|i) once|once when|baby once", "long (?:time )?ago", "(?:primary|high|grade|elementary) school", "nineties|eighties",
    "her first pump|his first pump|my first pump|the old pump|my old pump", r"aged? \d{1,2} (?:she|he|i|they) (?:had|was)",
)  # fmt: skip
QUOTED = _any("tarea", "folleto", "articulo", "pelicula", "novela", "examen", "(?:lei|leo) (?:que|en)",
    "leaflet", "pamphlet", "newsletter", "slide", "video", "telly", "sentence", "course", "crime doc", "programme", "show", "label", "brochure", "article", "essay", "story", "stories", "script", "scenario", "case (?:one|two|three|1|2|3)", "all made up", "worksheet", "poem", "homework", "assignment", "(?:term )?paper", "exam",
    "quiz", "thesis", "presentation", "textbook", "book", "website", "insert", "flyer", "handout", "poster", "printout",
    "manual", "novel", "(?:warning|box|page|it|sheet|thing) says?", "forum", "facebook", "tiktok", "googled?", "reddit",
    "youtube", "documentary", "movie", "film", "episode", "tv", "class", "biology", "nursing school", "training",
    "(?:i|we) read", "read(?:ing)? (?:about|that|online|this)", "heard (?:that|about|people)", "case (?:report|study)",
    "mag(?:azine)?", "newspaper", "headline", "clickbait", "prospecto",
)  # fmt: skip
FIRST_PERSON = _any(
    "asking for (?:a friend|my friend|me|myself)", "i", "im", "id", "ive", "ill", "me", "myself", "quiero"
)
IT_IS_SO = _any(
    r"(?:exactly |just )?what (?:i|he|she|they|we|my \w+|dad|mum|mom)(?: \w+)? (?:has|have|is|am|are|got|had|sees?|feels?)",
    r"(?:thats|that s|its|it s) (?:exactly |just )?(?:what|whats) (?:(?:is|s) )?(?:in|on|i|ive|he|hes|she|shes|my|they|happening|the)",
)
PASSED = _any(
    "(?:minutes?|mins?|hours?|hrs?) ago", "last night", "yesterday", "this (?:morning|afternoon|evening)", "just now", "right now", "sitting here", "is showing",
)  # fmt: skip
PREPARING = _any(
    "like to know",
    "fine at the moment",
    "nothing (?:has |s |have )?happened",
    "(?:be|get|being) prepared",
    "preparing",
    "plan(?:ning)? ahead",
    "like to plan",
    "just in case",
    "just (?:asking|wondering|curious)",
    "hypothetically",
)
BACK_AGAIN = _any(r"(?:the |that |this )?same (?:\w+ )?(?:feeling|thing|way)", "otra vez", "de nuevo",
    "back again", "again", "same again", "is back", "are back", "came back", "come back", "returned", "another", "same thing", "happening",
    r"(?:but |and )?now (?:he|she|they|i|it|my \w+) (?:is|has|cant|wont|s|had|just|looks|seems)", r"now (?:hes|shes|im|its|theyre)(?! (?:fine|well|happy|healthy|great|okay|good|\w+ (?:and|with|years?)|(?:twenty|thirty|forty|fifty|sixty)))",
)  # fmt: skip
IN_CARE = _any("ingresad[oa]s?", "en la ambulancia", "los medicos (?:dicen|lo|la|le|ya)",
    r"(?<!no )(?<!no an )(?:ambulance|paramedics?|ems|medics)(?: (?:is|are|s|has|have))?(?: just| already)? (?:here|on (?:its|the|their|his|her) way|arrived)",
    r"(?<!no )(?:ambulance|paramedics?|ems|medics) (?:is|are|s) (?:just |already )?coming",
    "(?:with|talking to|in) the (?:paramedics|ambulance|medics|crew)", r"(?:paramedics|medics|ambulance|ems|crew|ambos|doctors?|nurses?) (?:is |are |s )?(?:now )?(?:with|taking|took|got|treating|working on) (?:him|her|me|us|them)",
    "ambulance here", "ambulancia (?:ya )?(?:esta|viene|llego|en camino)", "en el hospital", "en urgencias", r"(?:crew|medics|paramedics|ambos|ambulance|ems|team|ward|helicopter|hospital|unit)(?: is| has| have| s| ve| just| already| now)+ (?:got |took |taken |take |admitted |pulling |loading |intubated )?(?:him|her|me|us|them|up|my \w+|daddy|dad|mum|mom)",
    r"(?<!out of )(?<!from )(?<!left )(?:in|on|from|at) (?:the )?(?:\w+ ){0,2}(?:nicu|picu|icu|itu|hdu|resus|theatre|ward|stretcher)\b", "nicu now",
    r"(?:has|have|been|was|got|is|are) (?:just )?admitted", "intensive care", "on the ward", "on a ventilator", r"(?:moved|transferred|taken|rushed|airlifted|flown|admitted|brought) (?:(?:him|her|me|us|them|straight) )?(?:to|in|into) (?:the )?(?:\w+ )?(?:nicu|picu|icu|resus|hospital|er|ward|emergency)(?! and (?:sent|back))", "(?:doc|doctor|nurse|team|consultant|medic)s? (?:has|have) (?:already |just )?(?:seen|checked|got)", r"(?:were|we are|im|i am) (?:now |already )?(?:in|at) (?:the )?(?:er|a ?& ?e|ed|hospital|icu|emergency room|emergency department)(?! (?:parking|car park|gate|door|waiting))", "paramedicos", "reviewed by", "in resus", "under observation", "doctor (?:has )?already",
    "doc already", "el doctor ya", "(?:doctor|notarzt|medics?) is (?:presently|already|here|beside|with)", "at the hospital since", "hospital room",
)  # fmt: skip
IN_HOSPITAL = _any(
    r"(?:is|are|am|im|s|hes|shes|dads|mums|moms|were|now|already|still)(?: already| now| currently| both| back)? (?:in|at) (?:the )?"
    r"(?:hospital|er|icu|ed|itu|a & e|a&e|emergency room|emergency department)(?! (?:parking|car park|gate|door|waiting))",
    "on the ward", "(?:doctors?|nurses?|they) (?:have|has|ve) (?:seen|got|admitted) (?:him|her|me)",
)  # fmt: skip
FICTION = _any(
    r"(?:in|on|watched|watching|from) (?:that|a|the|this|my|an|some)? ?(?:\w+ )?(?:show|film|movie|episode|series|soap|novel|game|podcast|drama|western|telly|tv)"
)
AFTERWARDS = re.compile(r"^\S* ?(?:turned|turns) out\b|^\S* ?(?:false alarm|just kidding|jk|naw just)\b")
FALSE_ALARM = _any("falsa alarma", "solo (?:tiritaba|jugaba|dormia|sonaba)", "era (?:una )?broma",
    "dream(?:ed|t)", "had a dream", "nightmare", "in the shade", "just the weather", "vets? (?:got|says|said|has)",  rf"thought (?:that )?{PERSON} .*(?:but|just|only|turn)", "false alarm", "just a faulty", "was (?:only|just) (?:cold|joking|pretending|asleep|a dream|kidding)",
    "laughed (?:till|til|until|so)", "metaphorically", "was (?:only|just) a",
)  # fmt: skip
IF = _any(r"say (?:someone|somebody|an?|my \w+)", "suponiendo", "let s say", "lets say",r"si (?:alguien|una persona|un paciente|uno|mi \w+)", "y si", "en caso de", "por si",
    "if", "what if", "in case", "in the event", r"when(?:ever)? (?:someone|somebody|people|you|a person|patients?)", "suppose",
    "would", "were (?:my|he|she)", "hypothetically", "worried (?:that|about)", "afraid (?:of|that)", "scared (?:of|that|about)",
    "terrified of", "dont want", "do not want", "to avoid", "avoid", "prevent", "rule out", "(?:watch|look)(?: out)? for",
    "(?:going to|gonna) (?:have|get)", "(?:risk|chances?|odds) of", "possible to (?:get|have)", r"(?:people|patients|someone|somebody|anyone|adults|kids|children|babies|anybody|you|one|they)(?: \w+){0,3} (?:can|could|may|might|will|would|do|get|have|who)", "could (?:have|get|cause|happen)", "might (?:get|have an?|cause)",
    "may (?:get|cause|come)", "imagin(?:e|ing)", "god forbid", "s?pose (?:a|he|she|i|we|they|you|someone)", "si algun dia", "que haria", "si (?:le|me) (?:da|pone)", "how (?:would|will|do|can|could) (?:i|you|we|one) (?:know|tell)", "say (?:we|i|he|she|they)(?:re| was| were| is)?", "say an?", "next (?:month|week|year)", r"will (?:i|he|she|they|it|this|that|my \w+)", "say (?:he|she|i) (?:got|had|went)", "ever",
)  # fmt: skip
ONGOING = re.compile(
    rf"^(?: \w+)?(?: {PERSON})* {PERSON}(?: \w+)?? (?:is|are|am|s|was|were|has been|have been|keeps|just|started)\b"
    r"|^(?: \w+)? (?:im|hes|shes|theyre)\b"
)
SUPPOSED = _any(
    "how (?:would|will|do|can|could) (?:i|you|we|one) (?:know|tell)",
    "god forbid",
    "imagin(?:e|ing)",
    "hypothetically",
    "say i was",
    "spose",
    r"(?:was|were) to \w+",
    "in the future",
    "what would happen",
    "aint happened",
    "hasnt happened",
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
    "wondering", "wonder", "curious", "tell me", "explain", "(?:wants?|like|needs?) to (?:know|understand)", "such as", "cut ?off", "threshold", "the line", "what counts", "counts as", "causar?", "podrian?", r"puede(?: \w+){0,2} (?:causar|dar|provocar)", "cuales", "que pasa si", "wanna know",
    "asking", "question", "know more", "is that (?:a thing|ever|normal)", "am i correct", "what do you suspect", "how (?:high|bad|much)", "info on", "information", "could you", "can you", "is it true",
    "what (?:is|are|does|causes?|happens?|means?)", "why (?:does|do)", "how (?:does|do|common|likely|often|long)",
    "does (?:it|baclofen|withdrawal|this|stopping|that)", "rank",
)  # fmt: skip
GENERAL = _any("una persona", "la gente", "alguien", "personas", "bebes", "pacientes", "can happen",
    "withdrawals?", "symptoms?", "side effects?", "causes?", "lead(?:s|ing)? to", "risks?", "stopping", "people", "you",
    "someone", "patients", "kids", "folks", "how common", "same thing", "abrupt", "cat", "dog", "pet", "horse",
)  # fmt: skip
REPORT = re.compile(
    rf"\b{PERSON}\b.*\b(?:is|am|are|was|were|s|im|hes|shes|theyre|has|have|had|having|ive|been|started|starting|keeps|keep"
    r"|just|cant|cannot|wont|not|ran|run|missed|stopped|quit|forgot|lost|skipped|went|go|goes|got|getting|feels|feel|looks|seems|says|woke|saw|sees|took|taken|ate|swallowed"
    rf"|doesnt|didnt|couldnt)\b|\b(?:is|am|are|was|were|has|have)(?: \w+)? {PERSON}\b"
)
SPANISH_ASKS = _any(
    "puede",
    "pueden",
    "podria",
    "podrian",
    "que pasa",
    "cuando",
    "como se",
    "cuales",
    "que sintomas",
    "si una",
    "si alguien",
)
SPANISH_PERSON = _any(r"mi (?!tarea|doctor|medico)\w+", "me", "estoy", "esta", "tengo")
SPANISH = _any(
    "mi",
    "su",
    "se",
    "le",
    "esta",
    "estoy",
    "tiene",
    "tengo",
    "ya",
    "desde",
    "que",
    "los",
    "las",
    "una",
    "en el",
    "todo el",
)
MODAL = re.compile(
    rf"(?<!i )(?<!we )\b(?:can|could|will|would|should|might|may|does|do|did) (?:\w+ )?{PERSON}\b"
    rf"|\b{PERSON}(?: \w+)? (?:can|could|will|would|might|may|should)\b(?! be \w+ing| be$| have (?:been|had))"
)
LATER_SUBJECT = re.compile(
    rf"^(?: \w+){{2,}} {PERSON}(?: \w+)? (?:is|are|s|am|has|had|cant|cannot|wont|keeps|just|was|were|took|ate)(?: \w+){{0,2}}$"
    r"|^(?: \w+){2,} (?:im|hes|shes|theyre)(?: \w+){0,2}$"
    rf"|told you (?:that )?{PERSON}$"
)
IS_DOING = re.compile(r"(?:^|\b)(?:is|are|am|im|hes|shes|theyre)(?: (?:now|still|also|really|so|having|just))*$")
DONE_BY_SOMEBODY = re.compile(
    rf"(?:^|and |but |then ){PERSON}(?: (?!know|read|hear|think|wonder|mean|fear|dread|hate|want|like|ask|understand)\w+)?$"
)
PRESENT = re.compile(
    rf"\b{PERSON}(?: \w+)?? (?:is|am|are|s(?= \w+ing\b| (?:not|so|very|got|been|all|just|still|now)\b)|keeps|cant|wont|has been|have been)\b|\b(?:im|hes|shes|theyre)\b"
)

PETS = r"(?:dog|dogs|puppy|pup|cat|cats|kitten|rabbit|bunny|horse|pony|hamster|guinea pig|parrot|bird|pet|perro|perra|perrito|gato|gata|conejo)"
PEOPLE = (
    r"(?:man|woman|guy|bloke|boy|girl|somebody|someone|people|person|moms?|mums?|mama|mother|nans?|grans?|grandma|grandpa|granddad|dads?|father|husband|hubby|wife|son|daughter|kids?|child|children|toddler|baby"
    r"|brother|sister|partner|boyfriend|girlfriend|patient|client|resident|friend|mate|flatmate|neighbou?r|uncle|aunt|aunty|cousin|year old|yr old|yo|old man|lady|i am|im|ive|me)"
)
ANY_SUBJECT = re.compile(rf"\b(?:(?P<pet>{PETS})|{PEOPLE}|i|we|he|hes|she|shes|they|theyre|someone)\b")
SUBJECT = re.compile(rf"\b(?:(?P<pet>{PETS})|{PEOPLE})\b")

IN_THEORY = re.compile(
    r"^\W*(?:(?:theoretically|in theory|hypothetically|hypothetical|asking hypothetically|just (?:curious|wondering|asking)|question|suppose|supposing|imagine|let'?s say|lets say|say|what if|if"
    r"|asking for (?:a friend|my \w+|someone)|how (?:long|bad|serious|dangerous)|what (?:would )?happens?|is it|it wears? off|until|would it be|i told you|would happen|like|so|and|you had|are we talking)\b\W*)+",
    re.IGNORECASE,
)
OF_RIGHT_NOW = re.compile(
    r"\b(?:(?:minutes?|mins?|hours?|hrs?) ago|has just|have just|'s just|just (?:taken|took|emptied|swallowed|had|gone|started|collapsed|necked)|right now|sat here|sitting here|here now|one here"
    r"|in front of (?:me|us|you)|tonight|this (?:morning|evening|afternoon)|today|being me|i (?:took|take[n]|have taken|swallowed)|i'?ve (?:taken|had|got)|(?:he|she)'?s my)\b",
    re.IGNORECASE,
)


def words() -> set[str]:
    """Every word that stands in a cue, so that it is not taken for a misspelt one."""
    patterns = [value.pattern for value in globals().values() if isinstance(value, re.Pattern)]
    return {word for pattern in patterns for word in re.findall(r"[a-z]{4,}", pattern.replace("\\b", " "))}

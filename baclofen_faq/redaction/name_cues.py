"""The words around a name, as patterns."""

import re

from baclofen_faq.redaction.rules import by_letter

RELATION = by_letter(
    r"(?:husband|hubby|wife|wifey|spouse|son|daughter|mom|mum|mam|mommy|mummy|mother|dad|daddy|father"
    r"|brother|bro|sister|sis|grandma|grandmother|grandpa|grandfather|grandad|granddad"
    r"|grandson|granddaughter|nana|nan|gran|granny|aunt|auntie|aunty|uncle|cousin|niece|nephew|partner"
    r"|boyfriend|girlfriend|bf|gf|fianc[ée]e?|friend|bestie|mate|neighbou?r|roommate|flatmate"
    r"|housemate|colleague|patient|pt|client|resident|carer|caregiver|caretaker|aide|boy|girl|baby"
    r"|toddler|lad|lass|fella|wee one|little one|ex|np|ot|cna|hca|ward manager|charge nurse|toddler|child"
    r"|kid|twin|twins|kids|sons|daughters|boys|girls|children|parents|stepson"
    r"|stepdaughter"
    r"|stepdad|stepmom|stepmum|in[ -]law|pharmacist|neurologist|physio|physiotherapist|therapist|gp"
    r"|pcp|consultant|specialist|surgeon|physiatrist|pediatrician|paediatrician|physician|secretary"
    r"|receptionist|manager|coordinator|assistant|colleague|paramedic|midwife|social worker|case "
    r"?worker|hijo|hija|esposo|esposa|madre|padre|mam[aá]|pap[aá]|hermano|hermana|abuela|abuelo"
    r"|marido)"
)
TITLE = by_letter(
    r"(?:dr|drs|doctor|doc|mr|mrs|mister|missus|prof|professor|nurse|sister|matron|officer|sgt"
    r"|paramedic|judge|sir|dame|rev|reverend|fr|pastor|rabbi|imam|señora?|senora?|sra?|doña|don)"
)
IS = r"(?: ?['’]?s| is| was|:|\?| ?=| ?-)"
NAMED = (
    rf"\b(?:my|his|her|their|the|our|your|\w{{2,20}}['’]s?|\w{{2,20}}s|full|first|last|middle|given"
    rf"|family|maiden|legal|real|preferred|patient|pt|husbands|wifes) ?(?:full |first |last |middle "
    rf"|sur|maiden |legal |family |given |real )?names?(?:{IS}|,)?,? (?:is |was )?"
)
LABEL_WORDS = (
    r"(?:(?:full|first|last|middle|given|family|preferred|patient|pt|client|caller|carer|child|contact"
    r"|resident|parent|legal|my|his|her)(?:['’]?s)? )?(?:sur|fore)?names?|patients?|pt|client|caller"
    r"|resident|carer"
    r"|caregiver|emergency contact|contact|contact person|next of kin|nok|from|signed|sincerely"
    r"|regards|attn|attention|spouse|parent|guardian|nombre|paciente|user|consultant|provider"
    r"|physician|prescriber|neurologist|doctor|gp|nurse|mother|father|husband|wife|son|daughter"
)
THANKS = by_letter(
    r"(?:thanks(?: so much| a lot| again| in advance| very much| a million| muchly| heaps| loads| a bunch|"
    r" all| for \w{1,20}(?: "
    r"\w{1,20}){0,3})?|thank (?:you|u)(?: so much| very much| again| in advance| kindly)?|many thanks"
    r"|thx|tnx|thnx|tysm|ty|ta|cheers|regards|(?:kind|best|warm|many) (?:regards|wishes)|best"
    r"|sincerely|yours(?: sincerely| truly| faithfully)?|love|respectfully|warmly|gracias|(?:un )?saludos?"
    r"|obrigad[oa]|merci|danke|grazie|dzi[eę]kuj[eę]|cordialement|blessings|slainte|sl[aá]inte|much "
    r"(?:obliged|appreciated)|take "
    r"care|god bless|bye|signed|xx?)"
)
END = (
    r"(?=[\s\W]{0,6}(?:$|[\n\d\ufffc(]|x{1,4}\b|(?:rn|md|np|lpn|pa|phd|ph|tel|mob|cell|phone|call|my "
    r"number|number|email|dob)\b))"
)
VERB = by_letter(
    r"(?:is|was|has|had|hasn['’]?t|isn['’]?t|can['’]?t|cannot|won['’]?t|didn['’]?t|doesn['’]?t|does"
    r"|did|will|takes|took|stopped|started|needs|needed|missed|ran|keeps|kept|says|said|just|got|gets"
    r"|seems|looks|feels|felt|woke|wakes|fell|went"
    r"|can|cant|hasnt|isnt|wont|didnt|doesnt|lives|called|told|who|and i|started|stays|usually"
    r"|normally|cries|cried|became|goes|uses|collapsed|vomited|passed|suffers|weighs|turned|takes"
    r"|swallowed|also|now|still|already|keeps|might|may|would|should|could)"
)
NOT_PEOPLE = re.compile(
    (
        r"['’]?s? ?(?:(?-i:[A-Z])[^\W\d_]{1,15} )?(?:hospital|clinic|clinics|pharmacy|medical|centre"
        r"|center|health|healthcare|disease|syndrome|palsy|sign|hospice|university|college|school|house"
        r"|lodge|ward|care|nursing|street|road|county|city|airport|institute|foundation|general|memorial"
        r"|park|chorea|ataxia)\b"
    ),
    re.IGNORECASE,
)
IDIOMS = re.compile(
    r"\b(?:bob['’]?s your uncle|earl grey|long (?:day|night|story)|jack daniel['’]?s?|king of \w+|uncle sam"
    r"|murphy['’]?s law|for pete['’]?s sake|jane doe|john doe|joe (?:bloggs|public)|tom,? dick (?:and|or|&) harry"
    r"|florence nightingale|jesus christ|good lord|mother nature|father christmas|nosy parker|steady eddie"
    r"|smart alec|even stevens?|happy as larry|mary jane|holy mary|st\.? john['’]?s wort"
    r"|john radcliffe|prince (?:charles|alfred|philip)|princess alexandra|(?:sir )?charles gairdner"
    r"|(?:queen|king) (?:elizabeth|mary|victoria|george)|fiona stanley|john hunter|johns? hopkins|virginia mason"
    r"|james (?:cook|paget)|henry ford|thomas jefferson|shirley ryan|stoke mandeville|cedars[- ]sinai|lou gehrig"
    r"|charcot|peter maccallum|royal victoria|thinks (?:s?he|they|i)(?:['’]?(?:s|re|m)| is| am| are) \w+)\b",
    re.IGNORECASE,
)
"""Sayings, hospitals and things that hold a name which is nobody's; who somebody thinks to be."""
SAINT = re.compile(
    r"\b(?:the|st|saint|santa|san|mt|mount|fort|port|lake|new|in|at|from|near|to) ?\.? ?$", re.IGNORECASE
)

WORD_ALONE = r"(?<![\w@.'’/-])(?P<id>[^\W\d_]{2,30})(?![\w@/])"
I_AM = r"(?:i['’`´]?m|i am|im|i m|am|soy)"
THIS_IS = r"(?:this is|this['’]s|it['’]?s|its only|it is|thats|that['’]s)(?: just| only| still)?"
BEFORE_HERE = r"(?<![\w@])(?=(?:[^\W\d_][\w'’.-]{0,30},? ){1,4}(?:here|speaking)\b)"
AGAIN = r"(?:,? (?:me,?|called|named|only|just|still|again|also|mrs?|ms|the))?"
APART = r"(?:[,:]? |,? \()"

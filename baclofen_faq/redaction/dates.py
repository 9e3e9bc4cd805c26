"""Dates of birth: a date that is said to be one."""

from baclofen_faq.redaction.rules import Rule, by_letter

MONTH = by_letter(
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b\.?"
)
SHORT_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
SPOKEN_DAY = (
    r"(?:(?:twenty|thirty)[ -]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teenth|twentieth|thirtieth"
)
NUMBER_WORD = by_letter(
    r"(?:oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand)\b"
)
TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
SPOKEN_YEAR = rf"(?:(?:nineteen|twenty|two thousand)(?:[ -](?:and )?{NUMBER_WORD}){{1,3}}|{TENS}(?:[ -]{NUMBER_WORD})?)"
DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|(?:the )?(?:{SPOKEN_DAY}|{NUMBER_WORD}))(?![\w:.%]\w)"
YEAR = rf"(?:(?:1[89]|20)\d\d|['’]?\d\d(?![\d:.]\d?)|{SPOKEN_YEAR})\b"
NUMERIC = r"\d{1,2} ?[-/.] ?\d{1,2} ?[-/.] ?(?:\d{4}|\d\d)\b|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b"
HOLIDAY = (
    r"(?:(?:christmas|xmas|boxing|new year['’]?s|st\.? patrick['’]?s|paddy['’]?s|valentine['’]?s|independence|australia"
    r"|anzac|labou?r|memorial|thanksgiving|mother['’]?s|father['’]?s) (?:day|eve)|halloween|thanksgiving|easter sunday)"
)
SPOKEN_DATE = rf"(?:zero |oh )?{NUMBER_WORD}(?:[ -](?:zero |oh )?{NUMBER_WORD}){{2,7}}"
NUMERIC_LOOSE = r"\d{1,2} \d{1,2} (?:19|20)?\d\d\b(?! ?m)|\d{8}\b|\d{6}\b"
WORDY = (
    rf"{DAY}(?: day)?(?: of| de)?[ -]{MONTH}(?:,? ?(?:of |in |de |-)?{YEAR})?"
    rf"|{MONTH}[ -](?:the )?{DAY}(?:,? ?(?:in |of )?{YEAR})?|\d{{1,2}}[-/ ]?{MONTH}[-/ ]?{YEAR}"
    rf"|\d{{1,2}}{SHORT_MONTH}{YEAR}|{DAY} of the (?:{SPOKEN_DAY}|\d{{1,2}}(?:st|nd|rd|th)),? (?:of )?{YEAR}"
    rf"|{MONTH},? ?(?:19|20)\d\d\b|{HOLIDAY},? (?:of |in )?{YEAR}"
)
FULL_DATE = rf"(?:{NUMERIC}|{WORDY})"
ANY_DATE = rf"(?:{NUMERIC}|{WORDY}|{NUMERIC_LOOSE}|{SPOKEN_DATE}|(?:19|20)\d\d\b|\d{{1,2}}[-/.]\d{{1,2}}\b(?![-/.\d]))"

CUE = (
    r"(?:d\.? ?o\.? ?b\b\.?|date[ -]?of[ -]?birth|birth ?-?date|birth ?-?day|b-?day|birth ?dob|fecha "
    r"de nacimiento|cumplea[ñn]os)"
)
GAP = r"(?:\W|(?:is|was|on|the|in|a|it|s|and|for|my|his|her|their|our|mine|mm|dd|yyyy|yy|es|el|a[ñn]o)\b){0,12}"
BORN = (
    r"\b(?:born|nacid[oa]|naci[oó]|nac[ií])\b(?: (?:in|at|en) (?:the )?[^\W\d_]{1,20})?(?:\W|(?:on|in"
    r"|the|back|el|en|a|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b){1,6}"
)

NEEDS = r"o\.? ?b\b|birth|b-?day|\bdob|cumple|nacim"

DATE_RULES = (
    Rule("date_of_birth", rf"\b{CUE}{GAP}(?P<id>(?<![\d.]){ANY_DATE})", needs=NEEDS),
    Rule("date_of_birth", rf"{BORN}(?P<id>{FULL_DATE}|{SPOKEN_DATE})", needs="born|naci"),
    Rule(
        "date_of_birth",
        (
            rf"\bborn(?: \w{{1,12}}){{0,3}} (?:early|late|prematurely?|weeks|here|there),? (?:on )?(?:the )?"
            rf"(?P<id>{FULL_DATE})"
        ),
        needs="born",
    ),
    Rule("date_of_birth", rf"\bb\.? ?(?P<id>{NUMERIC})", needs=r"\bb\.? ?\d"),
    Rule(
        "date_of_birth",
        (
            rf"(?<![\w/.-])(?P<id>{FULL_DATE})(?:,? (?:is|was|being|=) (?:(?:my|his|her|their|the|our) )?"
            rf"(?:\w{{1,20}} ?['’]?s? )?{CUE}| ?[(,-]? ?{CUE}(?!{GAP}(?:\d|{MONTH})))"
        ),
        needs=NEEDS,
    ),
)

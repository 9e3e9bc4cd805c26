"""E-mail addresses and web addresses that lead to one person."""

import re

from baclofen_faq.redaction.rules import Rule

EMAIL = (
    r"(?P<id>(?<![\w.+%-])[\w.+%-]{1,64}(?: ?@ ?|\s?[(\[]at[)\]]\s?)(?:[a-z\d-]{1,63}"
    r"(?:\.[a-z\d-]{1,63}){1,5}|(?:gmail|hotmail|yahoo|outlook|icloud|aol)\b))"
)
DOT = r"(?: dot | ?[(\[]dot[)\]] ?|\.)"
SPOKEN_EMAIL = (
    rf"(?P<id>(?<![\w.-])[a-z\d]{{1,40}}(?:(?:{DOT}| underscore | dash |[_-])[a-z\d]{{1,40}}){{0,4}}(?: "
    rf"at | @ | ?[(\[]at[)\]] ?)"
    rf"[a-z\d-]{{1,40}}(?:{DOT}[a-z\d-]{{2,20}}){{0,2}} ?{DOT}(?:com|org|net|edu|co|uk|ie|au|gov|info|io|example)"
    rf"(?:{DOT}[a-z]{{2}})?\b)"
)
URL = (
    r"(?P<id>(?:\bhttps?://|\bwww\.|(?<![\w@.])(?=[a-z\d.-]{4,80}/))[a-z\d:@-]{1,63}"
    r"(?:\.[a-z\d-]{1,63}){1,5}(?::\d{1,5})?[^\s<>\"]{0,300})"
)
END_MARKS = re.compile(r"[.,;:!?)\]'\"]+$")

PUBLIC_SITE = re.compile(
    (
        r"//(?:[\w-]{1,40}\.){0,4}(?:(?:nih|fda|cdc|medlineplus|pubmed|mass|ca|healthdirect|tga"
        r"|health)\.gov(?:\.au)?|nhs\.uk|hse\.ie|nice\.org\.uk|bnf\.org"
        r"|medicines\.org\.uk|doi\.org|wikipedia\.org|drugs\.com|webmd\.com|mayoclinic\.org|medscape\.com"
        r"|youtube\.com|youtu\.be|medtronic\.com|springer\.com"
        r"|nature\.com|sciencedirect\.com|wiley\.com|bmj\.com|nejm\.org|thelancet\.com|jamanetwork\.com"
        r"|github\.com|clevelandclinic\.org|reddit\.com/r)\b"
    ),
    re.IGNORECASE,
)
PERSONAL_SITE = re.compile(
    r"//(?:[\w-]{1,20}\.){0,2}(?:facebook|fb|instagram|linkedin|twitter|x|tiktok|snapchat|venmo|paypal"
    r"|t|wa|calendly|gofundme|caringbridge)"
    r"\.(?:com|me|org)/(?!groups\b|pages\b|hashtag\b|watch\b|company\b|search\b|p/)[\w@.]",
    re.IGNORECASE,
)
PERSONAL_PATH = re.compile(
    r"/(?:~|@)\w|[/#](?:users?|u|profiles?|patients?|accounts?|members?|people|person|in|me|my"
    r"|records?|charts?|invites?|appointments?"
    r"|reset|verify|share|session|token|portal)/[\w%-]",
    re.IGNORECASE,
)
ID_IN_PATH = re.compile(
    r"/(?!(?:[^/?#-]*-){3})[^/?#]*(?:\d{5}|(?=[^/?#]*\d)(?=[^/?#]*[a-z])[a-z\d_-]{14,})", re.IGNORECASE
)
KEY_OF_PERSON = re.compile(
    r"[?&#;]\w*(?:token|user|patient|session|sid|auth|mrn|name|mail|dob|phone|member|account)=", re.IGNORECASE
)
ID_IN_QUERY = re.compile(
    r"[?&#;](?!utm_)(?:\w*(?:id|key|code|pt|ref)=\w|[\w.%-]{1,40}=(?:[^&]*\d{4}|[^&\s]{16}))", re.IGNORECASE
)


def is_personal(url: str) -> bool:
    """Whether a web address carries an id, a token or a person's page.

    >>> is_personal("https://www.nhs.uk/medicines/baclofen"), is_personal("https://portal.example.org/visit?token=9f3a")
    (False, True)
    """
    full = url if "://" in url else f"//{url}"
    full = full[full.index("//") :]
    host, _, _ = full[2:].partition("/")
    if "@" in host or KEY_OF_PERSON.search(full):
        return True
    if PUBLIC_SITE.match(full):
        return False
    marks = (PERSONAL_SITE, full), (PERSONAL_PATH, full[2:]), (ID_IN_PATH, full[2:]), (ID_IN_QUERY, full)
    return any(pattern.search(part) for pattern, part in marks)


def personal_url(match: "re.Match[str]") -> int:
    """The address without the marks of the sentence; 0 for a public page."""
    url = END_MARKS.sub("", match["id"])
    return len(url) if is_personal(url) else 0


CONTACT_RULES = (
    Rule("url", URL, personal_url, needs="/"),
    Rule("email", EMAIL, needs=r"@|[(\[]at"),
    Rule("email", SPOKEN_EMAIL, needs=r" (?:at|@) |[(\[]at"),
)

"""Web addresses that lead to one person: a portal, a profile, a link with a key."""

import re

from baclofen_faq.redaction.rules import Rule, word_list
from baclofen_faq.redaction.vocabulary import is_given, is_ordinary

URL = (
    r"(?P<id>(?:\bhttps?://|\bwww\.|(?<![\w@.])(?=[a-z\d.-]{4,80}[/?]))[a-z\d:@-]{1,63}"
    r"(?:\.[a-z\d-]{1,63}){1,5}(?::\d{1,5})?[^\s<>\"]{0,300})"
)
SPOKEN_URL = (
    r"\b(?P<id>(?:(?:https?|www|w w w)(?: colon| slash| dot){0,4} )?[a-z\d-]{2,30}(?: dot [a-z\d-]{2,20}){1,3}"
    r"(?: (?:forward )?slash [a-z\d-]{1,30}(?: (?:dash|dot|underscore|\d) ?[a-z\d-]{0,30}){0,8}){1,5})"
)
END_MARKS = re.compile(r"[.,;:!?)\]'\"]+$")
PUBLIC_SITE = re.compile(
    (
        r"(?:[\w-]{1,40}\.){0,4}(?:(?:nih|fda|cdc|medlineplus|pubmed|mass|ca|healthdirect|tga"
        r"|health)\.gov(?:\.au)?|nhs\.uk|hse\.ie|nice\.org\.uk|bnf\.org"
        r"|medicines\.org\.uk|doi\.org|wikipedia\.org|drugs\.com|webmd\.com|mayoclinic\.org|medscape\.com"
        r"|youtube\.com|youtu\.be|medtronic\.com|springer\.com"
        r"|nature\.com|sciencedirect\.com|wiley\.com|bmj\.com|nejm\.org|thelancet\.com|jamanetwork\.com"
        r"|github\.com|clevelandclinic\.org|reddit\.com/r)(?![\w.-])"
    ),
    re.IGNORECASE,
)
PORTAL = re.compile(r"(?:[\w-]+\.)*(?:my\w*|portal|patients?|accounts?|secure|app|appts?|records?)\.", re.IGNORECASE)
PERSONAL_SITE = re.compile(
    r"(?:[\w-]{1,20}\.){0,2}(?:facebook|fb|instagram|linkedin|twitter|x|tiktok|snapchat|venmo|paypal|t|wa|calendly"
    r"|gofundme|dropbox|wetransfer|icloud|onedrive|justgiving|caringbridge|bit|tinyurl|is|goo)"
    r"\.(?:com|me|org|ly|gd|gl)/(?!groups\b|pages\b|hashtag\b|watch\b|company\b|search\b|p/)[\w@.]",
    re.IGNORECASE,
)
PERSONAL_PATH = re.compile(
    r"/(?:~|@)\w|[/#](?:users?|u|profiles?|patients?|accounts?|members?|people|person|in|me|my"
    r"|records?|charts?|invites?|appointments?"
    r"|reset|verify|share|session|token|portal)/[\w%-]",
    re.IGNORECASE,
)
KEY_OF_PERSON = re.compile(
    r"[?&#;]\w*(?:token|user|patient|session|sid|auth|mrn|name|mail|dob|phone|member|account)=", re.IGNORECASE
)
ID_IN_QUERY = re.compile(
    r"[?&#;](?!(?:utm_\w+|lang|page|q|query|search|start|v)=)"
    r"(?:\w*(?:id|key|code|pt|ref|t|k|u|r|s)=\w|[\w.%-]{1,40}=(?:[^&]*\d{2}|(?=[^&]*\d)[^&\s]{3}|[^&\s]{16}))",
    re.IGNORECASE,
)
PLAIN_PIECE = re.compile(
    r"\d{0,2}|(?:19|20)\d\d|[a-z]+\d{0,2}|\d+(?:st|nd|rd|th|mg|mcg|ml|g|x|d|k)|[a-z]\d", re.IGNORECASE
)
"""A word, a year, a dose, a chapter: what a public page is called."""
MIXED_CASE = re.compile(r"(?:[A-Z]*[a-z]+[A-Z]+){2}|[a-z]+[A-Z]{2,}[a-z]")
SLUG_WORDS = 4
"""A part with as many words as this is a title, and short numbers in it are of the title."""
FILE_ENDINGS = word_list("html htm php pdf aspx asp jsp mp4 mp3 m4a docx")


def is_personal(url: str) -> bool:
    """Whether a web address carries an id, a token or a person's page.

    >>> is_personal("https://www.nhs.uk/medicines/baclofen"), is_personal("https://portal.example.org/visit?token=9f3a")
    (False, True)
    >>> is_personal("example.com/file/d/1aBcD_77xyz/view"), is_personal("example.org/10-things-about-baclofen")
    (True, False)
    """
    address = url.split("://", 1)[-1]
    host, _, path = re.split(r"[?#]", address)[0].partition("/")
    if "@" in host or KEY_OF_PERSON.search(address):
        return True
    if PUBLIC_SITE.match(address) and not PORTAL.match(address):
        return False
    if PORTAL.match(address) and re.search(r"\d", path):
        return True
    marks = PERSONAL_SITE.match(address), PERSONAL_PATH.search(address), ID_IN_QUERY.search(address)
    return any(marks) or any(map(names_one, path.split("/")))


def names_one(part: str) -> bool:
    """Whether a part of the path is an id or holds a person's name."""
    pieces = [piece for piece in re.split(r"[-_.~=+%]", part) if piece.lower() not in FILE_ENDINGS]
    least = 6 if len(pieces) >= SLUG_WORDS else 3
    odd = any(len(piece) >= least and not PLAIN_PIECE.fullmatch(piece) for piece in pieces)
    return odd or bool(MIXED_CASE.search(part)) or any(is_given(piece) and not is_ordinary(piece) for piece in pieces)


def personal_url(match: "re.Match[str]") -> int:
    """The address without the marks of the sentence; 0 for a public page."""
    url = END_MARKS.sub("", match["id"])
    return len(url) if is_personal(url) else 0


LINK_RULES = (
    Rule("url", URL, personal_url, needs="[/?]"),
    Rule("url", SPOKEN_URL, needs=" slash "),
)

"""E-mail addresses, typed and spoken."""

from baclofen_faq.redaction.rules import Rule, if_it
from baclofen_faq.redaction.vocabulary import is_common

EMAIL = (
    r"(?P<id>(?<![\w.+%-])[\w.+%-]{1,64}(?: ?@ ?|\s?[(\[]at[)\]]\s?)(?:[a-z\d-]{1,63}"
    r"(?:\.[a-z\d-]{1,63}){0,4}\.[a-z]{2,20}\b|(?:gmail|hotmail|yahoo|outlook|icloud|aol)\b))"
)
DOT = r"(?: dot | ?[(\[]dot[)\]] ?|\.)"
SPOKEN_EMAIL = (
    rf"(?P<id>(?<![\w.-])[a-z\d]{{1,40}}(?:(?:{DOT}| underscore | dash |[_-])[a-z\d]{{1,40}}){{0,4}}(?: "
    rf"at | @ | ?[(\[]at[)\]] ?)"
    rf"[a-z\d-]{{1,40}}(?:{DOT}[a-z\d-]{{2,20}}){{0,2}} ?{DOT}(?:com|org|net|edu|co|uk|ie|au|gov|info|io|example)"
    rf"(?:{DOT}[a-z]{{2}})?\b)"
)


def is_mailbox(text: str) -> bool:
    """Whether what stands before "at" is a mailbox, and no word of a sentence.

    >>> is_mailbox("looked at webmd dot com"), is_mailbox("hank dot morrow at example dot org")
    (False, True)
    """
    return not is_common(text.split()[0]) or text.split()[1] != "at"


EMAIL_RULES = (
    Rule("email", EMAIL, needs=r"@|[(\[]at"),
    Rule("email", SPOKEN_EMAIL, if_it(is_mailbox), needs=r" (?:at|@) |[(\[]at"),
)

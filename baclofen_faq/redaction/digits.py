"""What digits look like: codes, times, round numbers, digits that are spoken."""

import re

from baclofen_faq.redaction.rules import word_list

UNITS = word_list(
    "mg mgs mcg mcgs ug µg ml mls g gm kg lb lbs cc unit units tablet tablets tab tabs pill pills "
    "capsule capsules cap dose doses bpm hour hours hr hrs h"
    " minute minutes min mins sec seconds day days d week weeks wk wks month months mo mos year years "
    "yr yrs yo am pm cm mm percent degrees"
    " degree f c times x per milligram milligrams microgram micrograms milliliter milliliters times "
    "seizures spasms stone feet ft inches miles"
)
PUBLIC_NUMBERS = word_list("911 999 112 000 988 111 119 101 105 061 116123 116 123 1737")
CODE = r"(?:[a-z\d][a-z\d/-]{0,24}|[a-z]{1,4}(?= ?\d))(?:(?: |\. ?)[a-z\d][a-z\d/-]{0,24}(?![\w.]\w)){0,4}"
"""Up to five groups of letters and digits; `code` takes those that belong together."""
DIGIT = r"(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine|\d)"
SPOKEN = (
    rf"\b(?:(?:double|triple|treble) )?{DIGIT}\b(?:(?:,|\.{{1,3}}| ?-| and| then| dash| hyphen| space| "
    rf"um| uh)?[ -]+(?:(?:double|triple|treble) )?(?:{DIGIT}|ten|eleven|twelve|(?:thir|four|fif|six"
    rf"|seven|eigh|nine)teen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two"
    rf"|three|four|five|six|seven|eight|nine))?|hundred|\d{{1,4}})\b){{4,18}}"
)
SPOKEN_ID = rf"(?P<id>{SPOKEN})"
A_DIGIT = r"\d"
"""What a rule for digits needs."""
SPOKEN_DIGITS = (
    rf"{DIGIT}\b(?:\W{{1,4}}(?:(?:double|triple|treble|dash|and|then|um|uh|hyphen|space)\W{{1,3}})?{DIGIT}\b){{2}}"
)
"""What a rule for spoken digits needs: three in a row."""
SPOKEN_WORD = re.compile(r"[a-z]+|\d", re.IGNORECASE)
DOSE = re.compile(r"\d+(?:mg|mcg|ug|ml|am|pm|h|hrs?|kg|lbs?|x|st|nd|rd|th)(?:/\w+)?|\d{1,3}/\d{1,3}", re.IGNORECASE)
FILLERS = word_list("and then dash hyphen space um uh")


def is_clock(text: str) -> bool:
    """Whether all groups are times such as 0800 or 16.30.

    >>> is_clock("0800 1200 1600"), is_clock("0800 123 456")
    (True, False)
    """
    return re.fullmatch(r"(?:(?:[01]\d|2[0-4])[.:h]?[0-5]\d[ ,;/-]*)+", text) is not None


def is_round(text: str) -> bool:
    """Whether the groups are counts or doses: all end in 0 or are smaller than 100.

    >>> is_round("100 200 2000"), is_round("202 555 0142")
    (True, False)
    """
    groups = re.findall(r"\d+", text)
    return (
        len(groups) > 1
        and all(group.endswith("0") or len(group) < 3 for group in groups)
        and not text.startswith(("0", "(0", "+"))
    )


def code(match: "re.Match[str]", least: int) -> int:
    """How much of a cued code is one: groups with digits, and capital letters before them.

    >>> [code(re.match(f"(?P<id>{CODE})", text, re.I), 4) for text in ("AB 123 456 and", "4471 20 mg")]
    [10, 4]
    """
    groups = [(part.group(), part.end()) for part in re.finditer(r"[^ .]+", match["id"])]
    following = re.match(r" ?([a-zµ%]+)", match.string[match.end("id") :][:20], re.IGNORECASE)
    words = [group for group, _ in groups] + [following[1] if following else ""]
    taken = 0
    for index, (_, end) in enumerate(groups):
        if not belongs(words, index):
            break
        taken = end
    digits = re.sub(r"\D", "", match["id"][:taken])
    return taken if len(digits) >= least and digits not in PUBLIC_NUMBERS else 0


def belongs(words: list[str], index: int) -> bool:
    """Whether a group of a code goes on with the ones before it."""
    word, following = words[index], words[index + 1].lower()
    if not re.search(r"\d", word):
        short = len(word) <= 4 and word not in UNITS if index == 0 else len(word) <= 2 and word.isupper()
        return short and re.match(r"[\d-]", following) is not None or is_last_letter(words, index)
    if DOSE.fullmatch(word) or following in UNITS and words[index + 1] not in {"H", "C", "F", "D", "G"}:
        return False
    so_far = sum(map(len, re.findall(r"\d+", " ".join(words[:index]))))
    return index == 0 or len(word) > 1 or so_far in (8, 9)


def is_last_letter(words: list[str], index: int) -> bool:
    """Whether a group is the check letter at the end of QQ 12 34 56 C or 1234567 T."""
    return (
        index > 0
        and len(words[index]) <= 2
        and words[index].isupper()
        and words[index] != "I"
        and len(re.findall(r"\d", "".join(words[:index]))) >= 6
    )


def spoken(match: "re.Match[str]") -> int:
    """All of a row of spoken digits when it holds seven or more, else 0.

    >>> [spoken(re.match(SPOKEN_ID, text)) for text in ("five five five oh one four two", "one two three four five")]
    [30, 0]
    """
    words = [word.lower() for word in SPOKEN_WORD.findall(match["id"]) if word.lower() not in FILLERS]
    as_words = sum(not word.isdigit() for word in words)
    return len(match["id"]) if len(words) >= (7 if as_words > 3 else 9) else 0

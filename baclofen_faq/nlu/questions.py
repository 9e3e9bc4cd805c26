"""Where a message holds several questions: the parts of it that ask something."""

import re

CONNECTS = (
    r"(?:and|also|plus|or|but|then|oh|so|ok|okay|um|uh|like|well|second(?:ly)?|"
    r"another thing|one more thing|another question)"
)
WHICH = r"(?:what|whats|wat|wot|how|hows|why|whys|when|whens|where|wheres|who|whos|which|whose)"
ASKS = (
    rf"(?:{WHICH}|is|isnt|are|am i|can|cant|could|do|does|did|will|would|should|shall|may|might|"
    r"(?:have|has) (?:i|you|he|she|we|they|it|any)|tell me|explain|describe|any|if i|if he|if she|if it|whether)"
)
ENDS = re.compile(r"[?¿!.;\n]+")
BEGINS = re.compile(rf"(?:[,:]|\b{CONNECTS}\b)\s+(?:{CONNECTS}\s+)*(?={ASKS}\b)", re.IGNORECASE)
LEADS_IN = re.compile(rf"^\W*(?:(?:{CONNECTS}|hi|hello|hey|please|thanks|sorry)\b\s*|\W)*", re.IGNORECASE)
IS_QUESTION = re.compile(rf"^(?:{ASKS}\b(?! not\b)|(?:\w+\W+){{1,3}}{WHICH}\b)", re.IGNORECASE)
FEWEST_WORDS = 2


def parts(text: str) -> list[str]:
    """The parts of a message that ask something, in text order; one part where it asks one thing.

    >>> parts("hi, what is baclofen and can i drive on it? thanks")
    ['what is baclofen', 'can i drive on it']
    """
    found = []
    for end, sentence in _sentences(text):
        *others, last = BEGINS.split(sentence)
        for piece in (*others, last):
            words = LEADS_IN.sub("", piece).strip(" ,:")
            is_asked = IS_QUESTION.search(words) is not None or (end == "?" and piece is last)
            if is_asked and len(words.split()) >= FEWEST_WORDS:
                found.append(words)
    return found


def _sentences(text: str) -> list[tuple[str, str]]:
    """(how it ends, sentence) of each sentence."""
    bounds = [0, *(place for match in ENDS.finditer(text) for place in match.span()), len(text)]
    spans = zip(bounds[::2], bounds[1::2])
    return [("?" if text[end : end + 1] == "?" else "", text[begin:end]) for begin, end in spans]

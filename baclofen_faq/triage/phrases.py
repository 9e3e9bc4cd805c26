"""The phrases of vetted/red_flags.yml, found in a Doc by their rarest word.

spaCy's Matcher tries each of a thousand phrases at every word, 2.6 ms a message; here only the phrases whose rarest
word stands in the message are tried, as regular expressions over its plain spelling, 0.2 ms.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from spacy.tokens import Doc, Span

from baclofen_faq.triage.words import RARE, plain, word_costs

GAP_MARK = "..."
GAP_WORDS = 4
DENIALS = "no|not|never|isnt|wasnt|arent|werent|hasnt|havent|without|nor"
GAP = rf"(?: (?!(?:{DENIALS}) )\w+){{0,{GAP_WORDS}}}"


class UnknownList(ValueError):
    """A phrase names a list of words that is not there."""


@dataclass(frozen=True)
class Phrase:
    """One phrase of a symptom: what finds it in " word word word ", and the words of which one must stand there."""

    symptom: str
    notation: str
    expression: re.Pattern[str]
    telling: frozenset[str]


class Phrases:
    """All phrases, by the words that tell them."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = phrases
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for number, phrase in enumerate(phrases):
            for word in phrase.telling:
                self._by_word[word].add(number)

    def find(self, doc: Doc) -> Iterator[Span]:
        """The spans of the doc that are a phrase, in the list's order; they may overlap.

        A span's label is the symptom, its id the phrase in the notation of red_flags.yml.
        """
        norms = [token.norm_.strip().replace(" ", "_") or "_" for token in doc]
        text = f" {' '.join(norms)} "
        ends = accumulate((len(norm) + 1 for norm in norms), initial=0)
        starts = {place: number for number, place in enumerate(ends)}
        for number in sorted(set().union(*(self._by_word.get(norm, ()) for norm in norms))):
            phrase = self._phrases[number]
            for match in phrase.expression.finditer(text):
                yield Span(
                    doc, starts[match.start()], starts[match.end()], label=phrase.symptom, span_id=phrase.notation
                )


def phrase_of(symptom: str, notation: str, words: Mapping[str, Sequence[str]]) -> Phrase:
    """One phrase in the notation that red_flags.yml explains.

    Raises:
        UnknownList: it names a list that `words` does not hold.
    """
    expression, required = "", []
    for part in notation.split():
        if part == GAP_MARK:
            expression += GAP
            continue
        any_of = choices(part.rstrip("?"), words)
        any_of_them = f"(?: (?:{'|'.join(map(re.escape, any_of))}))"
        expression += any_of_them + ("?" if part.endswith("?") else "")
        if not part.endswith("?"):
            required.append(any_of)
    costs = word_costs()
    rarest = max(required, key=lambda place: min(costs.get(word, RARE) for word in place))
    return Phrase(symptom, notation, re.compile(expression + "(?= )"), frozenset(rarest))


def choices(part: str, words: Mapping[str, Sequence[str]]) -> list[str]:
    """The words that may stand at one place of a phrase: those of "a/b/c", or of the list that <name> names.

    Raises:
        UnknownList: there is no list of that name.
    """
    named = re.fullmatch(r"<(\w+)>", part)
    if named and named[1] not in words:
        raise UnknownList(f"no list of words named {part}")
    choices = words[named[1]] if named else part.split("/")
    return [plain(str(choice)) for choice in choices]

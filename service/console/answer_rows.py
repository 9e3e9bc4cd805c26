"""The rows of the answers page: every file that is signed, with its state and how it did."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from baclofen_faq.answers import Vetted, ledger
from baclofen_faq.answers.signatures import Person, Signature, State
from baclofen_faq.answers.texts import GUIDANCE, RED_FLAGS
from service.console.sent import NEVER, Sent, Wording, beside_answers, of_answer

TITLES = {GUIDANCE: "Guidance in an emergency and on a day to call; fixed lines", RED_FLAGS: "Safety advice by symptom"}


@dataclass(frozen=True)
class Row:
    """One file of vetted/: `grade` and `words` of its hardest and its longest text."""

    id: str
    title: str
    is_medical: bool
    grade: float | None
    words: int
    sources: int
    signature: Signature
    signer: Person | None
    state: State
    is_withdrawn: bool
    sent: Sent

    @property
    def is_signed(self) -> bool:
        """Whether nothing is to be done about its signature."""
        return self.state is State.SIGNED


SORTED_BY: dict[str, Callable[[Row], Any]] = {
    "question": lambda row: row.title.casefold(),
    "sent": lambda row: -row.sent.lately,
    "helpful": lambda row: 101 if row.sent.helpful_percent is None else row.sent.helpful_percent,
    "state": lambda row: (not row.is_withdrawn, row.is_signed, row.state.value),
}


def rows(
    vetted: Vetted, counts: Mapping[Wording, Sent], withdrawn: Collection[str], today: datetime.date
) -> Iterator[Row]:
    """One a file, in the order of the files' names; guidance and red flags last."""
    by_id: dict[str, list[ledger.Row]] = {}
    for text in ledger.rows(vetted, today):
        by_id.setdefault(text.id, []).append(text)
    for id, texts in by_id.items():
        answer = vetted.answers.get(id)
        yield Row(
            id=id,
            title=answer.question if answer else TITLES[id],
            is_medical=answer is not None and answer.level == "information",
            grade=max((max(0.0, text.grade) for text in texts if text.grade is not None), default=None),
            words=max(text.words for text in texts),
            sources=max(text.sources for text in texts),
            signature=texts[0].signature,
            signer=vetted.people.get(texts[0].signature.by or ""),
            state=texts[0].state,
            is_withdrawn=id in withdrawn and vetted.can_be_withdrawn(id),
            sent=of_answer(counts, id, vetted) if answer else _sent_of_file(counts, id, vetted),
        )


def in_order(some: Sequence[Row], by: str) -> list[Row]:
    """Sorted by one of SORTED_BY, and by the question where that is the same."""
    return sorted(sorted(some, key=SORTED_BY["question"]), key=SORTED_BY[by])


def _sent_of_file(counts: Mapping[Wording, Sent], id: str, vetted: Vetted) -> Sent:
    """Guidance goes by its own ids; the advice of the red flags stands within it."""
    if id == RED_FLAGS:
        return NEVER
    own = beside_answers(vetted)
    of_guidance = (one for (of, version), one in counts.items() if of in vetted.guidance and version in own)
    return sum(of_guidance, NEVER)

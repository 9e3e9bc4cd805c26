"""The ledger: every text that can be sent, and who approved it; signing."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from baclofen_faq.answers.reading_grade import reading_grade
from baclofen_faq.answers.signatures import Person, Signature, State
from baclofen_faq.answers.texts import GUIDANCE, RED_FLAGS, Text, Vetted
from baclofen_faq.vetted_files import VETTED, VettedFileError

FEWEST_SENTENCES = 3  # fewer have no meaningful grade


@dataclass(frozen=True)
class Row:
    """One text of the ledger. `grade`: US school grade, None for what is too short to have one."""

    id: str
    key: str
    grade: float | None
    words: int
    sources: int
    signature: Signature
    state: State


def rows(vetted: Vetted, today: datetime.date) -> Iterator[Row]:
    """Every text that can be sent, with the state of its file's signature on that day."""
    for text in vetted.texts():
        id = Path(text.file).stem
        yield Row(
            id=id,
            key=text.key,
            grade=round(reading_grade(text.words), 1) if text.words.count(".") >= FEWEST_SENTENCES else None,
            words=len(text.words.split()),
            sources=len(text.sources),
            signature=vetted.signatures[id],
            state=vetted.state(id, today),
        )


def texts_of(vetted: Vetted, id: str) -> list[Text]:
    """What a signature of that id covers.

    Raises:
        VettedFileError: nothing has that id.
    """
    texts = [text for text in vetted.texts() if Path(text.file).stem == id]
    if not texts:
        raise VettedFileError(f"vetted/: nothing has the id {id!r}; `make answers` lists them all")
    return texts


def signer(vetted: Vetted, by: str) -> Person:
    """The person who signs.

    Raises:
        VettedFileError: people.yml does not list them.
    """
    if by not in vetted.people:
        known = ", ".join(vetted.people) or "nobody yet"
        raise VettedFileError(f"vetted/people.yml: {by!r} may not sign (listed: {known}); add id, name and role first")
    return vetted.people[by]


def sign(vetted: Vetted, id: str, by: str, on: datetime.date, folder: Path = VETTED) -> Path:
    """Write a listed person's signature of exactly the words that now stand in a file; the file's path.

    Raises:
        VettedFileError: nobody of that name may sign, or nothing has that id.
    """
    texts_of(vetted, id)
    person = signer(vetted, by)
    path = folder / f"{id}.yml" if id in (GUIDANCE, RED_FLAGS) else folder / "answers" / f"{id}.yml"
    content = path.read_text(encoding="utf-8")
    fields = {"signed_by": person.id, "signed_on": on.isoformat(), "text_sha256": vetted.signatures[id].sha256}
    for key, value in fields.items():
        content, count = re.subn(rf"(?m)^{key}:.*$", f"{key}: {value}", content)
        if count != 1:
            raise VettedFileError(f"vetted/{path.name}: {key}: must stand there once; write `{key}: null`")
    path.write_text(content, encoding="utf-8")
    return path

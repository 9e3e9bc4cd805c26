"""The ledger: every text that can be sent, and who approved it; signing."""

import datetime
import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from baclofen_faq.answers.reading_grade import reading_grade
from baclofen_faq.answers.signatures import Person, Signature, State
from baclofen_faq.answers.texts import GUIDANCE, RED_FLAGS, Text, Vetted
from baclofen_faq.vetted_files import VETTED, VettedFileError

FEWEST_SENTENCES = 3  # fewer have no meaningful grade
NO_NEWLINE = "\\ No newline at end of file"


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


def file_of(id: str) -> str:
    """The file that a signature of that id stands in, seen from vetted/."""
    return f"{id}.yml" if id in (GUIDANCE, RED_FLAGS) else f"answers/{id}.yml"


def signed(vetted: Vetted, id: str, by: str, on: datetime.date, folder: Path = VETTED) -> str:
    """What a file would hold with a listed person's signature of exactly the words that now stand in it.

    Raises:
        VettedFileError: nobody of that name may sign, or nothing has that id.
    """
    texts_of(vetted, id)
    person = signer(vetted, by)
    content = (folder / file_of(id)).read_text(encoding="utf-8")
    fields = {"signed_by": person.id, "signed_on": on.isoformat(), "text_sha256": vetted.signatures[id].sha256}
    for key, value in fields.items():
        content, count = re.subn(rf"(?m)^{key}:.*$", f"{key}: {value}", content)
        if count != 1:
            raise VettedFileError(f"vetted/{file_of(id)}: {key}: must stand there once; write `{key}: null`")
    return content


def sign(vetted: Vetted, id: str, by: str, on: datetime.date, folder: Path = VETTED) -> Path:
    """Write a listed person's signature of exactly the words that now stand in a file; the file's path.

    Raises:
        VettedFileError: nobody of that name may sign, or nothing has that id.
    """
    path = folder / file_of(id)
    path.write_text(signed(vetted, id, by, on, folder), encoding="utf-8")
    return path


def patch(vetted: Vetted, id: str, by: str, on: datetime.date, folder: Path = VETTED) -> str:
    """The same signature as a patch for `git apply`; nothing is written.

    Raises:
        VettedFileError: nobody of that name may sign, or nothing has that id.
    """
    name = f"vetted/{file_of(id)}"
    before = _lines((folder / file_of(id)).read_text(encoding="utf-8"))
    after = _lines(signed(vetted, id, by, on, folder))
    changed = difflib.unified_diff(before, after, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_NEWLINE}\n" for line in changed)


def _lines(content: str) -> list[str]:
    """Its lines as git counts them, each with its end."""
    return re.findall(r"[^\n]*\n|[^\n]+", content)

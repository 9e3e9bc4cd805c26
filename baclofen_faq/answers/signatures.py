"""Who approved which exact words: signatures in the files under vetted/, by the people of people.yml."""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from baclofen_faq.vetted_files import read_mapping, require

SIGNATURE_KEYS = ("signed_by", "signed_on", "text_sha256", "review_due")


class State(str, Enum):
    """Whether a text is approved. Only SIGNED is; OVERDUE was, until the day on which it was to be read again."""

    SIGNED = "signed"
    CHANGED = "changed since signing"
    UNSIGNED = "unsigned"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Person:
    """One who may sign."""

    id: str
    name: str
    role: str


@dataclass(frozen=True)
class Signature:
    """What a file says of its approval, and the SHA-256 of the words that now stand in it."""

    by: str | None
    on: datetime.date | None
    signed_sha256: str | None
    sha256: str
    review_due: datetime.date

    def state(self, people: Collection[str], today: datetime.date) -> State:
        """Approved or not: only by a listed person, only for exactly these words.

        >>> words = sha256_of(["Call your prescriber."])
        >>> due = datetime.date(2027, 5, 23)
        >>> Signature("a.person", None, words, words, due).state({"a.person"}, due).value
        'signed'
        >>> Signature("a.person", None, words, words, due).state(set(), due).value
        'unsigned'
        """
        if self.by not in people or not self.signed_sha256:
            return State.UNSIGNED
        if self.signed_sha256 != self.sha256:
            return State.CHANGED
        return State.OVERDUE if today > self.review_due else State.SIGNED


def sha256_of(sentences: Iterable[str]) -> str:
    """SHA-256 of the sentences, a line each."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()


def read_signature(content: Mapping[str, Any], path: Path, sentences: Iterable[str]) -> Signature:
    """The signature fields of a file, for the words that stand in it.

    Raises:
        VettedFileError: a field is malformed; the message names path and key.
    """
    by, on, signed = (content.get(key) for key in SIGNATURE_KEYS[:3])
    require(by is None or isinstance(by, str), path, "signed_by", "must be the id of a person of people.yml, or null")
    require(on is None or isinstance(on, datetime.date), path, "signed_on", "must be a date, or null")
    require(signed is None or isinstance(signed, str), path, "text_sha256", "is written by `make sign`, or null")
    due = content.get("review_due")
    require(isinstance(due, datetime.date), path, "review_due", "must be a date, such as 2027-05-23")
    return Signature(by, on, signed, sha256_of(sentences), due or datetime.date.min)


def read_people(path: Path) -> dict[str, Person]:
    """Who may sign, by id.

    Raises:
        VettedFileError: missing, or an entry without id, name and role.
    """
    entries = read_mapping(path).get("people")
    require(isinstance(entries, list), path, "people", "must be a list; empty (people: []) where nobody may sign")
    for entry in entries or []:
        is_whole = isinstance(entry, dict) and entry.keys() == {"id", "name", "role"}
        texts = list(entry.values()) if is_whole else [None]
        is_text = all(isinstance(text, str) and text.strip() for text in texts)
        require(is_text, path, "people", "each entry needs id, name and role as texts")
    people = {entry["id"]: Person(**entry) for entry in entries or []}
    require(len(people) == len(entries or []), path, "people", "two entries have the same id")
    return people

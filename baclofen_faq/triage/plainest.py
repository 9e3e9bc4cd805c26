"""The plainest words of an emergency, for the chat box, which must know some of them while no server is reached.

`python -m baclofen_faq.triage.plainest` prints them as a JavaScript module.
"""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

from baclofen_faq.triage.phrases import GAP_MARK, choices
from baclofen_faq.triage.red_flags import RED_FLAGS_FILE
from baclofen_faq.vetted_files import read_mapping

MOST_WORDS = 2
MODULE = """// Generated from vetted/red_flags.yml by `make widget`. Do not edit.
export const PHRASES = {phrases}.split("|");
"""


def plainest(path: Path = RED_FLAGS_FILE) -> list[str]:
    """The phrases of one or two words that are an emergency by themselves, spelt out, in small letters, sorted.

    A word that may be left out of a phrase does not count: "want to die" has two.
    >>> {"seizure", "cant breathe", "kill myself", "want to die"} <= set(plainest())
    True
    """
    content = read_mapping(path)
    emergencies = (entry for entry in content["symptoms"] if entry["level"] == "emergency")
    notations = (str(phrase) for entry in emergencies for phrase in entry["phrases"])
    plain = (notation for notation in notations if _is_plain(notation.split()))
    return sorted({phrase for notation in plain for phrase in _spelt_out(notation, content["words"])})


def _is_plain(parts: list[str]) -> bool:
    return GAP_MARK not in parts and len([part for part in parts if not part.endswith("?")]) <= MOST_WORDS


def _spelt_out(notation: str, words: dict[str, list[str]]) -> Iterator[str]:
    """Every wording of a phrase."""
    for wording in itertools.product(*(_wordings(part, words) for part in notation.split())):
        yield " ".join(filter(None, wording))


def _wordings(part: str, words: dict[str, list[str]]) -> list[str]:
    return choices(part.rstrip("?"), words) + ([""] if part.endswith("?") else [])


if __name__ == "__main__":
    print(MODULE.format(phrases=json.dumps("|".join(plainest()))), end="")

"""vetted/red_flags.yml, read and checked: phrases, combinations, limits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from baclofen_faq.triage import cues
from baclofen_faq.triage.assessment import Level
from baclofen_faq.triage.measures import Limits
from baclofen_faq.triage.phrases import Phrases, UnknownList, phrase_of
from baclofen_faq.triage.words import Reader, plain
from baclofen_faq.vetted_files import VETTED, VettedFileError, read_mapping, require

RED_FLAGS_FILE = VETTED / "red_flags.yml"
IDIOM, EVERYDAY = "idiom", "everyday"
COMBINATION_KEYS = {"symptoms", "with_words", "with_symptoms", "sources"}
LEVELS = ("emergency", "advisory", "none")


@dataclass(frozen=True)
class Combination:
    """Symptoms that become an emergency beside these words, or beside one of these other symptoms, where it counts."""

    symptoms: frozenset[str]
    with_words: re.Pattern[str] | None
    with_symptoms: frozenset[str]


@dataclass(frozen=True)
class RedFlags:
    """The symptoms with their levels, the reader that knows their words, their phrases and the idioms."""

    levels: Mapping[str, Level]
    combinations: tuple[Combination, ...]
    limits: Limits
    reader: Reader
    phrases: Phrases


@cache
def load_red_flags(path: Path = RED_FLAGS_FILE) -> RedFlags:
    """Read the symptom list, once a process.

    Raises:
        VettedFileError: missing or malformed; names the symptom and phrase.
    """
    content = read_mapping(path)
    for key in ("words", "symptoms", "combinations", "measures", "everyday", "idioms"):
        require(content.get(key), path, key, "is missing; restore it (git checkout vetted/red_flags.yml)")
    for entry in content["symptoms"]:
        _check(entry, content.get("sources") or {}, path)
    levels = {entry["id"]: Level(entry["level"]) for entry in content["symptoms"]}
    combinations = tuple(_combination(entry, levels, path) for entry in content["combinations"])
    return RedFlags(
        levels, combinations, _limits(content["measures"], levels, path), _reader(content), _phrases(content, path)
    )


def _reader(content: Mapping[str, Any]) -> Reader:
    """A reader that knows the words of the symptoms' phrases, and of the lists that they name."""
    of_symptoms = [phrase for entry in content["symptoms"] for phrase in entry["phrases"]]
    phrases = " ".join(map(str, of_symptoms + content["idioms"] + content["everyday"]))
    listed = " ".join(str(word) for words in content["words"].values() for word in words)
    vocabulary = (plain(word) for word in re.findall(r"[^\W\d_]+", f"{phrases} {listed}"))
    return Reader(vocabulary, known=cues.words())


def _phrases(content: Mapping[str, Any], path: Path) -> Phrases:
    notations = [(entry["id"], str(phrase)) for entry in content["symptoms"] for phrase in entry["phrases"]]
    notations += [(EVERYDAY, str(phrase)) for phrase in content["everyday"]]
    notations += [(IDIOM, str(phrase)) for phrase in content["idioms"]]
    phrases = []
    for symptom, notation in notations:
        try:
            phrases.append(phrase_of(symptom, notation, content["words"]))
        except UnknownList as error:
            raise VettedFileError(f"{path}: {notation}: {error}") from None
    return Phrases(phrases)


def _check(entry: Any, sources: Mapping[str, Any], path: Path) -> None:
    require(
        isinstance(entry, dict) and isinstance(entry.get("id"), str), path, "symptoms", "each needs an id and phrases"
    )
    id = entry["id"]
    require(entry.get("level") in LEVELS, path, f"{id}.level", f"must be one of {', '.join(LEVELS)}")
    require(isinstance(entry.get("phrases"), list) and entry["phrases"], path, f"{id}.phrases", "no phrase; add one")
    require(entry.get("sources"), path, f"{id}.sources", "no source; add at least one")
    for source in entry["sources"]:
        require(source in sources, path, f"{id}.sources", f"{source} is not listed under sources: at the top")
    unknown = entry.keys() - {"id", "level", "guidance", "sources", "advice", "phrases"}
    require(not unknown, path, id, f"nothing reads {', '.join(map(str, unknown))}")


def _combination(entry: Any, levels: Mapping[str, Level], path: Path) -> Combination:
    is_whole = isinstance(entry, dict) and entry.keys() <= COMBINATION_KEYS and {"symptoms", "sources"} <= entry.keys()
    is_with = is_whole and ("with_words" in entry or "with_symptoms" in entry)
    require(is_with, path, "combinations", "each needs symptoms, sources, and with_words or with_symptoms")
    for symptom in [*entry["symptoms"], *entry.get("with_symptoms", [])]:
        require(symptom in levels, path, "combinations", f"no symptom named {symptom}")
    words = "|".join(re.escape(str(word)) for word in entry.get("with_words", []))
    spoken_of = re.compile(rf"(?<!no )(?<!not a )(?<!without a )\b(?:{words})\b", re.IGNORECASE) if words else None
    return Combination(frozenset(entry["symptoms"]), spoken_of, frozenset(entry.get("with_symptoms", [])))


def _limits(content: Any, levels: Mapping[str, Level], path: Path) -> Limits:
    kinds = {field.name: field.type for field in fields(Limits)}
    is_whole = isinstance(content, dict) and content.keys() == kinds.keys()
    require(is_whole, path, "measures", f"must hold {', '.join(kinds)} and nothing else")
    for key, value in content.items():
        if kinds[key] is str:
            require(value in levels, path, f"measures.{key}", f"no symptom named {value}")
        else:
            require(isinstance(value, (int, float)), path, f"measures.{key}", "must be a number")
    return Limits(**content)

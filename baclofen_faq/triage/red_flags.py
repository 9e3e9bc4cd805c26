"""vetted/red_flags.yml to spaCy patterns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from spacy.matcher import Matcher

from baclofen_faq.triage.assessment import Level
from baclofen_faq.triage.words import language, plain
from baclofen_faq.vetted_files import VETTED, read_mapping, require

RED_FLAGS_FILE = VETTED / "red_flags.yml"
GAP_WORDS = 4
IDIOM = "idiom"


@dataclass(frozen=True)
class Temperature:
    """Which symptom a measured temperature is, in degrees Celsius."""

    symptom: str
    below_limit: str
    limit_celsius: float
    fever_from_celsius: float


@dataclass(frozen=True)
class Combination:
    """Symptoms that become an emergency beside these words, or beside any other symptom that counts."""

    symptoms: frozenset[str]
    with_words: re.Pattern[str]
    with_any_other_symptom: bool


@dataclass(frozen=True)
class RedFlags:
    """The symptoms with their levels, and the matcher that finds their phrases (and idioms) in a Doc."""

    levels: Mapping[str, Level]
    combinations: tuple[Combination, ...]
    temperature: Temperature
    matcher: Matcher


@cache
def load_red_flags(path: Path = RED_FLAGS_FILE) -> RedFlags:
    """Read the symptom list, once a process.

    Raises:
        VettedFileError: missing or malformed; names the symptom and phrase.
    """
    content = read_mapping(path)
    for key in ("words", "symptoms", "combinations", "temperature", "idioms"):
        require(content.get(key), path, key, "is missing; restore it (git checkout vetted/red_flags.yml)")
    matcher = Matcher(language().vocab)
    for entry in content["symptoms"]:
        _check(entry, content.get("sources") or {}, path)
        matcher.add(entry["id"], _patterns(entry["phrases"], content["words"], path), greedy="LONGEST")
    matcher.add(IDIOM, _patterns(content["idioms"], content["words"], path), greedy="LONGEST")
    levels = {entry["id"]: Level(entry["level"]) for entry in content["symptoms"]}
    combinations = tuple(_combination(entry, levels, path) for entry in content["combinations"])
    return RedFlags(levels, combinations, _temperature(content["temperature"], levels, path), matcher)


def _check(entry: Any, sources: Mapping[str, Any], path: Path) -> None:
    require(
        isinstance(entry, dict) and isinstance(entry.get("id"), str), path, "symptoms", "each needs an id and phrases"
    )
    id = entry["id"]
    require(entry.get("level") in ("emergency", "advisory"), path, f"{id}.level", "must be emergency or advisory")
    require(isinstance(entry.get("phrases"), list) and entry["phrases"], path, f"{id}.phrases", "no phrase; add one")
    require(entry.get("sources"), path, f"{id}.sources", "no source; add at least one")
    for source in entry["sources"]:
        require(source in sources, path, f"{id}.sources", f"{source} is not listed under sources: at the top")
    unknown = entry.keys() - {"id", "level", "guidance", "sources", "advice", "phrases"}
    require(not unknown, path, id, f"nothing reads {', '.join(map(str, unknown))}")


def _combination(entry: Any, levels: Mapping[str, Level], path: Path) -> Combination:
    known = {"symptoms", "with_words", "with_any_other_symptom", "sources"}
    is_whole = isinstance(entry, dict) and entry.keys() <= known and entry.keys() >= known - {"with_any_other_symptom"}
    require(
        is_whole, path, "combinations", f"each needs symptoms, with_words and sources; known are {', '.join(known)}"
    )
    for symptom in entry["symptoms"]:
        require(symptom in levels, path, "combinations", f"no symptom named {symptom}")
    words = "|".join(re.escape(str(word)) for word in entry["with_words"])
    spoken_of = re.compile(rf"(?<!no )(?<!not a )(?<!without a )\b(?:{words})\b", re.IGNORECASE)
    return Combination(frozenset(entry["symptoms"]), spoken_of, entry.get("with_any_other_symptom") is True)


def _temperature(content: Any, levels: Mapping[str, Level], path: Path) -> Temperature:
    keys = [field.name for field in fields(Temperature)]
    is_whole = isinstance(content, dict) and content.keys() == set(keys)
    require(is_whole, path, "temperature", f"must hold {', '.join(keys)} and nothing else")
    for key in ("symptom", "below_limit"):
        require(content[key] in levels, path, f"temperature.{key}", f"no symptom named {content[key]}")
    for key in ("limit_celsius", "fever_from_celsius"):
        require(isinstance(content[key], (int, float)), path, f"temperature.{key}", "must be a number of degrees")
    return Temperature(**content)


def _patterns(phrases: Sequence[str], words: Mapping[str, Sequence[str]], path: Path) -> list[list[dict[str, Any]]]:
    return [_pattern(str(phrase), words, path) for phrase in phrases]


def _pattern(phrase: str, words: Mapping[str, Sequence[str]], path: Path) -> list[dict[str, Any]]:
    """One phrase in the notation that red_flags.yml explains, as a Matcher pattern over norms."""
    pattern: list[dict[str, Any]] = []
    for part in phrase.split():
        if part == "...":
            pattern += [{"IS_PUNCT": False, "OP": "?"}] * GAP_WORDS
            continue
        named = re.fullmatch(r"<(\w+)>", part.rstrip("?"))
        require(named is None or named[1] in words, path, phrase, f"no list of words named {part}")
        choices = [str(word) for word in words[named[1]]] if named else re.split("/", part.rstrip("?"))
        pattern.append(
            {"NORM": {"IN": [plain(choice) for choice in choices]}, **({"OP": "?"} if part.endswith("?") else {})}
        )
    return pattern

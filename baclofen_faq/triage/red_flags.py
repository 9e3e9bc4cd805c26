"""vetted/red_flags.yml to spaCy patterns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
class RedFlags:
    """The symptoms with their levels, and the matcher that finds their phrases (and idioms) in a Doc."""

    levels: Mapping[str, Level]
    with_pump: frozenset[str]
    temperature: Temperature
    matcher: Matcher


@cache
def load_red_flags(path: Path = RED_FLAGS_FILE) -> RedFlags:
    """Read the symptom list, once a process.

    Raises:
        VettedFileError: missing or malformed; names the symptom and phrase.
    """
    content = read_mapping(path)
    for key in ("words", "symptoms", "temperature", "idioms"):
        require(content.get(key), path, key, "is missing; restore it (git checkout vetted/red_flags.yml)")
    matcher = Matcher(language().vocab)
    for entry in content["symptoms"]:
        _check(entry, content.get("sources") or {}, path)
        matcher.add(entry["id"], _patterns(entry["phrases"], content["words"], path), greedy="LONGEST")
    matcher.add(IDIOM, _patterns(content["idioms"], content["words"], path), greedy="LONGEST")
    levels = {entry["id"]: Level(entry["level"]) for entry in content["symptoms"]}
    raised = frozenset(entry["id"] for entry in content["symptoms"] if entry.get("with_pump") == "emergency")
    return RedFlags(levels, raised, _temperature(content["temperature"], levels, path), matcher)


def _check(entry: Mapping[str, Any], sources: Mapping[str, Any], path: Path) -> None:
    id = entry.get("id")
    require(isinstance(id, str) and id, path, "symptoms", "a symptom without id; give it one")
    require(entry.get("level") in ("emergency", "advisory"), path, f"{id}.level", "must be emergency or advisory")
    require(entry.get("phrases"), path, f"{id}.phrases", "no phrase; add what patients type")
    require(entry.get("sources"), path, f"{id}.sources", "no source; add at least one")
    for source in entry["sources"]:
        require(source in sources, path, f"{id}.sources", f"{source} is not listed under sources: at the top")


def _temperature(content: Mapping[str, Any], levels: Mapping[str, Level], path: Path) -> Temperature:
    temperature = Temperature(**content)
    for symptom in (temperature.symptom, temperature.below_limit):
        require(symptom in levels, path, "temperature", f"no symptom named {symptom}")
    return temperature


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

"""Reading vetted/: every text that can be sent, checked when it is read."""

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from baclofen_faq.answers.checks import check_required, check_texts
from baclofen_faq.answers.texts import Advice, Answer, Guidance, Source, Vetted
from baclofen_faq.vetted_files import VETTED, read_mapping, require

SMS_CHARACTERS = 306
PLACEHOLDERS = {
    "emergency_number", "poison_line", "crisis_line", "advice",
    "clinic_name", "clinic_phone", "clinic_hours", "out_of_hours_phone",
}  # fmt: skip
ANSWER_KEYS = {
    "id", "question", "level", "text", "by_route", "short", "see_also", "sources",
    "signed_by", "signed_on", "text_sha256", "review_due",
}  # fmt: skip
ROUTES = {"pump", "oral"}


def load_vetted(folder: Path = VETTED) -> Vetted:
    """Read and check answers, guidance and advice lines.

    Raises:
        VettedFileError: a file is missing or malformed, an answer has no source, is too hard to read, or says
            something of the never-say list; the message names path and key.
    """
    paths = sorted((folder / "answers").glob("*.yml"))
    require(paths, folder / "answers", "*.yml", "holds no answer; restore it (git checkout vetted)")
    answers = {answer.id: answer for answer in map(_read_answer, paths)}
    vetted = Vetted(answers, *_read_guidance(folder / "guidance.yml"), _read_advice(folder / "red_flags.yml"))
    for path in paths:
        _check_links(path, answers)
    check_required(vetted, folder)
    check_texts(vetted)
    return vetted


def _read_answer(path: Path) -> Answer:
    content = read_mapping(path)
    for key in content:
        require(
            key in ANSWER_KEYS, path, str(key), f"nothing reads this key; known are {', '.join(sorted(ANSWER_KEYS))}"
        )
    require(content.get("id") == path.stem, path, "id", f"must be the file's name, {path.stem}")
    require(content.get("level") in ("none", "information"), path, "level", "must be none or information")
    by_route = content.get("by_route") or {}
    require(isinstance(by_route, dict) and by_route.keys() <= ROUTES, path, "by_route", "may hold pump and oral only")
    see_also = content.get("see_also") or []
    require(isinstance(see_also, list), path, "see_also", "must be a list of answer ids")
    answer = Answer(
        id=content["id"],
        question=_text(content, "question", path),
        level=content["level"],
        text=_text(content, "text", path),
        by_route={route: _text(by_route, route, path) for route in by_route},
        short=_text(content, "short", path),
        see_also=tuple(see_also),
        sources=_sources(content, path, "sources"),
        is_signed=False,
    )
    require(
        len(answer.short) <= SMS_CHARACTERS,
        path,
        "short",
        f"is {len(answer.short)} characters; at most {SMS_CHARACTERS}",
    )
    require(
        isinstance(content.get("review_due"), datetime.date), path, "review_due", "must be a date, such as 2027-05-23"
    )
    return _with_signature(answer, content)


def _with_signature(answer: Answer, content: Mapping[str, Any]) -> Answer:
    sentences = "\n".join(text for _, text in answer.texts())
    sha256 = hashlib.sha256(sentences.encode()).hexdigest()
    is_signed = bool(content.get("signed_by")) and content.get("text_sha256") == sha256
    return replace(answer, is_signed=is_signed)


def _read_guidance(path: Path) -> tuple[dict[str, Guidance], dict[str, str], dict[str, dict[str, str]]]:
    content = read_mapping(path)
    for key in ("guidance", "lines", "regions"):
        require(content.get(key), path, key, "is missing; restore it (git checkout vetted/guidance.yml)")
    require(
        isinstance(content["guidance"], list), path, "guidance", "must be a list of entries with id, level and text"
    )
    for key in ("lines", "regions"):
        require(isinstance(content[key], dict), path, key, "must hold keys and values")
    guidance = {}
    for entry in content["guidance"]:
        require(isinstance(entry, dict), path, "guidance", "each entry needs id, level and text")
        id = _text(entry, "id", path)
        require(entry.get("level") in ("advisory", "emergency"), path, f"{id}.level", "must be advisory or emergency")
        overdose = _text(entry, "overdose", path) if "overdose" in entry else None
        sources = _sources(entry, path, f"{id}.sources")
        by_route = entry.get("by_route") or {}
        require(
            isinstance(by_route, dict) and by_route.keys() <= ROUTES,
            path,
            f"{id}.by_route",
            "may hold pump and oral only",
        )
        texts = {route: _text(by_route, route, path) for route in by_route}
        guidance[id] = Guidance(id, entry["level"], _text(entry, "text", path), overdose, texts, sources)
    lines = {key: _text(content["lines"], key, path) for key in content["lines"]}
    regions = {}
    for name, region in content["regions"].items():
        require(isinstance(region, dict), path, f"regions.{name}", "must hold keys and values")
        _sources(region, path, f"regions.{name}.sources")
        numbers = ("emergency_number", "poison_line", "crisis_line")
        require(
            all(isinstance(region.get(key), str) for key in numbers),
            path,
            f"regions.{name}",
            f"needs {', '.join(numbers)} as texts",
        )
        require(region["emergency_number"], path, f"regions.{name}.emergency_number", "is empty; every region has one")
        regions[name] = {key: region[key] for key in numbers}
    return guidance, lines, regions


def _read_advice(path: Path) -> dict[str, Advice]:
    content = read_mapping(path)
    require(content.get("symptoms"), path, "symptoms", "is missing; restore it (git checkout vetted/red_flags.yml)")
    _sources({"sources": list((content.get("sources") or {}).values())}, path, "sources")
    return {
        entry["id"]: Advice(entry.get("guidance", "emergency_report"), _one_paragraph(entry.get("advice", "")))
        for entry in content["symptoms"]
    }


def _sources(content: Mapping[str, Any], path: Path, key: str) -> tuple[Source, ...]:
    entries = content.get("sources")
    require(isinstance(entries, list) and entries, path, key, "no source; add at least one with title, url and read_on")
    for number, entry in enumerate(entries or [], start=1):
        at = f"{key} {number}"
        require(
            isinstance(entry, dict) and entry.keys() == {"title", "url", "read_on"},
            path,
            at,
            "needs title, url and read_on",
        )
        require(isinstance(entry["title"], str) and entry["title"].strip(), path, at, "title is empty")
        require(re.match(r"https?://\S+$", str(entry["url"])), path, at, "url must begin with http:// or https://")
        require(isinstance(entry["read_on"], datetime.date), path, at, "read_on must be a date, such as 2026-11-23")
    return tuple(Source(**entry) for entry in entries or [])


def _text(content: Mapping[str, Any], key: str, path: Path) -> str:
    value = content.get(key)
    require(isinstance(value, str) and value.strip(), path, key, "is missing or empty; write a text")
    text = "\n\n".join(_one_paragraph(paragraph) for paragraph in re.split(r"\n\s*\n", str(value).strip()))
    left = re.sub(r"\{(\w+)\}", lambda found: "" if found[1] in PLACEHOLDERS else found[0], text)
    known = ", ".join(sorted(PLACEHOLDERS))
    require(
        "{" not in left and "}" not in left, path, key, f"unknown placeholder or brace in {left!r}; known are {known}"
    )
    return text


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


def _check_links(path: Path, answers: Mapping[str, Answer]) -> None:
    answer = answers[path.stem]
    missing = [id for id in answer.see_also if id not in answers]
    require(not missing, path, "see_also", f"no answer named {', '.join(missing)}")

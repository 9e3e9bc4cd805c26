"""vetted/ to objects: every text that can be sent, checked when it is read."""

import datetime
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from baclofen_faq.answers.never_say import broken_rules, wrong_country_numbers
from baclofen_faq.answers.reading_grade import HARDEST_GRADE, reading_grade
from baclofen_faq.vetted_files import VETTED, VettedFileError, read_mapping, require, shown

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
REQUIRED_LINES = ("closed", "reminder", "if_happening_now", "did_you_mean", "cannot_answer_now", "not_yet_approved")
REQUIRED_GUIDANCE = ("emergency_report", "advisory_unsure")
KINDS = {"overdose"}  # a wording of emergency_report


@dataclass(frozen=True)
class Source:
    """Where a fact comes from; `read_on` is the day the evidence from it was read."""

    title: str
    url: str
    read_on: datetime.date


@dataclass(frozen=True)
class Answer:
    """One vetted answer; texts still hold their {placeholders}."""

    id: str
    question: str
    level: str
    text: str
    by_route: Mapping[str, str]
    short: str
    see_also: tuple[str, ...]
    sources: tuple[Source, ...]
    is_signed: bool

    @property
    def version(self) -> str:
        """First 12 hex digits of the text's SHA-256: which wording was sent."""
        return version_of(self.text)

    def texts(self) -> Iterator[tuple[str, str]]:
        """(key, text) of everything of it that can be sent."""
        yield "text", self.text
        yield from ((f"by_route.{route}", text) for route, text in self.by_route.items())
        yield "short", self.short


@dataclass(frozen=True)
class Guidance:
    """What is sent first at a level; `overdose` is the wording where too much was taken, None where there is none."""

    id: str
    level: str
    text: str
    overdose: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Advice:
    """What the answers need of a red flag: which guidance it calls for, and its one safety action ("" for none)."""

    guidance: str
    line: str


@dataclass(frozen=True)
class Vetted:
    """Everything under vetted/ that can be sent."""

    answers: Mapping[str, Answer]
    guidance: Mapping[str, Guidance]
    lines: Mapping[str, str]
    regions: Mapping[str, Mapping[str, str]]
    advice: Mapping[str, Advice]

    def texts(self) -> Iterator[tuple[str, str]]:
        """(where, text) of every text that can be sent, placeholders unfilled."""
        for answer in self.answers.values():
            yield f"vetted/answers/{answer.id}.yml: question", answer.question
            yield from ((f"vetted/answers/{answer.id}.yml: {key}", text) for key, text in answer.texts())
        for guidance in self.guidance.values():
            yield f"vetted/guidance.yml: {guidance.id}.text", guidance.text
            if guidance.overdose:
                yield f"vetted/guidance.yml: {guidance.id}.overdose", guidance.overdose
        for id, line in self.lines.items():
            yield f"vetted/guidance.yml: lines.{id}", line
        for name, region in self.regions.items():
            yield from ((f"vetted/guidance.yml: regions.{name}.{key}", line) for key, line in region.items())
        for symptom, advice in self.advice.items():
            yield f"vetted/red_flags.yml: {symptom}.advice", advice.line


def version_of(text: str) -> str:
    """First 12 hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


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
    _check_required(vetted, folder)
    _check_texts(vetted)
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
        guidance[id] = Guidance(id, entry["level"], _text(entry, "text", path), overdose, sources)
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


def _check_required(vetted: Vetted, folder: Path) -> None:
    """What the bot cannot speak without."""
    require("cannot_answer" in vetted.answers, folder / "answers" / "cannot_answer.yml", "id", "the answer is missing")
    guidance_file = folder / "guidance.yml"
    for id in REQUIRED_GUIDANCE:
        require(id in vetted.guidance, guidance_file, "guidance", f"{id} is missing")
    for line in REQUIRED_LINES:
        require(line in vetted.lines, guidance_file, f"lines.{line}", "is missing")
    for symptom, advice in vetted.advice.items():
        known = ", ".join(vetted.guidance)
        require(
            advice.guidance in KINDS | vetted.guidance.keys(),
            folder / "red_flags.yml",
            f"{symptom}.guidance",
            f"must be overdose or one of {known}",
        )


def _check_texts(vetted: Vetted) -> None:
    for where, text in vetted.texts():
        broken = broken_rules(text)
        if broken:
            raise VettedFileError(f"{where}: says what must never be said ({', '.join(broken)}); change the sentence")
    for where, text in whole_texts(vetted):
        grade = reading_grade(text)
        if grade > HARDEST_GRADE:
            raise VettedFileError(
                f"{where}: reading grade {grade}, at most {HARDEST_GRADE}; use shorter words and sentences"
            )
    for name, numbers in vetted.regions.items():
        wrong = wrong_country_numbers(" ".join(numbers.values()), name)
        if wrong:
            raise VettedFileError(
                f"{shown(VETTED / 'guidance.yml')}: regions.{name}: number of another country: {wrong}"
            )


def whole_texts(vetted: Vetted) -> Iterator[tuple[str, str]]:
    """(where, text) of what is long enough to be graded: answers, and each guidance with each advice line."""
    for answer in vetted.answers.values():
        yield from ((f"vetted/answers/{answer.id}.yml: {key}", text) for key, text in answer.texts())
    for guidance in vetted.guidance.values():
        is_advised = "{advice}" in guidance.text
        advised = {id: advice.line for id, advice in vetted.advice.items() if advice.line} if is_advised else {"": ""}
        for symptom, line in advised.items():
            for text in filter(None, (guidance.text, guidance.overdose)):
                yield f"vetted/guidance.yml: {guidance.id} {symptom}".strip(), text.replace("{advice}", line)

"""Reading vetted/: every text that can be sent, checked when it is read."""

import datetime
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from baclofen_faq.answers.checks import check_follow_ups, check_required, check_texts
from baclofen_faq.answers.signatures import SIGNATURE_KEYS, Signature, read_people, read_signature
from baclofen_faq.answers.texts import GUIDANCE, RED_FLAGS, Advice, Answer, Guidance, Region, Source, Vetted
from baclofen_faq.vetted_files import VETTED, read_mapping, require

SMS_CHARACTERS = 306
PLACEHOLDERS = {
    "emergency_number", "poison_line", "crisis_line", "advice", "receipt", "backup_days", "text",
    "clinic_name", "clinic_phone", "clinic_hours", "out_of_hours_phone",
}  # fmt: skip
ANSWER_KEYS = {"id", "question", "level", "text", "by_route", "short", "see_also", "sources", *SIGNATURE_KEYS}
ROUTES = {"pump", "oral"}
NUMBERS = ("emergency_number", "poison_line", "crisis_line")


def load_vetted(folder: Path = VETTED) -> Vetted:
    """Read and check everything under vetted/ that can be sent.

    Raises:
        VettedFileError: a file is missing or malformed, an answer has no source, is too hard to read, or says
            something of the never-say list; the message names path and key.
    """
    paths = sorted((folder / "answers").glob("*.yml"))
    require(paths, folder / "answers", "*.yml", "holds no answer; restore it (git checkout vetted)")
    contents = {path: read_mapping(path) for path in (*paths, folder / "guidance.yml", folder / "red_flags.yml")}
    *answers, guidance_file, red_flags_file = contents.items()
    unsigned = Vetted(
        answers={path.stem: _answer(path, content) for path, content in answers},
        guidance=dict(_guidance(*guidance_file)),
        lines=_lines(*guidance_file),
        regions=dict(_regions(*guidance_file)),
        advice=dict(_advice(*red_flags_file)),
        follow_ups=_follow_ups(folder / "follow_ups.yml"),
        signatures={},
        people=read_people(folder / "people.yml"),
    )
    vetted = Vetted(**{**unsigned.__dict__, "signatures": dict(_signatures(unsigned, contents))})
    for path in paths:
        _check_links(path, vetted.answers)
    check_required(vetted, folder)
    check_follow_ups(vetted, folder)
    check_texts(vetted)
    return vetted


def _signatures(vetted: Vetted, contents: Mapping[Path, dict[str, Any]]) -> Iterator[tuple[str, Signature]]:
    """One a file: it covers every sentence of the file that can be sent, and the sources that it names."""
    sentences: dict[str, list[str]] = {path.stem: [] for path in contents}
    for text in vetted.texts():
        of_file = sentences[Path(text.file).stem]
        named = [f"{source.title} {source.url}" for source in text.sources]
        of_file += [text.words, *(line for line in named if line not in of_file)]
    for path, content in contents.items():
        yield path.stem, read_signature(content, path, sentences[path.stem])


def _answer(path: Path, content: Mapping[str, Any]) -> Answer:
    for key in content:
        known = ", ".join(sorted(ANSWER_KEYS))
        require(key in ANSWER_KEYS, path, str(key), f"nothing reads this key; known are {known}")
    require(content.get("id") == path.stem, path, "id", f"must be the file's name, {path.stem}")
    require(
        path.stem not in (GUIDANCE, RED_FLAGS), path, "id", "is the name of a file beside the answers; take another"
    )
    require(content.get("level") in ("none", "information"), path, "level", "must be none or information")
    see_also = content.get("see_also") or []
    require(isinstance(see_also, list), path, "see_also", "must be a list of answer ids")
    short = _text(content, "short", path)
    require(len(short) <= SMS_CHARACTERS, path, "short", f"is {len(short)} characters; at most {SMS_CHARACTERS}")
    return Answer(
        id=path.stem,
        question=_text(content, "question", path),
        level=content["level"],
        text=_text(content, "text", path),
        by_route=_by_route(content, path, "by_route"),
        short=short,
        see_also=tuple(see_also),
        sources=_sources(content, path, "sources"),
    )


def _by_route(content: Mapping[str, Any], path: Path, key: str) -> dict[str, str]:
    by_route = content.get("by_route") or {}
    require(isinstance(by_route, dict) and by_route.keys() <= ROUTES, path, key, "may hold pump and oral only")
    return {route: _text(by_route, route, path) for route in by_route}


def _guidance(path: Path, content: Mapping[str, Any]) -> Iterator[tuple[str, Guidance]]:
    entries = content.get("guidance")
    require(
        isinstance(entries, list) and entries, path, "guidance", "must be a list of entries with id, level and text"
    )
    for entry in entries or []:
        require(isinstance(entry, dict), path, "guidance", "each entry needs id, level and text")
        id = _text(entry, "id", path)
        require(entry.get("level") in ("advisory", "emergency"), path, f"{id}.level", "must be advisory or emergency")
        overdose = _text(entry, "overdose", path) if "overdose" in entry else None
        by_route = _by_route(entry, path, f"{id}.by_route")
        sources = _sources(entry, path, f"{id}.sources")
        yield id, Guidance(id, entry["level"], _text(entry, "text", path), overdose, by_route, sources)


def _lines(path: Path, content: Mapping[str, Any]) -> dict[str, str]:
    lines = content.get("lines")
    require(
        isinstance(lines, dict) and lines, path, "lines", "must hold keys and texts; restore it (git checkout vetted)"
    )
    return {key: _text(lines or {}, key, path) for key in lines or {}}


def _regions(path: Path, content: Mapping[str, Any]) -> Iterator[tuple[str, Region]]:
    regions = content.get("regions")
    require(isinstance(regions, dict) and regions, path, "regions", "must hold the numbers of each region")
    for name, region in (regions or {}).items():
        key = f"regions.{name}"
        is_whole = isinstance(region, dict) and all(isinstance(region.get(number), str) for number in NUMBERS)
        require(is_whole, path, key, f"needs {', '.join(NUMBERS)} as texts")
        require(region["emergency_number"], path, f"{key}.emergency_number", "is empty; every region has one")
        yield name, Region({number: region[number] for number in NUMBERS}, _sources(region, path, f"{key}.sources"))


def _advice(path: Path, content: Mapping[str, Any]) -> Iterator[tuple[str, Advice]]:
    require(content.get("symptoms"), path, "symptoms", "is missing; restore it (git checkout vetted/red_flags.yml)")
    named = content.get("sources") or {}
    known = dict(zip(named, _sources({"sources": list(named.values())}, path, "sources")))
    for entry in content["symptoms"]:
        sources = tuple(known[name] for name in entry.get("sources", ()) if name in known)
        line = _one_paragraph(entry.get("advice", ""))
        yield entry["id"], Advice(entry.get("guidance", "emergency_report"), line, sources)


def _follow_ups(path: Path) -> dict[str, dict[str, str]]:
    content = read_mapping(path)
    for key, topics in content.items():
        is_whole = isinstance(topics, dict) and all(isinstance(topic, str) for topic in topics.values())
        require(is_whole and "otherwise" in topics, path, key, "must hold topic ids, and one for `otherwise`")
    return content


def _sources(content: Mapping[str, Any], path: Path, key: str) -> tuple[Source, ...]:
    entries = content.get("sources")
    require(isinstance(entries, list) and entries, path, key, "no source; add at least one with title, url and read_on")
    return tuple(_source(entry, path, f"{key} {number}") for number, entry in enumerate(entries or [], start=1))


def _source(entry: Any, path: Path, at: str) -> Source:
    is_whole = isinstance(entry, dict) and entry.keys() == {"title", "url", "read_on"}
    require(is_whole, path, at, "needs title, url and read_on")
    require(isinstance(entry["title"], str) and entry["title"].strip(), path, at, "title is empty")
    require(re.match(r"https?://\S+$", str(entry["url"])), path, at, "url must begin with http:// or https://")
    require(isinstance(entry["read_on"], datetime.date), path, at, "read_on must be a date, such as 2026-11-23")
    return Source(**entry)


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

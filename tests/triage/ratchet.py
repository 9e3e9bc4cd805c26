"""The level of every case, kept in tests/cases/levels.json, so that none falls unseen.

`python -m tests.triage.ratchet` prints each case whose level fell, and keeps the new levels where nothing fell but what
tests/cases/lowered.yml names with its reason.
"""

import json
import sys
from collections.abc import Iterator

import yaml

from baclofen_faq.triage import NOTHING_BEFORE, Level, after, assess, told_by
from baclofen_faq.vetted_files import ROOT

CASES = ROOT / "tests" / "cases"
KEPT = CASES / "levels.json"


def levels() -> dict[str, str]:
    """The level that triage gives to each case now, by its id; turns of a dialogue are `<id>.<number>`."""
    return dict(_levels())


def _levels() -> Iterator[tuple[str, str]]:
    for row in yaml.safe_load((CASES / "triage.yml").read_text(encoding="utf-8")) + rows("messages.jsonl"):
        yield row["id"], assess(row["text"]).level.value
    for dialogue in yaml.safe_load((CASES / "dialogues.yml").read_text(encoding="utf-8")) + rows("conversations.jsonl"):
        context = NOTHING_BEFORE
        for number, turn in enumerate(dialogue["turns"], start=1):
            assessment = assess(turn["text"], context)
            context = after(told_by(assessment, turn["text"], context), context)
            yield f"{dialogue['id']}.{number}", assessment.level.value


def rows(name: str) -> list[dict]:  # type: ignore[type-arg]
    """The rows of a .jsonl table of tests/cases/."""
    return [json.loads(line) for line in (CASES / name).read_text(encoding="utf-8").splitlines()]


def kept() -> dict[str, str]:
    """The levels as they were kept."""
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}


def fallen(before: dict[str, str], now: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The cases whose level is lower now: {id: (before, now)}."""
    both = {id: (before[id], now[id]) for id in before.keys() & now.keys()}
    return {id: (old, new) for id, (old, new) in sorted(both.items()) if Level(new).urgency < Level(old).urgency}


def named() -> set[tuple[str, str, str]]:
    """The falls that lowered.yml gives a reason for: (id, from, to)."""
    entries = yaml.safe_load((CASES / "lowered.yml").read_text(encoding="utf-8")) or []
    assert all(str(entry["why"]).strip() for entry in entries), (
        "tests/cases/lowered.yml: every entry needs a reason, why:"
    )
    return {(entry["id"], entry["from"], entry["to"]) for entry in entries}


def without_reason(before: dict[str, str], now: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The falls that lowered.yml does not name."""
    return {id: fall for id, fall in fallen(before, now).items() if (id, *fall) not in named()}


def main() -> None:
    """Print what fell; keep the levels where all of it has a reason."""
    before, now = kept(), levels()
    for id, (old, new) in fallen(before, now).items():
        print(f"{id}: {old} -> {new}")
    nameless = without_reason(before, now)
    if nameless:
        sys.exit(f"{len(nameless)} fell without a reason: mend triage, or name them in tests/cases/lowered.yml.")
    KEPT.write_text(json.dumps(now, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{len(now)} levels kept, {len(fallen(before, now))} of them lower than before.")


if __name__ == "__main__":
    main()

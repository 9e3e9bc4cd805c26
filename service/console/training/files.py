"""Lines put into data/nlu.yml and tests/cases/reviewed.yml, whose form and comments stay; and what git makes of it."""

import json
from collections.abc import Iterable, Sequence
from difflib import unified_diff
from pathlib import Path

from service.console.training.correction import Correction

SENTENCES, LEVELS = "data/nlu.yml", "tests/cases/reviewed.yml"
INTENT, SENTENCE, COMMENT = "  - intent: ", "      - ", "    # "


def patch(root: Path, corrections: Sequence[Correction]) -> str:
    """A patch for `git apply` that adds these corrections to a tree of the project; "" where there are none.

    Raises:
        OSError: a file is missing.
    """
    sentences, levels = [one for one in corrections if one.intent], [one for one in corrections if one.level]
    changes = ((SENTENCES, with_sentences, sentences), (LEVELS, with_levels, levels))
    before = {name: (root / name).read_text(encoding="utf-8") for name, _, new in changes if new}
    return "".join(difference(name, before[name], add(before[name], new)) for name, add, new in changes if new)


def with_sentences(content: str, corrections: Iterable[Correction]) -> str:
    """Training data with these sentences at the end of their intents' examples.

    A comment cannot stand among the examples, which are one block of text. So the comments follow the block, in the
    order of the sentences at its end.
    """
    lines = content.split("\n")
    for one in corrections:
        end = _end(lines, lines.index(f"{INTENT}{one.intent}") + 2, SENTENCE)
        lines.insert(end, f"{SENTENCE}{one.text}")
        lines.insert(_end(lines, end + 1, COMMENT), f"    {one.comment}")
    return "\n".join(lines)


def _end(lines: Sequence[str], start: int, prefix: str) -> int:
    """The first line from `start` on that begins otherwise."""
    others = (number for number in range(start, len(lines)) if not lines[number].startswith(prefix))
    return next(others, len(lines))


def with_levels(content: str, corrections: Iterable[Correction]) -> str:
    """The table of reviewed levels with these rows at its end."""
    rows = (
        f"{one.comment}\n- id: turn_{one.turn}\n  text: {_quoted(one.text)}\n"
        f"  level: {one.level}\n  why: {_quoted(one.why)}\n"
        for one in corrections
    )
    return content + ("" if content.endswith("\n") else "\n") + "".join(rows)


def difference(name: str, before: str, after: str) -> str:
    """What changed in a file, as `git diff` writes it."""
    changed = unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    ended = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in changed)
    return "".join((f"diff --git a/{name} b/{name}\n", *ended))


def _lines(text: str) -> list[str]:
    """Its lines with their ends, as git sees them: `splitlines` parts at other signs, too."""
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _quoted(text: str) -> str:
    """In the quotation marks of JSON, which are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)

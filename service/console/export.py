"""What is filtered, as a file: one row a message, written while it is sent, so that its size does not count."""

import csv
import hashlib
import io
import json
import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timezone
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from service.conversations.models import Conversation, Message

CONVERSATIONS_AT_ONCE, ROWS_AT_ONCE = 200, 500
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else
STARTS_FORMULA = "=+-@"
PARTS_CELLS = re.compile(r"(?<=[;\t\r\n])")  # where a spreadsheet of another country may begin a cell inside of ours
COLUMNS = {
    "conversation": "conversation_id",
    "demo": "conversation__is_demo",
    "channel": "conversation__channel",
    "message": "pk",
    "direction": "direction",
    "said_at": "said_at",
    "text": "text",
    "level": "level",
    "symptoms": "findings",
    "intent": "intent",
    "confidence": "confidence",
    "answer_id": "answer_id",
    "answer_version": "answer_version",
    "feedback": "feedback",
    "latency_ms": "latency_ms",
    "delivery": "delivery",
    "triage_version": "triage_version",
    "model_version": "model_version",
    "verdict": "verdict__code",
    "right_topic": "verdict__right_topic",
    "right_level": "verdict__right_level",
    "state": "conversation__state",
    "flagged": "conversation__is_flagged",
    "assignee": "conversation__assignee",
    "reviewer": "conversation__reviewer",
}
Row = dict[str, Any]


def numbers_of(found: QuerySet[Conversation]) -> Sequence[int]:
    """The numbers of conversations, the newest first: eight bytes each."""
    return array("q", found.order_by("-pk").values_list("pk", flat=True).iterator())


def told_of(numbers: Sequence[int]) -> dict[str, Any]:
    """What the audit log tells of an export: enough to show later whether it was these conversations and no others.

    Returns:
        How many (`conversations`), `lowest` and `highest` number (None where there is none), and `sha256` of all
        numbers in decimal, sorted, with commas between them.
    """
    in_order = sorted(numbers)
    lowest, highest = (in_order[0], in_order[-1]) if in_order else (None, None)
    hash = hashlib.sha256(",".join(map(str, in_order)).encode()).hexdigest()
    return {"conversations": len(in_order), "lowest": lowest, "highest": highest, "sha256": hash}


def messages_of(numbers: Sequence[int]) -> Iterator[Row]:
    """All messages of these conversations, in the order in which they were said; not what was erased meanwhile."""
    for start in range(0, len(numbers), CONVERSATIONS_AT_ONCE):
        of_these = Message.objects.filter(conversation__in=list(numbers[start : start + CONVERSATIONS_AT_ONCE]))
        in_order = of_these.order_by("-conversation_id", "said_at", "id").values_list(*COLUMNS.values())
        for values in in_order.iterator(chunk_size=ROWS_AT_ONCE):
            yield _row(dict(zip(COLUMNS, values)))


def as_jsonl(rows: Iterable[Row]) -> Iterator[str]:
    """One JSON object a message, with its exact text."""
    for some in _some(rows):
        yield "".join(json.dumps(row) + "\n" for row in some)


def as_csv(rows: Iterable[Row]) -> Iterator[str]:
    """A table for a spreadsheet: UTF-8 with a byte order mark, and no cell that it takes for a formula."""
    yield BYTE_ORDER_MARK + _lines([list(COLUMNS)])
    for some in _some(rows):
        yield _lines([_cell(value) for value in row.values()] for row in some)


def harmless(text: str) -> str:
    """A text that no spreadsheet calculates: with an apostrophe before what could begin a formula, and without NUL.

    A formula could begin with the cell; after a ";", a tab or a new line, too, where the spreadsheet takes these for
    the end of a cell.

    >>> harmless("=1+1"), harmless(" ＋1"), harmless("- 10 mg"), harmless("1+1")
    ("'=1+1", "' ＋1", "'- 10 mg", '1+1')
    >>> harmless("pain; =1+1;ok")
    "pain;' =1+1;ok"
    """
    text = text.replace("\0", "")
    first, *others = PARTS_CELLS.split(text)
    safe = first + "".join(f"'{one}" if _is_formula(one.replace('"', "")) else one for one in others)
    return f"'{safe}" if _is_formula(text) or text[:1] in ("\t", "\r", "\n") else safe


def _is_formula(text: str) -> bool:
    first = next((one for one in text if unicodedata.category(one)[0] not in "CZ"), " ")
    return unicodedata.normalize("NFKC", first)[0] in STARTS_FORMULA


def _row(row: Row) -> Row:
    said_at: datetime = row["said_at"]
    symptoms = [{key: one.get(key, "") for key in ("symptom", "status", "level")} for one in row["symptoms"]]
    at = said_at.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {**row, "said_at": at, "symptoms": symptoms, "verdict": row["verdict"] or ""}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return harmless("; ".join(f"{one['symptom']} ({one['status']})" for one in value))
    return harmless(value) if isinstance(value, str) else value


def _lines(rows: Iterable[Sequence[Any]]) -> str:
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return lines.getvalue()


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Five hundred rows at once."""
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        yield some

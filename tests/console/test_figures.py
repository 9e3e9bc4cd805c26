"""Charts with the tables behind them, without a word of anybody; demo data by itself or not at all."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from service.console import audit, charts, day_counts, readings
from service.console.measured import measured
from service.console.selection import Selection
from service.conversations.models import Conversation
from tests.console.conftest import member, signed_in, talk, turn
from tests.test_evaluation import Results, asked, turns

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 20)  # a Friday
WEEK = Selection(7, today=TODAY)
SECRET = "zwiebelkuchen at noon"


@pytest.fixture(autouse=True)
def nothing_counted_yet() -> Iterator[None]:
    caches["figures"].clear()
    yield
    caches["figures"].clear()


def at(days_ago: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, 20, hour, tzinfo=timezone.utc) - timedelta(days=days_ago)


def said(days_ago: int = 0, **what: Any) -> dict[str, Any]:
    latency = what.pop("latency", 80)
    one = turn(what.pop("text", SECRET), at=at(days_ago), **what)
    one["measured"]["latency_ms"] = latency
    return one


def column(chart: charts.Chart, name: str) -> list[Any]:
    return list(next(series.values for series in chart.series if series.name == name))


def drawn(make: Callable[[dict], charts.Chart], selection: Selection = WEEK) -> charts.Chart:
    return make(day_counts.count(selection))


def test_conversations_and_emergencies_are_counted_on_the_day_on_which_they_begin() -> None:
    talk(said(0), said(0))
    talk(said(2, level="emergency", symptoms=["seizure"], answer_id="emergency_report"))
    talk(said(2))
    talk(said(7))  # the day before
    chart = drawn(charts.conversations)
    assert chart.labels == ["14 Mar", "15 Mar", "16 Mar", "17 Mar", "18 Mar", "19 Mar", "20 Mar"]
    assert column(chart, "conversations") == [0, 0, 0, 0, 2, 0, 1]
    assert column(chart, "with an emergency") == [0, 0, 0, 0, 1, 0, 0]
    assert chart.gist == "3 conversations began, 1 of them with an emergency. Most on 18 March: 2."


def test_the_answers_sent_most_stand_first_by_their_question() -> None:
    for _ in range(3):
        talk(said(1, answer_id="timeline"))
    talk(said(1, answer_id="why_taper"))
    chart = drawn(charts.answered)
    assert chart.labels == ["When does it start and how long does it last?", "Why must baclofen be reduced slowly?"]
    assert column(chart, "answers sent") == [3, 1]


def test_what_only_stands_around_an_answer_is_none() -> None:
    talk(said(1, answer_id="timeline", level="none"))
    assert drawn(charts.answered).is_empty


def test_unanswered_messages_are_counted() -> None:
    talk(said(1, answer_id="cannot_answer", level="none"), said(1))
    talk(said(3, answer_id="cannot_answer", level="none"))
    assert column(drawn(charts.unanswered), "messages") == [0, 0, 0, 1, 0, 1, 0]


def test_confidence_is_counted_by_tenths() -> None:
    for confidence in (0.0, 0.49, 0.5, 0.93, 0.9999, 1.0, None):
        talk(said(0, confidence=confidence))
    chart = drawn(charts.confidence)
    assert column(chart, "messages") == [1, 0, 0, 0, 1, 1, 0, 0, 0, 3]
    assert chart.gist.startswith("2 of 6 messages")


def test_latency_is_told_for_half_and_for_95_of_100() -> None:
    for latency in (*[50] * 18, 2000, 2000):
        talk(said(1, latency=latency))
    chart = drawn(charts.latency)
    half, most = column(chart, "half within (p50)"), column(chart, "95 of 100 within (p95)")
    assert half[:5] == [None] * 5 and 50 <= half[5] <= 60 and 2000 <= most[5] <= 2100


def test_the_percentile_of_the_buckets_is_near_the_true_one() -> None:
    values = [10 + 7 * number for number in range(400)]
    found = day_counts.Counter(value // 10 * 10 if value < 1000 else value // 100 * 100 for value in values)
    for share in (0.05, 0.5, 0.95):
        true = sorted(values)[int(share * len(values)) - 1]
        assert day_counts.percentile(found, share) == pytest.approx(true, abs=100 if true > 1000 else 10)


def test_the_share_of_helpful_answers_is_told_week_by_week() -> None:
    for days_ago, word in ((0, "helpful"), (1, "helpful"), (1, "not_helpful"), (6, "not_answered")):
        talk(
            said(days_ago),
            {**said(days_ago, feedback={"answer_id": "why_taper", "said": word}), "received_at": at(days_ago, 13)},
        )
    chart = drawn(charts.helpful)
    assert chart.labels == ["9 Mar", "16 Mar"]
    assert column(chart, "helpful, %") == [0, 67] and column(chart, "not helpful") == [0, 1]


def test_a_channel_and_demo_data_are_counted_by_themselves() -> None:
    talk(said(0), channel="sms")
    talk(said(0))
    demo = talk(said(0))
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    for selection, count in (
        (WEEK, 2),
        (Selection(7, "sms", today=TODAY), 1),
        (Selection(7, is_demo=True, today=TODAY), 1),
    ):
        counts = day_counts.count(selection)
        assert counts[TODAY].conversations == count and counts[TODAY].answers.total() == count


def test_no_query_reads_more_than_a_day_and_earlier_days_are_not_counted_again() -> None:
    talk(said(3))
    with CaptureQueriesContext(
        connection,
    ) as first:
        day_counts.count(WEEK)
    with CaptureQueriesContext(connection) as second:
        counts = day_counts.count(WEEK)
    assert len(first) == 14 and len(second) == 2 and counts[TODAY - timedelta(days=3)].conversations == 1
    for query in first.captured_queries:
        assert re.search(r"(said|started)_at. >= .* AND .*(said|started)_at. < ", query["sql"]), query["sql"]


def read_by(who: str, *numbers: int) -> None:
    for number in numbers:
        audit.record(who, "conversation read", number)


def test_who_read_how_much_is_for_those_who_may_read_the_audit_log() -> None:
    read_by("rita", 1, 1, 2)
    read_by("carl", 2)
    selection = Selection(7)
    read = readings.conversations_read(selection)
    by_person = charts.reading(readings.weeks_of(selection), read, is_by_person=True)
    assert column(by_person, "rita")[-1] == 2 and column(by_person, "carl")[-1] == 1
    together = charts.reading(readings.weeks_of(selection), read, is_by_person=False)
    assert [series.name for series in together.series] == ["all staff"] and column(together, "all staff")[-1] == 3


def test_reading_demo_data_is_in_no_live_figure(viewer: Client) -> None:
    demo, live = talk(turn(SECRET)), talk(turn(SECRET))
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    read_by("rita", demo.pk, live.pk, 987_654)  # the last one is erased
    read_by("carl", demo.pk)
    read = [readings.conversations_read(Selection(7, is_demo=one)) for one in (False, True)]
    assert {who: weeks[-1] for who, weeks in read[0].items()} == {"rita": 2}
    assert {who: weeks[-1] for who, weeks in read[1].items()} == {"rita": 1, "carl": 1}
    page, demo_page = (viewer.get(address).content.decode() for address in ("/figures", "/figures?demo=on"))
    assert "all channels count, and so does demo data that was removed since." in page
    assert "all channels count." in demo_page


def test_names_of_staff_are_shown_to_an_admin_only(admin: Client, viewer: Client, clinician: Client) -> None:
    read_by("rita-the-reader", 1)
    assert "rita-the-reader" in admin.get("/figures").content.decode()
    for browser in (viewer, clinician):
        page = browser.get("/figures").content.decode()
        assert "rita-the-reader" not in page and "all staff" in page


def test_every_chart_has_its_table_and_says_its_gist(viewer: Client) -> None:
    talk(turn(SECRET))
    page = viewer.get("/figures").content.decode()
    data = json.loads(re.search(r'<script id="figures-data" type="application/json">(.*?)</script>', page, re.S)[1])
    assert [chart["id"] for chart in data] == [
        "conversations", "topics", "unanswered", "undelivered", "confidence", "latency", "helpful", "reading",
    ]  # fmt: skip
    for chart in data:
        assert f"<caption>{chart['title']}" in page.replace("&#x27;", "'")
        if any(value for series in chart["series"] for value in series["values"]):
            assert re.search(rf'<canvas role="img" aria-label="[^"]+" data-chart="{chart["id"]}">', page)
    assert "style=" not in page and SECRET not in page


def test_demo_data_has_a_banner_and_is_not_in_the_live_figures(viewer: Client) -> None:
    demo = talk(turn(SECRET))
    Conversation.objects.filter(pk=demo.pk).update(is_demo=True)
    live, shown = (viewer.get(address).content.decode() for address in ("/figures", "/figures?demo=on"))
    assert "0 conversations began" in live and "of demo data only" not in live
    assert "1 conversations began" in shown and "of demo data only" in shown and "Demo data is never in it" in shown


def test_what_makes_no_sense_is_the_usual_choice(viewer: Client) -> None:
    for query in ("days=5000", "days=x", "channel=nowhere", "demo=maybe", "days=7&channel=x"):
        assert viewer.get(f"/figures?{query}").status_code == 200


def test_the_estimate_says_what_is_missing(viewer: Client) -> None:
    talk(turn(SECRET))
    page = viewer.get("/figures").content.decode()
    assert "not known" in page and "is reviewed yet" in page


def test_the_range_stands_before_the_guess_and_few_reviews_are_said(viewer: Client) -> None:
    emergency = talk(turn(SECRET, "emergency", ["seizure"], "emergency_report"))
    drawn = [talk(turn("why"), is_drawn=True) for _ in range(5)]
    talk(turn("how"))
    done = {"state": "done", "reviewed_at": datetime.now(timezone.utc) - timedelta(days=2)}
    Conversation.objects.filter(pk__in=[emergency.pk, *(one.pk for one in drawn[:4])]).update(**done)
    page = viewer.get("/figures").content.decode()
    assert re.search(r'too few reviews yet</strong> <span class="figure">between \d+ % and 100 %</span>', page)
    assert "best guess 100 %" in page
    Conversation.objects.filter(pk=drawn[4].pk).update(**done)
    page = viewer.get("/figures").content.decode()
    assert '<span class="figure">between' in page and "too few reviews yet" not in page


def test_what_was_measured_is_read_without_its_sentences(tmp_path: Path) -> None:
    Results(turns(level="advisory"), asked()).write(tmp_path)
    os.utime(tmp_path / "evaluation.json", (1_700_000_000, 1_700_000_000))
    found = measured(tmp_path / "evaluation.json")
    assert found is not None and found.at.date() == date(2023, 11, 14)
    kinds = {kind: (caught, calm) for kind, caught, calm in found.rows}
    caught, calm = kinds["plain"]
    assert caught is not None and calm is not None
    assert (caught.value, calm.value) == (0.9, 0.0) and 0.5 < caught.low < 0.9 < caught.high < 1
    assert "blind" not in repr(found)


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"safety": [{"id": 1}]}'])
def test_a_report_that_cannot_be_read_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / "evaluation.json").write_text(text)
    assert measured(tmp_path / "evaluation.json") is None


def test_without_a_report_the_page_says_how_to_make_one(
    viewer: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("service.console.views.figures.measured", lambda: measured(tmp_path / "nothing.json"))
    page = viewer.get("/figures").content.decode()
    assert "Not measured on this machine: run <code>make evaluate</code>" in page


def test_someone_who_may_not_sees_nothing() -> None:
    talk(turn(SECRET))
    answer = Client().get("/figures")
    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in")
    gone = member("viewer")
    gone.is_active = False
    gone.save()
    left = signed_in(gone).get("/figures")
    assert left.status_code == 302 and b"conversations began" not in left.content

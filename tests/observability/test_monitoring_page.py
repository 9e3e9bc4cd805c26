"""docs/monitoring.md says what is so: every metric, alarm and line of level ERROR or CRITICAL, and no other."""

import re
from collections.abc import Iterator

import pytest
import yaml
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase

from baclofen_faq.vetted_files import ROOT
from service.gateway import urls  # noqa: F401  (all that the gateway counts)
from tests.observability.log_calls import log_calls

PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
ALARMS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0][
    "rules"
]
DEFINED = re.compile(r'\b(Counter|Gauge|Histogram)\(\s*"(\w+)"')
ON_A_ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def section(heading: str) -> str:
    """What stands under a heading of the page, up to the next of its kind."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def defined_metrics() -> set[str]:
    """Of all sources, and of the collector that reads the database."""
    found = set()
    for path in (ROOT / "service").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= {f"{name}_total" if kind == "Counter" else name for kind, name in DEFINED.findall(text)}
    meanings = (ROOT / "service" / "console" / "metrics.py").read_text(encoding="utf-8")
    found |= set(re.findall(r'^    "(\w+)": "', meanings, re.MULTILINE)) | {"housekeeping_log_up"}
    return found


def test_every_metric_stands_on_the_page_and_no_other() -> None:
    written = ON_A_ROW.findall(section("Metrics"))
    assert len(written) == len(set(written)) > 30
    assert set(written) == defined_metrics()


def test_every_metric_has_a_meaning_of_its_own() -> None:
    ours = [one for one in set(REGISTRY._collector_to_names) if isinstance(one, MetricWrapperBase)]
    meanings = [one._documentation for one in ours]
    assert len(ours) > 15 and all(len(one) > 20 for one in meanings) and len(meanings) == len(set(meanings))


def test_every_alarm_has_its_heading_and_every_heading_its_alarm() -> None:
    headings = {
        severity: re.findall(r"^### (\w+)$", section(f"Alarms {title}"), re.MULTILINE)
        for severity, title in (("page", "that wake somebody"), ("morning", "for the morning"))
    }
    for severity, names in headings.items():
        assert names == [one["alert"] for one in ALARMS if one["labels"]["severity"] == severity]
    assert sum(map(len, headings.values())) == len(ALARMS) > 20


@pytest.mark.parametrize("rule", ALARMS, ids=lambda rule: str(rule["alert"]))
def test_an_alarm_says_whom_it_wakes_what_is_noticed_and_where_to_read_on(rule: dict) -> None:  # type: ignore[type-arg]
    assert rule["labels"]["severity"] in ("page", "morning") and rule["labels"]["who"] in ("it", "staff")
    assert len(rule["annotations"]["summary"]) > 30
    assert rule["annotations"]["runbook_url"] == f"docs/monitoring.md#{rule['alert'].lower()}"
    named = set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", re.sub(r"\{[^}]*\}", "", rule["expr"])))
    known = defined_metrics()
    histograms = {f"{one}_{end}" for one in known for end in ("bucket", "count", "sum")}
    assert named <= known | histograms, "an alarm on what nobody counts never rings"


def grave_lines() -> Iterator[tuple[str, str]]:
    """Event and level, of all sources."""
    for call in log_calls():
        if call.level in ("error", "critical", "exception") and call.event:
            yield call.event, call.level.upper()


def test_every_grave_line_of_the_log_stands_on_the_page_and_no_other() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (ERROR|CRITICAL) \| .{20,} \| .{4,} \|$", section("The log"), re.MULTILINE)
    assert [event for event, _ in rows] == sorted(event for event, _ in rows)
    assert dict(rows).keys() == {event for event, _ in grave_lines()}
    wrong = [event for event, level in rows if (event, level) not in set(grave_lines())]
    assert not wrong


def test_the_page_sends_nobody_to_an_alarm_that_there_is_not() -> None:
    named = set(re.findall(r"\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b", section("The log"))) - {"TimeoutError", "ConnectError"}
    assert named - {"NoPlace"} <= {one["alert"] for one in ALARMS}

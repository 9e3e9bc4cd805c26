"""Each alarm rings when it should, and not before: Prometheus' own tool plays the numbers of alert_cases.yml."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from baclofen_faq.vetted_files import ROOT

RULES = ROOT / "deploy" / "prometheus" / "alerts.yml"
CASES = yaml.safe_load(Path(__file__).with_name("alert_cases.yml").read_text(encoding="utf-8"))
ALARMS = [one["alert"] for one in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]]


@pytest.fixture(scope="module", autouse=True)
def promtool() -> None:
    """The tool is there: skipped on a laptop that has none, failed where all is to be tested."""
    if not shutil.which("promtool"):
        missing = "promtool is missing: `apt-get install prometheus` brings it"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


def played(case: dict[str, Any], rings: dict[str, bool], folder: Path) -> subprocess.CompletedProcess[str]:
    """What promtool says to a case that rings so."""
    expr = f'count(ALERTS{{alertname="{case["alert"]}",alertstate="firing"}}) > bool 0'
    expected = [
        {"expr": expr, "eval_time": at, "exp_samples": [{"labels": "{}", "value": 1}] if is_ringing else []}
        for at, is_ringing in rings.items()
    ]
    assert all(isinstance(values, str) for values in case["series"].values()), "0x30 without quotes is a number"
    series = [{"series": name, "values": values} for name, values in case["series"].items()]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": expected}
    file = folder / "test.yml"
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]}))
    return subprocess.run(["promtool", "test", "rules", file], capture_output=True, text=True, check=False)


def test_every_alarm_is_played() -> None:
    assert {case["alert"] for case in CASES} == set(ALARMS)
    for alarm in ALARMS:
        rings = [one for case in CASES if case["alert"] == alarm for one in case["rings"].values()]
        assert True in rings, f"{alarm} never rings"
        assert False in rings, f"{alarm} always rings"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['alert']}: {case['why']}")
def test_an_alarm_rings_when_it_should(case: dict[str, Any], tmp_path: Path) -> None:
    done = played(case, case["rings"], tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_expectation_is_found(tmp_path: Path) -> None:
    case = CASES[0]
    assert played(case, {at: not is_ringing for at, is_ringing in case["rings"].items()}, tmp_path).returncode != 0


def test_prometheus_takes_the_settings_and_asks_the_processes_of_compose() -> None:
    done = subprocess.run(
        ["promtool", "check", "config", RULES.with_name("prometheus.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    jobs = yaml.safe_load(RULES.with_name("prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    targets = {target.split(":")[0] for job in jobs for one in job["static_configs"] for target in one["targets"]}
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text(encoding="utf-8"))["services"]
    served = {name for name in services if name.startswith(("gateway", "housekeeping"))}
    assert targets == served and len(served) > 2

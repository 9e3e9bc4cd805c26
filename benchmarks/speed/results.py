"""The figures as JSON files, one each, with when, where and with what they were taken."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.speed.places import RESULTS

PACKAGES = ("rasa", "rasa-sdk", "sanic", "jsonschema", "tensorflow-cpu", "onnxruntime", "django", "uvicorn")


@dataclass(frozen=True)
class Result:
    """One figure; `run` is the same for all that one command took."""

    name: str
    run: str
    date: str
    machine: dict[str, Any]
    versions: dict[str, str]
    figures: dict[str, Any]


def now() -> str:
    """The time as results keep it: UTC, to the second."""
    return datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def keep(name: str, run: str, figures: dict[str, Any]) -> Result:
    """Write a figure in place of its earlier one."""
    result = Result(name, run, now(), machine(), {name: version(name) for name in PACKAGES}, figures)
    RESULTS.mkdir(parents=True, exist_ok=True)
    _path(name).write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")
    return result


def kept(name: str) -> Result | None:
    """What was taken last; None where it never was."""
    return Result(**json.loads(_path(name).read_text(encoding="utf-8"))) if _path(name).exists() else None


def machine() -> dict[str, Any]:
    """Cores, processor and memory of this machine."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "memory in GB": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _path(name: str) -> Path:
    return RESULTS / f"{name}.json"

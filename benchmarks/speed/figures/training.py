"""Training: ours, the stock project on the same sentences, and ours once more, one after the other.

The stock training takes most of an hour, so its times are kept beside its model, and taken again when the data changes.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from baclofen_faq.vetted_files import ROOT
from benchmarks.speed import stock
from benchmarks.speed.floors import Floor
from benchmarks.speed.plots import bars
from benchmarks.speed.quiet import QUIET
from benchmarks.speed.tables import table

TITLE = "Training"
LIMIT = 0.1


def measure() -> dict[str, Any]:
    """Seconds by the clock and of the processor, and the most memory, of each training."""
    kept = stock.times()
    if not (kept.exists() and stock.model().exists()):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(_trained(stock.model()), indent=1))
    return dict(json.loads(kept.read_text()))


def _trained(target: Path) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        ours = [str(Path(sys.executable).parent / "rasa"), "train", "--force", "--out", folder]
        theirs = [str(stock.PYTHON), "-m", "rasa", "train", "--force", "--out", str(target.parent)]
        theirs += ["--fixed-model-name", target.name.removesuffix(".tar.gz")]
        project = stock.make_project()
        return {
            "begun": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "niceness": os.nice(0),
            "ours": train(ours, ROOT),
            "stock": train(theirs, project),
            "ours again": train(ours, ROOT),
        }


def train(command: list[str], folder: Path) -> dict[str, float]:
    """What a training takes; with nothing of an earlier one in Rasa's cache.

    Raises:
        RuntimeError: it failed; the message is the end of what it printed.
    """
    with TemporaryDirectory() as cache, (Path(cache) / "output.txt").open("wb") as output:
        environment = {**os.environ, **QUIET, "RASA_CACHE_DIRECTORY": f"{cache}/rasa"}
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if status != 0:
            raise RuntimeError(f"{command} failed:\n{(Path(cache) / 'output.txt').read_text(errors='replace')[-3000:]}")
    return {
        "seconds": round(seconds, 1),
        "processor seconds": round(used.ru_utime + used.ru_stime, 1),
        "most memory in MB": round(used.ru_maxrss / 1024),
    }


def lines(figures: dict[str, Any]) -> Iterator[str]:
    """All three as a table."""
    names = ("ours", "stock", "ours again")
    rows = [[kind, *(figures[name][kind] for name in names), _ratio(figures, kind)] for kind in figures["ours"]]
    yield from table(["", *names, "ratio"], rows)
    yield f"The whole of `rasa train`, one after the other, on {figures['begun']:.10}; niceness {figures['niceness']}."


def floors(figures: dict[str, Any]) -> Iterator[Floor]:
    """At most a tenth of stock, by the clock and by the processor: a busy machine changes only the clock."""
    for kind in ("seconds", "processor seconds"):
        yield Floor(f"training, {kind}, of stock", _ratio(figures, kind), LIMIT)


def plot(figures: dict[str, Any], path: Path) -> None:
    """Seconds of both."""
    kinds = ("seconds", "processor seconds")
    series = {name: [figures[name][kind] for kind in kinds] for name in ("ours", "stock")}
    bars(path, "Training", "seconds", ["by the clock", "of the processor"], series)


def _ratio(figures: dict[str, Any], kind: str) -> float:
    """The worse of ours to stock."""
    return max(float(figures[name][kind]) for name in ("ours", "ours again")) / float(figures["stock"][kind])

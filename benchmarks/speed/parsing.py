"""A process that understands messages with a model and says how long each took."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.speed.quiet import QUIET

PARSER = Path(__file__).parent / "parser.py"


@contextmanager
def parser(python: Path, model: Path, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """One with this Python; our components are found from the project's folder."""
    environment = {**os.environ, **QUIET, "PYTHONPATH": str(folder)}
    process = subprocess.Popen(
        [str(python), str(PARSER), str(model)], cwd=folder, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout and process.stdout.readline() == "ready\n", f"{python} cannot load {model}"
        yield process
    finally:
        process.kill()
        process.wait()


def parse(process: "subprocess.Popen[str]", text: str) -> float:
    """The milliseconds that it took to understand a text."""
    assert process.stdin and process.stdout
    process.stdin.write(text + "\n")
    process.stdin.flush()
    return float(process.stdout.readline())

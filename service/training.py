"""What stands before a start: every file that people edit is checked, and the model trained where it is old."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from baclofen_faq.answers import load_replies
from baclofen_faq.embedding import EmbeddingModelError, check_model_files
from baclofen_faq.triage.red_flags import load_red_flags
from baclofen_faq.triage.semantic import check_semantic_model
from baclofen_faq.vetted_files import ROOT, VettedFileError, read_mapping
from service.place import StackError
from service.settings.base import VAR

MODEL = ROOT / "models" / "baclofen-faq.tar.gz"
RASA_FILES = (
    "config.yml",
    "domain.yml",
    "endpoints.yml",
    "credentials.yml",
    "data/nlu.yml",
    "data/stories.yml",
    "data/rules.yml",
)
TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/**/*.y*ml",
    "baclofen_faq/nlu/*.*",
    "baclofen_faq/embedding/*.*",
    "baclofen_faq/triage/semantic.npz",
    "uv.lock",
)
ONLY_SERVES = (
    "serve.py",
    "rasa_fixes.py",
    "rasa_logs.py",
    "rest_channel.py",
)  # of the room nlu: no part of the model

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Check every file that people edit, and train where the model is missing or old.

    Raises:
        StackError: with one sentence that names the file.
    """
    check_files()
    VAR.mkdir(exist_ok=True)
    if model_is_old():
        say("Training (about a minute) ...")
        train()


def check_files() -> None:
    """Raise StackError for a missing file, broken YAML, or an answer that may not be sent."""
    try:
        for name in RASA_FILES:
            read_mapping(ROOT / name)
        load_replies()
        load_red_flags()
        check_model_files()
        check_semantic_model()
    except (VettedFileError, EmbeddingModelError) as error:
        raise StackError(f"{error}. Then run the same command again.") from None


def model_is_old() -> bool:
    """Whether the model is missing or older than a file that it is trained from."""
    inputs = [path for pattern in TRAINED_FROM for path in ROOT.glob(pattern) if path.name not in ONLY_SERVES]
    return not MODEL.exists() or MODEL.stat().st_mtime < max(path.stat().st_mtime for path in inputs)


def train() -> None:
    """Train Rasa's model; what Rasa prints goes to var/train.log."""
    log = VAR / "train.log"
    command = [
        str(Path(sys.executable).parent / "rasa"),
        "train",
        "--force",
        "--fixed-model-name",
        MODEL.name.removesuffix(".tar.gz"),
    ]
    quiet = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}  # or Rasa tells its makers of it
    with log.open("w") as output:
        done = subprocess.run(  # a model is no secret, and who runs the bot may be another user than who trained it
            command,
            cwd=ROOT,
            env=quiet,
            umask=0o022,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    if done.returncode != 0 or model_is_old():
        raise StackError(
            f"Training failed: {_reason(log)} (all of it is in {log}). Mend that and run the same command again."
        )


def _reason(log: Path) -> str:
    """The line of a training log that says what went wrong: the last one that names an error."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    named = [line for line in lines if re.search(r"\w(?:Exception|Error): |^Failed |^Error", line)]
    return (named or lines or ["it printed nothing"])[-1][:300]

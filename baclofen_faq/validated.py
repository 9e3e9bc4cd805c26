"""Which model may take traffic: the one whose hash stands in models/validated.json, beside it."""

import hashlib
import json
from datetime import date
from pathlib import Path

RECORD = "validated.json"


class NotValidatedError(RuntimeError):
    """A model that was not validated; the message is one sentence that names the next step."""


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def record_validated(model: Path, on: date) -> Path:
    """Write down that this very file reached every floor of `manage.py evaluate`; the path of what was written."""
    record = model.with_name(RECORD)
    text = json.dumps({"model": model.name, "sha256": sha256(model), "evaluated_on": on.isoformat()}, indent=2)
    record.write_text(text + "\n", encoding="utf-8")
    record.chmod(0o644)  # no secret, and who runs the bot may be another user than who built it
    return record


def check_validated(model: Path) -> None:
    """Let through the model that was validated, and no other.

    Raises:
        NotValidatedError: the model or its record is missing, or the hash of the record is another.
    """
    record = model.with_name(RECORD)
    try:
        known = json.loads(record.read_text(encoding="utf-8"))["sha256"]
    except FileNotFoundError:
        raise NotValidatedError(
            f"{record} is missing: `manage.py evaluate` writes it for a model that is good."
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise NotValidatedError(f"{record} cannot be read: `manage.py evaluate` writes it anew.") from None
    if not model.is_file():
        raise NotValidatedError(f"{model} is missing: `make train` makes it.")
    if sha256(model) != known:
        raise NotValidatedError(
            f"{model} is not the model that was validated: `manage.py evaluate` validates this one."
        )

"""Reading the YAML files that people of the clinic write: vetted/*.yml and clinic.yml."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
VETTED = ROOT / "vetted"
FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C, where PyYAML has it: eight times as fast


class VettedFileError(ValueError):
    """A file under vetted/ (or clinic.yml) is missing or malformed; the message names path, key and next step."""


def read_mapping(path: Path) -> dict[str, Any]:
    """Read one YAML file whose top level is a mapping.

    Raises:
        VettedFileError: missing, not YAML (with the line), or not a mapping.
    """
    name = shown(path)
    try:
        content = _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise VettedFileError(f"{name}: file is missing; restore it (git checkout {name})") from None
    except OSError as error:
        raise VettedFileError(f"{name}: cannot be read ({type(error).__name__}); mend its permissions") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise VettedFileError(f"{name}, line {line}: not valid YAML ({error.problem}); mend that line") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise VettedFileError(f"{name}: cannot be read as YAML ({error}); mend the file") from None
    if not isinstance(content, dict):
        raise VettedFileError(f"{name}: must hold keys and values at its top level; see another file of its folder")
    return content


def _parsed(text: str) -> Any:
    """The YAML's content; faults are named by the slow parser, whose lines are exact."""
    try:
        return yaml.load(text, FAST)
    except yaml.YAMLError:
        return yaml.safe_load(text)


def require(condition: object, path: Path, key: str, next_step: str) -> None:
    """Raise VettedFileError naming the file and key unless the condition holds."""
    if not condition:
        raise VettedFileError(f"{shown(path)}: {key}: {next_step}")


def shown(path: Path) -> str:
    """The path as people of the project write it: relative to the project where it lies inside."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)

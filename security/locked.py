"""The packages that ship: what uv.lock installs on Linux, without the developers' tools."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
OWN_UV = ROOT / ".tools" / "bin" / "uv"
UV = str(OWN_UV if OWN_UV.exists() else "uv")  # in an image's build it is on the path
PROCESSES = ("gateway", "rasa", "actions", "console")  # each an image, and a dependency group of pyproject.toml
PLATFORM = {"sys_platform": "linux", "platform_machine": "x86_64", "platform_system": "Linux", "os_name": "posix"}
PYTHON = {"python_version": "3.10", "python_full_version": "3.10.0", "implementation_name": "cpython"}


@dataclass(frozen=True)
class Package:
    """One release, by its name on PyPI in small letters."""

    name: str
    version: str


def shipped(*options: str) -> Sequence[Package]:
    """The packages of all processes, or of those that uv's options name, such as --only-group gateway.

    `uv.lock` also holds what is only for Windows or macOS, or for no machine at all (what an override drops): by their
    markers they are left out here.
    """
    command = [UV, "export", "--frozen", "--no-hashes", "--no-annotate", "--no-header", "--quiet"]
    done = subprocess.run(
        [*command, *(options or ("--no-group", "dev"))], cwd=ROOT, capture_output=True, text=True, check=True
    )
    wanted = [Requirement(line) for line in done.stdout.splitlines() if line and not line.startswith("-")]
    return [_package(one) for one in wanted if one.marker is None or one.marker.evaluate({**PLATFORM, **PYTHON})]


def processes_of(name: str) -> Sequence[str]:
    """The processes whose image holds this package."""
    return [process for process in PROCESSES if any(one.name == name for one in shipped("--only-group", process))]


def _package(wanted: Requirement) -> Package:
    (pin,) = wanted.specifier
    return Package(wanted.name.lower(), pin.version)

"""What an image holds and starts, as its Dockerfile says, without a container: its files, its environment, its command.

No container engine is needed: the files are copied, nobody may write to them, and the process has no capabilities.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from baclofen_faq.vetted_files import ROOT
from tests.deploy.front import answers
from tests.faults.processes import Process

COPIED = re.compile(r"^COPY --from=tree (.+)$", re.MULTILINE)
GROUP = re.compile(r"uv sync --frozen --only-group (\w+)$", re.MULTILINE)
COMMAND = re.compile(r"^CMD (\[.+\])$", re.MULTILINE)
STAGE = re.compile(r"^FROM ", re.MULTILINE)
BARE = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]  # as cap_drop and no-new-privileges
UV = ROOT / ".tools" / "bin" / "uv"


@dataclass(frozen=True)
class Image:
    """One image, in `folder`: app/ is its tree, venv/ its packages, var/ its volume."""

    name: str
    folder: Path

    @property
    def dockerfile(self) -> str:
        """Its text."""
        return (ROOT / "deploy" / f"{self.name}.Dockerfile").read_text(encoding="utf-8")

    @property
    def app(self) -> Path:
        """What stands at /app in it."""
        return self.folder / "app"

    @property
    def packages(self) -> Path:
        """Where its packages are."""
        return self.folder / "venv" / "lib" / "python3.10" / "site-packages"

    def build(self, made_there: str) -> "Image":
        """Copy what the Dockerfile copies, but for the file that only a build makes; install what it installs."""
        for name in ("app", "var", "tmp"):
            (self.folder / name).mkdir(parents=True)
        for line in COPIED.findall(self.dockerfile):
            *sources, target = line.split()
            for source in (one for one in sources if not one.endswith(made_there)):
                self._copy(source, target)
        self._install()
        return self

    def shut(self) -> None:
        """From now on nobody may write to its tree."""
        subprocess.run(["chmod", "-R", "a-w", str(self.app)], check=True)

    def process(self, port: int, path: str, change: Callable[[str], str] = lambda word: word, **more: str) -> Process:
        """Its command, listening on another port of loopback; `path` is asked for whether it is up."""
        (command,) = COMMAND.findall(self.dockerfile)
        bare = BARE if os.geteuid() == 0 else []
        return Process(
            [*bare, *(change(word) for word in json.loads(command))],
            self.folder / "output.txt",
            {**self._environment(), **more},
            is_ready=lambda: answers(f"http://127.0.0.1:{port}{path}"),
            folder=self.app,
        )

    def _copy(self, source: str, target: str) -> None:
        given, to = ROOT / source.removeprefix("/app/"), self.app / target
        if given.is_dir():
            shutil.copytree(given, to, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        else:
            to.mkdir(parents=True, exist_ok=True)
            shutil.copy(given, to)

    def _install(self) -> None:
        (group,) = GROUP.findall(self.dockerfile)
        environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(self.folder / "venv")}
        command = [str(UV), "sync", "--frozen", "--quiet", "--only-group", group, "--python", sys.executable]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)

    def _environment(self) -> dict[str, str]:
        """The ENV of its last stage, with the folders of this machine."""
        lines = STAGE.split(self.dockerfile)[-1].replace("\\\n", " ").splitlines()
        (words,) = [line.removeprefix("ENV ") for line in lines if line.startswith("ENV ")]
        named = dict(word.split("=", 1) for word in shlex.split(words))
        path = f"{self.folder / 'venv' / 'bin'}:/usr/local/bin:/usr/bin:/bin"
        return {**named, "PATH": path, "VAR_FOLDER": str(self.folder / "var"), "HOME": str(self.folder / "tmp")}

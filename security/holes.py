"""The known holes of what ships, each with its shield: known_holes.yml."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from packaging.specifiers import SpecifierSet

from security.locked import Package

KNOWN = Path(__file__).with_name("known_holes.yml")
KEYS = {"id", "aliases", "package", "affected", "what", "why", "shields", "source"}


class HoleError(ValueError):
    """known_holes.yml is not as it must be; one sentence that names the entry and the next step."""


@dataclass(frozen=True)
class Shield:
    """What keeps holes from being reached; `tests` show that it does, as tests/x.py::test_y."""

    what: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Hole:
    """One advisory that holds for a release that ships."""

    id: str
    aliases: tuple[str, ...]
    package: str
    affected: str
    what: str
    why: str
    shields: tuple[str, ...]
    source: str

    def is_of(self, package: str, ids: Sequence[str]) -> bool:
        """Whether an advisory of that package, by any of its names, is this one."""
        return self.package == package and bool({self.id, *self.aliases} & set(ids))


def read_shields(path: Path = KNOWN) -> Mapping[str, Shield]:
    """The shields by name."""
    shields = _read(path)["shields"]
    return {name: Shield(one["what"], tuple(one["tests"])) for name, one in shields.items()}


def read_holes(path: Path = KNOWN) -> Sequence[Hole]:
    """The holes.

    Raises:
        HoleError: an entry lacks something, names a shield that is none, or stands there twice.
    """
    shields = read_shields(path)
    holes: list[Hole] = []
    for entry in _read(path)["holes"]:
        name = entry.get("id")
        if entry.keys() != KEYS or not all(entry[key] for key in KEYS - {"aliases"}):
            raise HoleError(f"{path.name}: {name} must have {', '.join(sorted(KEYS))}, and nothing else.")
        if unknown := set(entry["shields"]) - shields.keys():
            raise HoleError(f"{path.name}: {name} names the shield {unknown.pop()}, which stands not under shields:.")
        hole = Hole(**{**entry, "aliases": tuple(entry["aliases"]), "shields": tuple(entry["shields"])})
        if any(one.is_of(hole.package, (hole.id, *hole.aliases)) for one in holes):
            raise HoleError(f"{path.name}: {name} of {hole.package} stands there twice: take one of them out.")
        holes.append(hole)
    return holes


def not_shipped(holes: Sequence[Hole], packages: Sequence[Package]) -> Sequence[str]:
    """A sentence for each hole whose package does not ship, or in a release that does not have it."""
    versions = {one.name: one.version for one in packages}
    return [
        f"{hole.id}: {hole.package} {versions.get(hole.package, '(none)')} ships, and {hole.affected} is affected: "
        f"take it out of {KNOWN.name}."
        for hole in holes
        if hole.package not in versions
        or not SpecifierSet(hole.affected).contains(versions[hole.package], prereleases=True)
    ]


def _read(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))

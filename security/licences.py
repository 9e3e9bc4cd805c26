"""Under which licence each package ships, and which of them a lawyer should look at: licences.yml."""

import re
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import yaml

from security.locked import shipped

LOOKED_AT = Path(__file__).with_name("licences.yml")
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Zlib|Unlicense|0BSD|HPND|CNRI-Python|LGPL|Lesser General)\b",
    re.IGNORECASE,
)
LONGEST_NAME = 100  # some packages put the whole text there


def main() -> int:
    """Print what is neither permissive nor LGPL and nobody wrote a note about; 1 where there is any."""
    notes = yaml.safe_load(LOOKED_AT.read_text())
    found = {name: licence for name, licence in licences().items() if not is_permissive(licence)}
    for name in sorted(found.keys() - notes.keys()):
        print(f"{name}: {found[name]}: have it looked at, and say in security/{LOOKED_AT.name} what it asks for.")
    for name in sorted(notes.keys() - found.keys()):
        print(f"{name} does not ship, or is permissive now: take it out of security/{LOOKED_AT.name}.")
    print(f"Licences: {len(licences())} packages, {len(found)} neither permissive nor LGPL.")
    return int(found.keys() != notes.keys())


def licences() -> Mapping[str, str]:
    """The licence of each package that ships, as the package names it; "not named" where it does not."""
    return {one.name: licence_of(one.name) for one in shipped()}


def licence_of(name: str) -> str:
    """By the package's own metadata: an SPDX expression, its classifiers, or a line of its own."""
    about = metadata.metadata(name)
    if about["License-Expression"]:
        return str(about["License-Expression"])
    classified = [one.split(" :: ")[-1] for one in about.get_all("Classifier", []) if one.startswith("License ::")]
    named = [one for one in classified if one not in ("OSI Approved", "Other/Proprietary License")]
    return " OR ".join(named) or (about["License"] or "not named").strip().split("\n")[0][:LONGEST_NAME]


def is_permissive(licence: str) -> bool:
    """Whether one of its alternatives is permissive or LGPL and none of its parts is another.

    >>> [is_permissive(one) for one in ("MIT", "MPL-2.0 AND MIT", "GPL-3.0-only OR Apache-2.0", "not named")]
    [True, False, True, False]
    """
    return any(
        all(PERMISSIVE.search(part) for part in re.split(r"\bAND\b", choice)) for choice in re.split(r"\bOR\b", licence)
    )


if __name__ == "__main__":
    sys.exit(main())

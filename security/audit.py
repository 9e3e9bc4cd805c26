"""`make audit`: the advisories for what ships, by pip-audit in its own environment, against the known holes.

Where no advisory service is reached, it says NOT AUDITED, and checks only that the known holes still ship.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from security.holes import Hole, HoleError, not_shipped, read_holes
from security.locked import ROOT, UV, Package, shipped

PIP_AUDIT = "pip-audit==2.10.1"
CANARY = Package("jinja2", "3.1.2")  # has holes that every service knows: one that finds none knows nothing
MUST_REACH = "--must-reach"


class AuditError(RuntimeError):
    """The audit itself failed; one sentence."""


@dataclass(frozen=True)
class Finding:
    """An advisory for a release that ships."""

    package: Package
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...]


def main(arguments: Sequence[str]) -> int:
    """Print what was audited and each fault; 0 where there is none."""
    try:
        packages, holes = shipped(), read_holes()
        faults = list(not_shipped(holes, packages))
        service = reached_service()
        if service:
            faults += compare(findings(packages, service), holes)
    except (AuditError, HoleError) as error:
        print(f"audit: {error}", file=sys.stderr)
        return 1
    print("\n".join(faults), file=sys.stderr, end="\n" if faults else "")
    if service:
        print(f"Audited: {len(packages)} packages by {service[1]}; {len(holes)} known holes, {len(faults)} faults.")
    else:
        print(f"NOT AUDITED: no advisory service was reached. {len(holes)} known holes still ship.")
    return int(bool(faults) or (service is None and MUST_REACH in arguments))


def reached_service() -> Sequence[str] | None:
    """Options of pip-audit for the first service that knows the canary's holes; None where none does."""
    own = os.environ.get("OSV_URL")
    services = [("-s", "osv", "--osv-url", own)] if own else [("-s", "pypi"), ("-s", "osv")]
    for service in services:
        try:
            if findings([CANARY], service):
                return service
        except AuditError:
            continue
    return None


def findings(packages: Sequence[Package], service: Sequence[str]) -> Sequence[Finding]:
    """What the service has for these releases.

    Raises:
        AuditError: pip-audit did not run, or could not look one of them up.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as wanted:
        wanted.writelines(f"{one.name}=={one.version}\n" for one in packages)
        wanted.flush()
        options = ("-r", wanted.name, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off")
        command = [UV, "tool", "run", "--quiet", "--from", PIP_AUDIT, "pip-audit", *options, *service]
        done = subprocess.run(command, cwd=Path(ROOT).anchor, capture_output=True, text=True, check=False)
    try:
        return list(_findings(json.loads(done.stdout)["dependencies"]))
    except (json.JSONDecodeError, KeyError):
        reason = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise AuditError(f"{PIP_AUDIT} did not run ({reason}): mend that and run the same command again.") from None


def compare(found: Sequence[Finding], holes: Sequence[Hole]) -> Sequence[str]:
    """A sentence for each finding that is no known hole, and for each hole that was not found."""
    new = [
        f"{one.package.name} {one.package.version}: {' '.join(one.ids)} is not in known_holes.yml: "
        f"{f'raise it to {one.fixed_in[0]}' if one.fixed_in else 'no release mends it'}, or say how it is shielded."
        for one in found
        if not any(hole.is_of(one.package.name, one.ids) for hole in holes)
    ]
    gone = [
        f"{hole.id} of {hole.package}: the service does not know it: take it out of known_holes.yml."
        for hole in holes
        if not any(hole.is_of(one.package.name, one.ids) for one in found)
    ]
    return new + gone


def _findings(dependencies: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    for one in dependencies:
        if "skip_reason" in one:
            raise AuditError(f"{one['name']} could not be looked up ({one['skip_reason']}).")
        for advisory in one["vulns"]:
            ids = (advisory["id"], *advisory["aliases"])
            yield Finding(Package(one["name"], one["version"]), ids, tuple(advisory["fix_versions"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

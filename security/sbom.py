"""`make sbom`: a bill of the packages of each process, in the form of CycloneDX 1.5, with their licences.

python -m security.sbom FOLDER writes FOLDER/gateway.json and so on. On the console's is what its pages load from npm.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from security.licences import licence_of
from security.locked import PROCESSES, ROOT, UV, Package, shipped

NPM = ROOT / "service" / "console" / "package-lock.json"  # the chat box has no package at run time
IN_A_BUNDLE = "node_modules/"
INSTALLED = re.compile(r"-any\.whl$|-(cp310|abi3)-manylinux\S*x86_64\.whl$")  # of all files of a release, in an image


def main(arguments: Sequence[str]) -> int:
    """Write them all."""
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for process in PROCESSES:
        bill = bill_of(process)
        (folder / f"{process}.json").write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
        print(f"{folder / process}.json: {len(bill['components'])} packages")
    return 0


def bill_of(process: str) -> dict[str, Any]:
    """What is in the image of a process: what uv knows of its packages, without those for other machines."""
    command = [UV, "export", "--frozen", "--quiet", "--only-group", process, "--format", "cyclonedx1.5"]
    bill = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    packages = set(shipped("--only-group", process))
    parts = [one for one in bill["components"] if Package(one["name"], one["version"]) in packages]
    for one in parts:
        files = one["externalReferences"]
        one["externalReferences"] = [file for file in files if INSTALLED.search(file["url"])] or files
        one["licenses"] = [{"license": {"name": licence_of(one["name"])}}]
    npm = npm_parts() if process == "console" else []
    kept = {one["bom-ref"] for one in (*parts, *npm, bill["metadata"]["component"])}
    bill["components"] = [*parts, *npm]
    bill["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", ()) if ref in kept]}
        for one in bill["dependencies"]
        if one["ref"] in kept
    ]
    return dict(bill)


def npm_parts() -> Sequence[dict[str, Any]]:
    """What the console's pages load, by the lock file that it was copied from."""
    locked = json.loads(NPM.read_text(encoding="utf-8"))["packages"]
    return [_npm_part(path.removeprefix(IN_A_BUNDLE), about) for path, about in locked.items() if path]


def _npm_part(name: str, about: dict[str, str]) -> dict[str, Any]:
    url = f"pkg:npm/{name.replace('@', '%40')}@{about['version']}"
    return {
        "type": "library",
        "bom-ref": url,
        "name": name,
        "version": about["version"],
        "purl": url,
        "licenses": [{"license": {"name": about["license"]}}],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

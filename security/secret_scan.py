"""`make secrets`: no key, token or password in what is committed, now or ever before.

Runs in its own environment, with detect-secrets. Every line that a commit ever added is looked at once, and every
line that is changed and not yet committed. What only looks like a secret stands in no_secrets.yml, with the reason.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.filters import heuristic

NONE = Path(__file__).with_name("no_secrets.yml")
NO_SECRET = (heuristic.is_sequential_string, heuristic.is_templated_secret, heuristic.is_not_alphanumeric_string)
BY_RANDOMNESS = {"Base64HighEntropyString", "HexHighEntropyString"}  # every hash of a lock file is one
BY_WORD, MADE_UP = "Secret Keyword", ("tests/", "benchmarks/")  # each password there is made up; tokens are looked for
MADE_BY_MACHINES = (
    "*.lock",
    "*package-lock.json",
    "*.min.js",
    "widget/dist",
    "*.jsonl",
    "*tokenizer.json",
    "*/vendor/*",
)
DIFF = ("--unified=0", "--no-color", "--no-ext-diff", "--no-renames", "--diff-merges=first-parent")


@dataclass(frozen=True)
class Found:
    """What looks like a secret: where it was added, of which kind, and its hash. Never itself."""

    path: str
    kind: str
    sha1: str


def main(arguments: Sequence[str]) -> int:
    """Look through a repository; print each find that is not known to be none, and each known one that is not found."""
    repository = Path(arguments[0]) if arguments else NONE.parent.parent
    known = yaml.safe_load((repository / "security" / NONE.name).read_text()) or []
    reasons = {one["sha1"]: one["why"] for one in known}
    found = set(finds(repository))
    new = sorted(f"{one.path}: {one.kind} ({one.sha1})" for one in found if not reasons.get(one.sha1))
    stale = sorted(reasons.keys() - {one.sha1 for one in found})
    for line in new:
        print(f"{line}: take it back where it was given out, or say in security/{NONE.name} why it is no secret.")
    for sha1 in stale:
        print(f"{sha1} is found nowhere: take it out of security/{NONE.name}.")
    print(f"Secrets: {len(new)} in every line ever committed; {len(reasons)} known to be none.")
    return int(bool(new or stale))


def finds(repository: Path) -> Iterator[Found]:
    """What looks like a secret, in all that was committed and in what is not yet."""
    kinds = get_mapping_from_secret_type_to_class().values()
    detectors = [kind() for kind in kinds if kind.__name__ not in BY_RANDOMNESS]
    seen: set[str] = set()
    for path, line in added_lines(repository):
        if line in seen:
            continue
        seen.add(line)
        for one in (one for detector in detectors for one in detector.analyze_line(path, line)):
            is_made_up = one.type == BY_WORD and path.startswith(MADE_UP)
            if not is_made_up and not any(is_none(one.secret_value) for is_none in NO_SECRET):
                yield Found(path, one.type, one.secret_hash)


def added_lines(repository: Path) -> Iterator[tuple[str, str]]:
    """Each line that was ever added, with its file."""
    machines = [f":(exclude){pattern}" for pattern in MADE_BY_MACHINES]
    for command in (("log", "--patch", "--format=", "HEAD"), ("diff", "HEAD")):
        git = ["git", "-C", str(repository), *command, *DIFF, "--", ".", *machines]
        diff = subprocess.run(git, capture_output=True, check=True).stdout.decode(errors="replace")
        path = ""
        for line in diff.split("\n"):
            if line.startswith("+++ "):
                path = line.removeprefix("+++ b/")
            elif line.startswith("+"):
                yield path, line[1:]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

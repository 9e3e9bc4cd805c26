"""A changed model, answer or line of code takes over without a pause: copied, validated, then one process at a time."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

import httpx

from baclofen_faq.vetted_files import ROOT
from service.place import Place, StackError
from service.stack import migrate

RELEASES, KEPT, VALIDATION = "releases", 3, "validation"
READY_SECONDS, END_SECONDS = 90, 30
LEFT_OUT = shutil.ignore_patterns(
    *(".git", ".venv", ".tools", ".env", ".*_cache", ".hypothesis", "__pycache__", "node_modules", "reports", "var"),
    *("stock", "validated.json"),
)
NEEDED = re.compile(r"PATH|HOME|LANG|TZ|TMPDIR|LC_\w+|OPENBLAS_\w+|OMP_\w+")  # nothing of the clinic's own settings

Say = Callable[[str], None]


def release(place: Place, say: Say) -> Path:
    """Copy the project as it stands, validate the copy, and let it take over from what is live.

    Args:
        place: where the bot runs; where it does not, the release is live at its next start.
        say: told what is done.

    Returns:
        The folder of the release.

    Raises:
        StackError: it was refused, and what was live is live still; the sentence says why.
    """
    folder = place.var / RELEASES / datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S")
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT, symlinks=True)
    try:
        _validate(place, folder, say)
    except BaseException:
        shutil.rmtree(folder)
        raise
    _take_over(place, folder, say)
    _forget_old(place)
    return folder


def _validate(place: Place, folder: Path, say: Say) -> None:
    """Train the copy's model where it is old, and hold every floor of the evaluation against the copy."""
    say("Validating: everything of the holdout is asked (about four minutes) ...")
    command = [sys.executable, "-W", "ignore", "manage.py", "evaluate", "--summary"]
    validating = subprocess.Popen(
        command, cwd=folder, env=_environment(place), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        _, complaints = validating.communicate()
    finally:
        validating.terminate()  # it ends what it started
        validating.wait()
    if validating.returncode != 0:
        reason = (complaints.strip().splitlines() or ["it printed nothing"])[-1]
        raise StackError(f"Refused, and what was live is live still. {reason.removeprefix('CommandError: ')}")


def _environment(place: Place) -> dict[str, str]:
    needed = {name: value for name, value in os.environ.items() if NEEDED.fullmatch(name)}
    return {
        **needed,
        "VAR_FOLDER": str(place.var / VALIDATION),
        "RASA_TELEMETRY_ENABLED": "false",
        "HF_HUB_OFFLINE": "1",
    }


def _take_over(place: Place, folder: Path, say: Say) -> None:
    """Make the copy live and start each process anew from it; where one does not come up, all go back."""
    before = place.live.resolve()
    place.make_live(folder)
    changed: list[str] = []
    try:
        migrate(place)
        for name, url in _processes(place):
            changed.append(name)
            _start_anew(place, name, url)
            say(f"{name} has taken over.")
    except StackError as error:
        place.make_live(before)
        for name, url in _processes(place):
            if name in changed:
                with suppress(StackError):  # `bin/keep` goes on with one that is slow; the others go back meanwhile
                    _start_anew(place, name, url)
        raise StackError(f"{error} What was live before is live again.") from None


def _processes(place: Place) -> Iterator[tuple[str, str | None]]:
    """The running processes in the order in which they change, and what answers once each is ready.

    While a Rasa or its action server starts, the gateways take its conversations to another one.
    """
    ports = place.ports()
    answers = {"actions": "/health", "rasa": "/", "gateway": "/readyz", "console": "/"}
    pairs = [(name, number) for number in range(place.rasas) for name in ("actions", "rasa")]
    others = [("gateway", number) for number in range(place.gateways)] + [("console", 0), ("housekeeping", 0)]
    for kind, number in pairs + others:
        name = f"{kind}.{number + 1}"
        url = f"http://127.0.0.1:{ports[kind][number]}{answers[kind]}" if kind in ports else None
        if place.is_running(name):
            yield name, url


def _start_anew(place: Place, name: str, url: str | None) -> None:
    """End a process, which `bin/keep` starts from what is live, and wait until that one answers."""
    before = place.pid(name)
    os.kill(before, signal.SIGTERM)
    _wait(lambda: place.pid(name) != before and place.is_running(name), END_SECONDS, f"{name} does not end.")
    if url:
        _wait(lambda: _answers(url), READY_SECONDS, f"{name} does not come up; {place.var / 'serve.log'} says why.")


def _wait(is_so: Callable[[], bool], seconds: float, otherwise: str) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            raise StackError(otherwise)
        time.sleep(0.2)


def _answers(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return not httpx.get(url, timeout=10).is_error
    return False


def _forget_old(place: Place) -> None:
    """Delete all but the last few releases; the live one is the newest."""
    for folder in sorted((place.var / RELEASES).iterdir())[:-KEPT]:
        shutil.rmtree(folder)

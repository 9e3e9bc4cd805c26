"""The processes of the bot (action server, Rasa, gateway, console), started and stopped together."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from baclofen_faq.vetted_files import ROOT
from service.place import BOT, PIDS, Place, StackError, check_ports, environment

START_SECONDS = 120
STOP_SECONDS = 15


@contextmanager
def running(place: Place, output: Path, names: Sequence[str] = BOT) -> Iterator[subprocess.Popen[bytes]]:
    """Start the processes, yield when all of them answer, and stop them whatever happens.

    Args:
        place: where they listen and write.
        output: the file for what they print.
        names: which ones, as Procfile names them.

    Raises:
        StackError: a port is in use, or a process did not come up.
    """
    with suppress(PermissionError):  # it is somebody else's folder, whose choice that is
        place.var.chmod(0o700)  # files of before the bot's umask was set are nobody else's, either
    check_ports(place, names)
    place.make_live(place.live.resolve())
    migrate(place)
    counts = f"gateway={place.gateways},rasa={place.rasas},actions={place.rasas}"
    command = [sys.executable, "-m", "honcho", "start", "--no-colour", "--concurrency", counts, *names]
    end_as_by_ctrl_c()
    with output.open("ab") as printed:  # why the last run ended stands in it, too
        runner = subprocess.Popen(
            command, cwd=ROOT, env=environment(place), stdin=subprocess.DEVNULL, stdout=printed,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_ready(runner, place, output)
            yield runner
        finally:
            _stop(runner)
            shutil.rmtree(place.var / PIDS, ignore_errors=True)


def migrate(place: Place) -> None:
    """Bring the databases of the outbox and the log up to date."""
    for database, name in (("outbox", "outbox"), ("default", "log")):
        command = [
            *(sys.executable, "-W", "ignore", "manage.py", "migrate", "--settings", "service.settings.console"),
            *("--verbosity", "0", "--database", database),
        ]
        done = subprocess.run(
            command, cwd=place.live, env=environment(place), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
            raise StackError(
                f"The {name}'s database in {place.var} cannot be used ({reason}): mend it, or move it away."
            )


def _wait_until_ready(runner: subprocess.Popen[bytes], place: Place, output: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while missing := [url for url in _asked(place) if not _answers(url)]:
        if runner.poll() is not None or time.monotonic() > deadline:
            raise StackError(
                f"The bot did not get ready ({', '.join(missing)} does not answer as it must); what it printed is in "
                f"{output}. `make setup` installs everything again."
            )
        time.sleep(0.3)


def _asked(place: Place) -> list[str]:
    """What answers once all is well: each Rasa, and each gateway, which sends itself an emergency and a question."""
    return place.rasa_urls + [f"{url}/readyz" for url in place.gateway_urls]


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=10).is_success
    except httpx.HTTPError:
        return False


def end_as_by_ctrl_c() -> None:
    """A closed terminal or a TERM ends this process, and what it started, just as Ctrl-C does."""
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, _interrupt)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _stop(runner: subprocess.Popen[bytes]) -> None:
    """End the runner, which ends its processes; after a while without asking."""
    if runner.poll() is None:
        runner.send_signal(signal.SIGTERM)
    try:
        runner.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        runner.kill()
        runner.wait()

"""Processes of the fault tests: each started, killed, paused and waited for by its id; none outlives the tests."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from baclofen_faq.vetted_files import ROOT

READY_SECONDS = 120
POLL_SECONDS = 0.05
TELL_ME_WHEN_MY_PARENT_ENDS = 1  # PR_SET_PDEATHSIG
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Process:
    """One process in a session of its own; what it prints is added to `output`.

    Start it from the main thread only: Linux ends it together with the thread that started it.
    """

    command: Sequence[str]
    output: Path
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    user: str | None = None
    is_ready: Callable[[], bool] = lambda: True
    folder: Path = ROOT
    _running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; `wait_until_ready` says when it answers."""
        assert not self.is_running, f"{self.command} runs already"
        with self.output.open("ab") as printed:
            self._running = subprocess.Popen(
                self.command, cwd=self.folder if self.user is None else "/", env=self.environment,
                stdin=subprocess.DEVNULL, stdout=printed, stderr=subprocess.STDOUT, start_new_session=True,
                user=self.user, group=self.user, extra_groups=[] if self.user else None, preexec_fn=_end_with_the_tests,
            )  # fmt: skip

    def wait_until_ready(self) -> None:
        """Return when it answers; fail with what it printed where it ends or takes too long."""
        until(self.is_ready, READY_SECONDS, self._why_it_is_not_ready, give_up=lambda: not self.is_running)

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._running is not None and self._running.poll() is None

    @property
    def pid(self) -> int:
        """The id of the running process."""
        assert self._running is not None
        return self._running.pid

    def kill(self, by: signal.Signals = signal.SIGKILL) -> None:
        """End it, and return when it has ended."""
        if self.is_running and self._running:
            self._running.send_signal(signal.SIGCONT)
            self._running.send_signal(by)
            self._running.wait(30)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Inside, it is stopped by SIGSTOP with all its children; afterwards they go on."""
        stopped = [self.pid, *children(self.pid)]
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            until(lambda: _state(self.pid) == "T", 5)
            yield
            assert _state(self.pid) == "T", "the process went on by itself"
        finally:
            for pid in reversed(stopped):
                os.kill(pid, signal.SIGCONT)

    def _why_it_is_not_ready(self) -> str:
        return f"{self.command}\nis not ready; it printed:\n{self.output.read_text(errors='replace')[-3000:]}"


def until(
    is_so: Callable[[], object],
    seconds: float,
    why_not: Callable[[], str] = lambda: "it did not come to be",
    give_up: Callable[[], bool] = lambda: False,
) -> None:
    """Wait until something is so; fail after some seconds, or where there is no hope left."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if give_up() or time.monotonic() > deadline:
            raise AssertionError(why_not())
        time.sleep(POLL_SECONDS)


def children(pid: int) -> list[int]:
    """The ids of the processes that a process started."""
    rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (row.split() for row in rows.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def _state(pid: int) -> str:
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout[:1]


def _end_with_the_tests() -> None:
    """In the new process: it gets SIGKILL when the tests end, whatever ends them."""
    if LIBC is not None:
        LIBC.prctl(TELL_ME_WHEN_MY_PARENT_ENDS, signal.SIGKILL)

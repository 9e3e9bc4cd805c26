"""Holding processes to a share of a core, as a pod with a CPU limit is: Linux's control groups, both versions."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
PERIOD = 20_000  # microseconds; short, so that a message meets no long pause


class NoLimitsError(RuntimeError):
    """This machine lets nobody set limits; the message names the next step."""


@contextmanager
def each_held_to(share: float, pids: Sequence[int]) -> Iterator[None]:
    """Inside, each process gets no more than this share of a core.

    Raises:
        NoLimitsError: this needs Linux and root.
    """
    base = GROUPS / "cpu" if (GROUPS / "cpu").is_dir() else GROUPS
    made = [base / f"bench-{os.getpid()}-{pid}" for pid in pids]
    try:
        for pid, group in zip(pids, made):
            _make(group, pid, int(share * PERIOD))
    except OSError as error:
        _remove(base, made)
        raise NoLimitsError(f"Limits cannot be set ({error.strerror}): run it as root on Linux.") from None
    try:
        yield
    finally:
        _remove(base, made)


def _make(group: Path, pid: int, quota: int) -> None:
    group.mkdir()
    if (group / "cpu.max").exists():
        (group / "cpu.max").write_text(f"{quota} {PERIOD}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
    (group / "cgroup.procs").write_text(str(pid))


def _remove(base: Path, made: Sequence[Path]) -> None:
    """The processes go back to the group above; an empty group can be removed."""
    for group in filter(Path.is_dir, made):
        for pid in (group / "cgroup.procs").read_text().split():
            (base / "cgroup.procs").write_text(pid)
        group.rmdir()

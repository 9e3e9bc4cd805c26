"""Somebody of the staff before a running console: signs in by the real form, asks for pages, takes the time."""

import re
import shlex
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles

import httpx

from baclofen_faq.vetted_files import ROOT
from benchmarks.console.databases import Database
from benchmarks.console.made_up import STAFF
from tests.faults.processes import Process

PASSWORD = "a long password of benchmark 7"
MAKE_STAFF = f"""
from service.console.models import Staff
there = Staff.objects.values_list("username", flat=True)
for name in {set(STAFF)} - set(there):
    Staff.objects.create_user(name, password={PASSWORD!r}, role="reviewer")
"""
WARM_UP, MOST_TRIES = 5, 3  # more than one where something else keeps the machine busy for a while
HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Visit:
    """What staff open: addresses that are asked for in turn, the status that each gives, what stands in each page."""

    name: str
    paths: Sequence[str]
    status: int = 200
    says: str = ""
    has_floor: bool = True


@dataclass(frozen=True)
class Took:
    """Milliseconds of a visit's requests."""

    best: float
    p50: float
    p95: float


class Browser:
    """A signed-in session of one reviewer."""

    def __init__(self, client: httpx.Client) -> None:
        """Sign in."""
        self._client = client
        page = client.get("/sign-in")
        token = HIDDEN.search(page.text)
        assert token, page.text
        form = {"csrfmiddlewaretoken": token[1], "username": STAFF[0], "password": PASSWORD}
        answer = client.post("/sign-in", data=form, headers={"Referer": str(page.url)})
        assert answer.status_code == 302, answer.text

    def read(self, path: str) -> str:
        """A page's text."""
        return self._client.get(path).raise_for_status().text

    def take(self, visit: Visit, requests: int, floor: float) -> Took:
        """Ask for it so many times, after a warm-up; again, twice at most, where the p95 is above the floor."""
        took = self._take(visit, requests)
        for _ in range(MOST_TRIES - 1):
            if visit.has_floor and took.p95 > floor:
                took = min(took, self._take(visit, requests), key=lambda one: one.p95)
        return took

    def _take(self, visit: Visit, requests: int) -> Took:
        times = [self._once(visit, number) for number in range(WARM_UP + requests)][WARM_UP:]
        return Took(min(times), median(times), quantiles(times, n=20)[-1])

    def _once(self, visit: Visit, number: int) -> float:
        path = visit.paths[number % len(visit.paths)]
        begun = time.perf_counter()
        answer = self._client.get(path)
        took = 1000 * (time.perf_counter() - begun)
        is_right = answer.status_code == visit.status and visit.says in answer.text
        assert is_right, f"{visit.name}: {path} gave {answer.status_code}\n{answer.text[:2000]}"
        return took


@contextmanager
def signed_in(database: Database) -> Iterator[Browser]:
    """Start the console as Procfile does; inside, somebody is signed in."""
    database.manage("shell", "--verbosity", "0", "-c", MAKE_STAFF)
    url = database.place.console_url
    console = Process(
        _command(database), database.place.var / "console.log", database.environment, is_ready=lambda: _answers(url)
    )
    console.start()
    try:
        console.wait_until_ready()
        with httpx.Client(base_url=url, timeout=120) as client:
            yield Browser(client)
    finally:
        console.kill(by=signal.SIGTERM)


def _command(database: Database) -> list[str]:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith("console: "))
    words = shlex.split(line.replace("$CONSOLE_PORT", str(database.place.console)))
    return words[words.index("bin/keep") + 1 :]


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/sign-in", timeout=5).is_success
    except httpx.HTTPError:
        return False

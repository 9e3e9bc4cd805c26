"""The speed report measures what it says it measures."""

import doctest
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest

import benchmarks.speed.messages
import benchmarks.speed.processes
import benchmarks.speed.tables
from baclofen_faq.answers import load_vetted
from baclofen_faq.triage import Level, assess
from benchmarks.speed.enlarged import enlarged
from benchmarks.speed.floors import Floor
from benchmarks.speed.limits import NoLimitsError, each_held_to
from benchmarks.speed.load import Candidate, play
from benchmarks.speed.memory import memory_of
from benchmarks.speed.messages import AFTER, BEFORE, QUESTIONS, messages
from benchmarks.speed.processor import watched
from benchmarks.speed.servers import echo, free_ports, started

BURN = "while True: pass"


def test_its_messages_are_calm_so_that_rasa_is_asked():
    texts = [f"{before}{question}{after}" for question in QUESTIONS for before in BEFORE[:3] for after in AFTER[:2]]
    urgent = [text for text in texts if assess(text).level in (Level.ADVISORY, Level.EMERGENCY)]
    assert len(texts) == 120 and not urgent


@pytest.mark.parametrize("module", [benchmarks.speed.messages, benchmarks.speed.processes, benchmarks.speed.tables])
def test_its_examples_hold(module):
    found = doctest.testmod(module)
    assert found.attempted and not found.failed


def test_no_message_is_said_twice():
    some = list(islice(messages(), 5_000))
    assert len(set(some)) == len(some)


@pytest.mark.parametrize(
    ("value", "limit", "is_most", "is_reached"),
    [(0.6, 0.6, True, True), (0.61, 0.6, True, False), (1.6, 1.6, False, True), (1.5, 1.6, False, False)],
)
def test_a_missed_floor_is_said(value, limit, is_most, is_reached):
    floor = Floor("a claim", value, limit, is_most)
    assert floor.is_reached is is_reached
    assert ("**not reached**" in floor.row) is not is_reached


def test_what_was_not_measured_reaches_no_floor():
    assert not Floor("a claim", None, 1.0).is_reached


def test_each_message_of_a_load_is_counted_and_so_is_each_that_is_not_answered(tmp_path: Path):
    process = echo(port := free_ports(1), tmp_path)
    with started(process):
        url = f"http://127.0.0.1:{port}"
        heard = play(Candidate("echo", url), messages(), visitors=4, messages=50)
        unheard = play(Candidate("echo", url, lambda replies: False), messages(), visitors=4, messages=50)
    assert (len(heard.milliseconds), heard.unanswered) == (50, 0)
    assert (len(unheard.milliseconds), unheard.unanswered) == (50, 50)
    assert 0 < min(heard.milliseconds) <= heard.p50 <= heard.p95


def test_a_server_that_is_gone_answers_nothing():
    gone = play(Candidate("gone", f"http://127.0.0.1:{free_ports(1)}"), messages(), messages=3)
    assert gone.unanswered == 3


def test_a_process_is_held_to_its_share_of_a_core():
    burning = subprocess.Popen([sys.executable, "-c", BURN])
    try:
        with each_held_to(0.2, [burning.pid]), watched({"burning": burning.pid}) as used:
            begun = time.perf_counter()
            time.sleep(2)
            seconds = time.perf_counter() - begun
        assert 0.02 < used.seconds["burning"] / seconds < 0.3
    except NoLimitsError as error:
        pytest.skip(str(error))
    finally:
        burning.kill()
        burning.wait()


def test_memory_is_counted_once_where_it_is_shared():
    held = memory_of(os.getpid(), with_children=False)
    assert 0 < held.uss <= held.pss <= held.rss


def test_a_project_with_made_up_topics_is_whole(tmp_path: Path):
    now = len(load_vetted().answers)
    copy = enlarged(tmp_path / "copy", now + 3)
    count = "from baclofen_faq.answers import load_vetted; print(len(load_vetted().answers))"
    done = subprocess.run([sys.executable, "-c", count], cwd=copy, capture_output=True, text=True, check=True)
    assert int(done.stdout) == now + 3
    domain, rules, nlu = ((copy / name).read_text() for name in ("domain.yml", "data/rules.yml", "data/nlu.yml"))
    assert all("ask_made_up_002" in text for text in (domain, rules, nlu))


def test_a_project_is_never_made_smaller(tmp_path: Path):
    with pytest.raises(ValueError, match="has more than 3 answers"):
        enlarged(tmp_path / "copy", 3)

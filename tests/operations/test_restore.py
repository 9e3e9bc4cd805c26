"""A clinic's day: a backup while people write, then its databases are lost, with and without the machine's files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.processes import until
from tests.operations.house import House, State, backups

LEFT_OUT = 1_000_000  # as service/console/backup/since.py has it, which needs the settings of the console


@dataclass
class Day:
    """What was there when the backup was taken, what was afterwards, and the same after each restore."""

    house: House
    answered_by_then: list[str]
    at_backup: State
    at_end: State
    restored: State
    printed: str
    on_new_machine: State
    printed_there: str
    new_machine: House


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """The whole day, once for each kind of database."""
    postgres = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    folder = tmp_path_factory.mktemp(f"day-{request.param}")
    house, safe = House.new(folder / "machine", postgres), folder / "backups"
    with house.open():
        at_backup, answered = morning(house, safe)
        afternoon(house, safe)
        at_end = house.state()
    kept = house.lost(postgres, True, folder / "machine")
    printed = kept.does("restore", str(backups(safe)[0]))
    restored = kept.state()
    gone = kept.lost(postgres, False, folder / "other machine")
    there = gone.does("restore", str(backups(safe)[0]))
    yield Day(kept, answered, at_backup, at_end, restored, printed, gone.state(), there, gone)


def morning(house: House, safe: Path) -> tuple[State, list[str]]:
    """People write, staff work, a backup is taken meanwhile; what was there before it, and who was answered by then."""
    for text in ("why do I have to taper?", "and with a pump?", "she is having a seizure"):
        house.say("anna", text)
    for key in ("erased", "old", "stays"):
        house.say(key, "what are the signs of withdrawal?")
    until(lambda: house.said() >= 12, 60)
    before = house.state("work")
    with house.busy("during") as answered:
        until(lambda: len(answered) > 3, 60)
        by_then = list(answered)
        house.does("backup", str(safe))
    return before, by_then


def afternoon(house: House, safe: Path) -> None:
    """Somebody wants to be forgotten, an answer is withdrawn; housekeeping writes both down; somebody new writes."""
    house.does("erase", "erased")
    switch = "from service.console.switches import withdraw; withdraw('timeline', ['1'], 'wrong', 'ada')"
    house.does("shell", "--settings", "service.settings.console", "-c", switch)
    house.does("backup", str(safe / "later"))  # makes a journal of its own there, which is not used
    keep = "from service.console.housekeeping import keep_journal; keep_journal()"
    house.does("shell", "--settings", "service.settings.console", "-c", keep, BACKUP_FOLDER=str(safe))
    before = house.said()
    house.say("afternoon", "how is an overdose treated?")
    until(lambda: house.said() >= before + 2, 60)


def of(state: State, *keys: str) -> list[Any]:
    """What was said in these conversations."""
    found = [message for message in state["messages"] if message[0] in keys]
    assert found or keys == ("erased",) or keys == ("old",)
    return found


def both(day: Day) -> list[State]:
    return [day.restored, day.on_new_machine]


def test_the_same_conversations_are_there_again(day: Day) -> None:
    assert len(of(day.at_backup, "anna", "stays")) > 7
    for state in both(day):
        assert of(state, "anna", "stays") == of(day.at_backup, "anna", "stays")
        assert {key: state["numbers"][key] for key in ("anna", "stays")} == {
            key: day.at_backup["numbers"][key] for key in ("anna", "stays")
        }


def test_what_staff_did_is_there_again(day: Day) -> None:
    for state in both(day):
        for what in ("verdicts", "notes", "staff"):
            assert len(state[what]) == 1 and state[what] == day.at_backup[what], what


def test_whoever_was_answered_before_the_backup_began_is_in_it_once(day: Day) -> None:
    assert len(day.answered_by_then) > 3
    for state in both(day):
        for key in day.answered_by_then:
            assert of(state, key) == of(day.at_end, key), key


def test_the_machines_own_outbox_brings_back_what_was_said_since(day: Day) -> None:
    said_since = [key for key in day.at_end["numbers"] if key.startswith("during-") or key == "afternoon"]
    assert "afternoon" in said_since and len(said_since) > len(day.answered_by_then)
    assert of(day.restored, *said_since) == of(day.at_end, *said_since)
    assert "afternoon" not in day.on_new_machine["numbers"]


def test_what_was_erased_since_stays_erased(day: Day) -> None:
    assert of(day.at_backup, "erased") and "erased" in {
        event[0].rpartition(".")[0] for event in day.at_backup["events"]
    }
    for state, printed in ((day.restored, day.printed), (day.on_new_machine, day.printed_there)):
        assert "Erased again, since that was done after the backup: 1 conversations." in printed
        assert not of(state, "erased") and "erased" not in state["numbers"]
        assert not [event for event in state["events"] if event[0].startswith("erased.")]


def test_what_is_older_than_the_clinic_keeps_goes_at_once(day: Day) -> None:
    assert of(day.at_backup, "old")
    for state in both(day):
        assert not of(state, "old")


def test_rasas_events_are_there_again(day: Day) -> None:
    wanted = [event for event in day.at_backup["events"] if event[0].startswith(("anna.", "stays."))]
    assert len(wanted) > 10
    for state in both(day):
        assert [event for event in state["events"] if event[0].startswith(("anna.", "stays."))] == wanted


def test_the_audit_log_is_whole_and_goes_on(day: Day) -> None:
    number, hash = day.at_backup["audit"][-1]
    for state in both(day):
        assert number == 20 and state["audit"][:20] == day.at_backup["audit"]
    whole = day.new_machine.does("verify_audit", "--head", f"{number}:{hash}")
    assert whole.startswith(f"whole: {len(day.on_new_machine['audit'])} entries")


def test_the_search_finds_what_it_found(day: Day) -> None:
    assert day.at_backup["found"] == ["anna"]
    for state in both(day):
        assert state["found"] == ["anna"]


def test_a_withdrawn_answer_stays_withdrawn(day: Day) -> None:
    for printed in (day.printed, day.printed_there):
        assert "Mode: normal; withdrawn answers: timeline." in printed


def test_nobody_stays_signed_in(day: Day) -> None:
    asked = "from django.contrib.sessions.models import Session; print('sessions', Session.objects.count())"
    assert "sessions 0" in day.new_machine.does("shell", "--settings", "service.settings.console", "-c", asked)


def test_new_conversations_come_in_under_numbers_that_nobody_had(day: Day) -> None:
    with day.new_machine.gateway():
        before = day.new_machine.said()
        day.new_machine.say("new", "she is having a seizure")
        until(lambda: day.new_machine.said() > before, 60)
    state = day.new_machine.state()
    assert of(state, "new")[1][2].startswith("Call 911 now")
    assert state["numbers"]["new"] > max(day.at_end["numbers"].values())
    assert state["numbers"]["new"] > LEFT_OUT


def test_a_second_restore_wants_to_be_told_that_it_may_replace(day: Day) -> None:
    there, file = day.new_machine, str(backups(day.house.place.var.parent / "backups")[0])
    refused = there.manage("restore", file)
    assert refused.returncode == 1
    assert refused.stderr.strip().startswith("CommandError: The log is not empty") and "--replace" in refused.stderr
    there.does("restore", file, "--replace")
    again = there.state()
    assert of(again, "anna", "stays") == of(day.on_new_machine, "anna", "stays") and not of(again, "erased")

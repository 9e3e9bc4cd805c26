"""On PostgreSQL the gateways go on while the log is replaced under them: nobody waits, and nothing said is lost."""

import re
import time
from pathlib import Path

from tests.faults.postgres import Postgres, rows
from tests.faults.processes import until
from tests.operations.house import House, backups

SAID = """
    SELECT key, count(*) FROM conversations_message JOIN conversations_conversation AS one ON one.id = conversation_id
    WHERE direction = 'in' GROUP BY key
"""


def test_what_is_said_during_a_restore_is_in_the_log_once(postgres: Postgres, tmp_path: Path) -> None:
    house, safe = House.new(tmp_path / "house", postgres), tmp_path / "backups"
    log = house.databases["DATABASE_URL"]
    with house.gateway():
        house.say("before", "why do I have to taper?")
        until(lambda: house.said() >= 2, 60)
        house.does("backup", str(safe))
        with house.busy("during") as answered:
            until(lambda: len(answered) > 2, 60)
            began = time.monotonic()
            printed = house.does("restore", str(backups(safe)[0]), "--replace")
            took = time.monotonic() - began
            so_far = len(answered)
            until(lambda: len(answered) > so_far, 60)
        (refill,) = re.findall(r"manage.py (refill_log \S+)", printed)
        house.does(*refill.split())
        until(lambda: len(rows(log, SAID)) == len(answered) + 1, 60)
    assert so_far > 5, f"{so_far} were answered in {took:.0f} s"
    assert dict(rows(log, SAID)) == {"before": 1, **dict.fromkeys(answered, 1)}

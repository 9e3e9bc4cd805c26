"""A log from before there was a console: what is recent waits for staff, and none of it counts as drawn or not."""

import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from baclofen_faq.vetted_files import ROOT
from service.place import Place, environment

CONVERSATION = """INSERT INTO conversations_conversation (channel, key, started_at, last_at, turns, open_level,
    open_symptoms, route, is_asked, after_crisis, session_began_at, advisory_sessions)
    VALUES ('web', ?, ?, ?, 1, ?, ?, 'unknown', 0, 0, ?, '[]')"""
MESSAGE = """INSERT INTO conversations_message (conversation_id, direction, message_id, position, said_at, text, level,
    findings, answer_id, answer_version, buttons, triage_version, model_version, feedback)
    VALUES (?, 'in', 'm', 0, ?, 'words of then', ?, '[]', '', '', '[]', 't', '', '')"""


def migrate(place: Place, *target: str) -> None:
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--settings", "service.settings.console"]
    env = {**environment(place), "DATABASE_URL": ""}
    subprocess.run([*command, "--verbosity", "0", *target], cwd=ROOT, env=env, check=True)


def test_what_was_said_before_the_console_was_there_is_in_its_inbox(tmp_path: Path) -> None:
    place = Place(var=tmp_path)
    migrate(place, "conversations", "0004")
    now = datetime.now(timezone.utc)
    said: list[tuple[Any, ...]] = [
        ("crisis", now - timedelta(minutes=5), "emergency", '["self_harm"]'),
        ("seizure", now - timedelta(days=3), "emergency", '["seizure"]'),
        ("long ago", now - timedelta(days=30), "emergency", '["seizure"]'),
        ("ran out", now - timedelta(hours=5), "advisory", '["missed_doses"]'),
        ("asked", now - timedelta(hours=5), "information", "[]"),
    ]
    with sqlite3.connect(tmp_path / "conversations.db") as log:
        for key, at, level, symptoms in said:
            row = log.execute(CONVERSATION, (key, at, at, level, symptoms, at))
            log.execute(MESSAGE, (row.lastrowid, at, level))
    migrate(place)
    with sqlite3.connect(tmp_path / "conversations.db") as log:
        rows = log.execute(
            "SELECT key, level, risk, is_drawn, due_at IS NULL FROM conversations_conversation ORDER BY id"
        )
        assert rows.fetchall() == [
            ("crisis", "emergency", 5, None, 0),
            ("seizure", "emergency", 4, None, 0),
            ("long ago", "emergency", 0, None, 1),
            ("ran out", "advisory", 2, None, 0),
            ("asked", "information", 0, None, 1),
        ]
        found = log.execute("SELECT count(*) FROM conversations_words WHERE conversations_words MATCH 'then'")
        assert found.fetchone() == (5,)

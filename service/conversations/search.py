"""Conversations in which people wrote certain words, by the index that the log's own database keeps."""

import re
from typing import Any

from django.db import connections
from django.db.models.expressions import RawSQL

MOST_WORDS = 12
PARTS = re.compile(r'"([^"]+)"|(\S+)')
WORD = re.compile(r"\w+")
SQLITE = (
    "SELECT conversation_id FROM conversations_message WHERE id IN "
    "(SELECT rowid FROM conversations_words WHERE conversations_words MATCH %s)"
)
POSTGRESQL = (
    "SELECT conversation_id FROM conversations_message WHERE direction = 'in' "
    "AND to_tsvector('simple', text) @@ to_tsquery('simple', %s)"
)


def conversations_with(words: str) -> Any:
    """The numbers of conversations in which one message of the person holds all these words, as a subquery.

    Args:
        words: each may be the beginning of one ("hallucin"); "several in quotation marks" stand side by side, whole.

    Returns:
        For `id__in`; None where nothing of it is a word.
    """
    parts = [(WORD.findall(phrase), WORD.findall(word)) for phrase, word in PARTS.findall(words)][:MOST_WORDS]
    phrases = [(found[0] or found[1], bool(found[0])) for found in parts if any(found)]
    if not phrases:
        return None
    is_sqlite = connections["default"].vendor == "sqlite"
    said = (_in_sqlite if is_sqlite else _in_postgresql)(phrases)
    return RawSQL(SQLITE if is_sqlite else POSTGRESQL, [said])


def _in_sqlite(phrases: list[tuple[list[str], bool]]) -> str:
    return " AND ".join('"' + " ".join(words) + ('"' if is_whole else '"*') for words, is_whole in phrases)


def _in_postgresql(phrases: list[tuple[list[str], bool]]) -> str:
    return " & ".join("(" + " <-> ".join(words) + (")" if is_whole else ":*)") for words, is_whole in phrases)


def forget_deleted_words() -> None:
    """Drop from SQLite's index what was deleted from the log, in small steps; PostgreSQL does that by itself."""
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO conversations_words(conversations_words, rank) VALUES ('merge', -200)")
        is_left = True
        while is_left:  # as SQLite's manual says: a step that changes fewer than two rows was the last
            before = _changes(cursor)
            cursor.execute("INSERT INTO conversations_words(conversations_words, rank) VALUES ('merge', 200)")
            is_left = _changes(cursor) - before >= 2


def _changes(cursor: Any) -> int:
    cursor.execute("SELECT total_changes()")
    return int(cursor.fetchone()[0])

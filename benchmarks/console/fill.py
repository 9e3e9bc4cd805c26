"""Many rows into a log at once, by each database's own fast way, with its triggers and indexes in place."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import psycopg2
from django.db import models

from benchmarks.console.databases import Database
from benchmarks.console.made_up import Row, Talks
from service.conversations.models import Conversation, Message

ROWS_AT_ONCE = 20_000
NULL = r"\N"


def fill(database: Database, talks: Talks) -> None:
    """Put the talks into the empty tables, and have the database look at what it holds now."""
    one_by_one = _into_sqlite if database.kind == "SQLite" else _into_postgresql
    one_by_one(database, [(Conversation, talks.conversations()), (Message, talks.messages())])


def _into_sqlite(database: Database, tables: list[tuple[type[models.Model], Iterable[Row]]]) -> None:
    with closing(sqlite3.connect(database.address.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-500000")
        for model, rows in tables:
            names, whole = _columns(model)
            places = ", ".join(f":{name}" for name in names)
            statement = f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({places})"
            for some in _batches(rows):
                connection.executemany(statement, ({**whole, **row} for row in some))
                connection.commit()
        connection.execute("ANALYZE")
        connection.commit()


def _into_postgresql(database: Database, tables: list[tuple[type[models.Model], Iterable[Row]]]) -> None:
    with closing(psycopg2.connect(database.address)) as connection, connection.cursor() as cursor:
        for model, rows in tables:
            names, whole = _columns(model)
            copy = f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN WITH (FORMAT csv, NULL '{NULL}')"
            for some in _batches(rows):
                cursor.copy_expert(copy, _as_csv({**whole, **row}.values() for row in some))
            last = f"(SELECT max(id) FROM {model._meta.db_table})"
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), {last})")
            connection.commit()
        connection.autocommit = True
        cursor.execute("VACUUM ANALYZE")


def _columns(model: type[models.Model]) -> tuple[list[str], Row]:
    """The names of its columns, and what stands in them where nothing else is said."""
    fields = list(model._meta.concrete_fields)
    return [field.column for field in fields], {field.column: _default(field) for field in fields}


def _default(field: Any) -> Any:
    value = field.get_default()
    return (
        json.dumps(value) if isinstance(field, models.JSONField) else int(value) if isinstance(value, bool) else value
    )


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    ahead = iter(rows)
    while some := list(islice(ahead, ROWS_AT_ONCE)):
        yield some


def _as_csv(rows: Iterable[Iterable[Any]]) -> io.StringIO:
    text = io.StringIO()
    csv.writer(text).writerows([NULL if value is None else value for value in row] for row in rows)
    text.seek(0)
    return text

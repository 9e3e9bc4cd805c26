"""The index of what people wrote: in the log's own database, without a second copy of the words."""

from django.db import migrations

SQLITE = [
    # the words stay in conversations_message; this holds only which row has which word
    "CREATE VIRTUAL TABLE conversations_words USING fts5("
    "text, content='conversations_message', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "INSERT INTO conversations_words(rowid, text) SELECT id, text FROM conversations_message WHERE direction = 'in'",
    "CREATE TRIGGER conversations_words_insert AFTER INSERT ON conversations_message WHEN new.direction = 'in' BEGIN "
    "INSERT INTO conversations_words(rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER conversations_words_delete AFTER DELETE ON conversations_message WHEN old.direction = 'in' BEGIN "
    "INSERT INTO conversations_words(conversations_words, rowid, text) VALUES ('delete', old.id, old.text); END",
    "CREATE TRIGGER conversations_words_update AFTER UPDATE OF text ON conversations_message WHEN old.direction = 'in' "
    "BEGIN INSERT INTO conversations_words(conversations_words, rowid, text) VALUES ('delete', old.id, old.text); "
    "INSERT INTO conversations_words(rowid, text) VALUES (new.id, new.text); END",
]
POSTGRESQL = [
    "CREATE INDEX conversations_words ON conversations_message USING gin (to_tsvector('simple', text)) "
    "WHERE direction = 'in'",
]


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("conversations", "0005_review")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

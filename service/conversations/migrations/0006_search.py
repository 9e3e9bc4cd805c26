"""The index of what people wrote: in the log's own database, without a second copy of the words."""

from django.db import migrations

# Each message's row number is its conversation's with its own behind it: what a word is in comes conversation by
# conversation, and a word in every fifth message is found without reading the messages.
PLACE, OLD, NEW = "(({0}conversation_id << 32) | {0}id)", "old.", "new."
COLUMNS = "INSERT INTO conversations_words(rowid, text) "
FORGET = (
    "INSERT INTO conversations_words(conversations_words, rowid, text) "
    f"VALUES ('delete', {PLACE.format(OLD)}, old.text); "
)
LEARN = f"{COLUMNS} VALUES ({PLACE.format(NEW)}, new.text); "
SQLITE = [
    # the words stay in conversations_message; this holds only which row has which word
    "CREATE VIRTUAL TABLE conversations_words USING fts5("
    "text, content='', tokenize='unicode61 remove_diacritics 2', prefix='3')",
    f"{COLUMNS} SELECT {PLACE.format('')} AS place, text FROM conversations_message WHERE direction = 'in' ORDER BY place",
    "CREATE TRIGGER conversations_words_insert AFTER INSERT ON conversations_message WHEN new.direction = 'in' "
    f"BEGIN {LEARN} END",
    "CREATE TRIGGER conversations_words_delete AFTER DELETE ON conversations_message WHEN old.direction = 'in' "
    f"BEGIN {FORGET} END",
    "CREATE TRIGGER conversations_words_update AFTER UPDATE OF text ON conversations_message WHEN old.direction = 'in' "
    f"BEGIN {FORGET}{LEARN} END",
]
# As in SQLite, signs part words (by itself the parser keeps "pump/oral" and "out.help" whole) and accents of Latin letters do not count.
# Only a database in UTF-8 knows what an accent is.
SIGNS = (
    r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u2000-\u206f]+"
)
FUNCTION = "CREATE FUNCTION conversations_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ {} $$"
UTF_8 = (
    rf"SELECT to_tsvector('simple', regexp_replace(normalize(regexp_replace(normalize(said, NFD), "
    rf"'([A-Za-z])[\u0300-\u036f]+', '\1', 'g'), NFC), '{SIGNS}', ' ', 'g'))"
)
NOT_UTF_8 = r"SELECT to_tsvector('simple', regexp_replace(said, '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g'))"
# The words as they are looked for stand in the message's own row, so that a search need not make them out of its text again.
POSTGRESQL = [
    "ALTER TABLE conversations_message ADD COLUMN words tsvector "
    "GENERATED ALWAYS AS (CASE WHEN direction = 'in' THEN conversations_words(text) END) STORED",
    "CREATE INDEX conversations_words ON conversations_message USING gin (words) WHERE direction = 'in'",
]


def statements(connection):
    if connection.vendor == "sqlite":
        return SQLITE
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        (encoding,) = cursor.fetchone()
    return [FUNCTION.format(UTF_8 if encoding == "UTF8" else NOT_UTF_8), *POSTGRESQL]


def make(apps, schema_editor):
    for statement in statements(schema_editor.connection):
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [("conversations", "0005_review")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

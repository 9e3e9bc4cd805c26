"""On SQLite a REPLACE deletes past the trigger that refuses deletions: an entry that is there is not inserted again."""

from django.db import migrations

TRIGGER = "console_auditentry_no_REPLACE"
MAKE = (
    f"CREATE TRIGGER {TRIGGER} BEFORE INSERT ON console_auditentry "
    "WHEN EXISTS (SELECT 1 FROM console_auditentry WHERE id = NEW.id OR number = NEW.number) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
)


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(MAKE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER {TRIGGER}")


class Migration(migrations.Migration):
    dependencies = [("console", "0003_signed_out_at_and_audit_by_time")]

    operations = [migrations.RunPython(make, drop)]

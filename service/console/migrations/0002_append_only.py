"""The database itself refuses to change or delete an entry of the audit log."""

from django.db import migrations

SQLITE = [
    f"CREATE TRIGGER console_auditentry_no_{what} BEFORE {what} ON console_auditentry BEGIN "
    "SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for what in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    "CREATE FUNCTION console_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END'",
    "CREATE TRIGGER console_auditentry_append_only BEFORE UPDATE OR DELETE ON console_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION console_audit_append_only()",
    "CREATE TRIGGER console_auditentry_no_truncate BEFORE TRUNCATE ON console_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION console_audit_append_only()",
]


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("console", "0001_initial")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

import django.utils.timezone
from django.db import migrations, models


def keep_pumps(apps, schema_editor):
    """A conversation that spoke of a pump keeps that."""
    apps.get_model("conversations", "Conversation").objects.filter(has_pump=True).update(route="pump")


class Migration(migrations.Migration):

    dependencies = [
        ('conversations', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='conversation',
            name='advisory_sessions',
            field=models.JSONField(default=list, help_text="when the day's sessions with an advisory began, ISO 8601"),
        ),
        migrations.AddField(
            model_name='conversation',
            name='after_crisis',
            field=models.BooleanField(default=False, help_text='self-harm was spoken of since the talk began'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='is_asked',
            field=models.BooleanField(default=False, help_text='the bot asked whether it is happening now'),
        ),
        migrations.AddField(
            model_name='conversation',
            name='route',
            field=models.CharField(default='unknown', help_text='how the person gets baclofen: pump or oral', max_length=8),
        ),
        migrations.AddField(
            model_name='conversation',
            name='session_began_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.RunPython(keep_pumps, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='conversation',
            name='has_pump',
        ),
    ]

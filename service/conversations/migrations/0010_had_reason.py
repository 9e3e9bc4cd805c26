"""Conversations that began before there was an inbox: what is recent of them waits in it; none could be drawn."""

from datetime import timedelta

from django.db import migrations, models
from django.utils import timezone

LEVELS = ("information", "advisory", "emergency")
RECENT = {"emergency": timedelta(days=7), "advisory": timedelta(days=2)}
RISK = {"advisory": 2, "emergency": 4, "self_harm": 5}


def fill(apps, schema_editor):
    alias = schema_editor.connection.alias
    conversations = apps.get_model("conversations", "Conversation").objects.using(alias)
    messages = apps.get_model("conversations", "Message").objects.using(alias)
    before = conversations.filter(level="none", risk=0, is_drawn=False)
    before.update(is_drawn=None)
    before = conversations.filter(is_drawn=None)
    for said in ("helpful", "not_answered", "not_helpful"):
        before.filter(pk__in=messages.filter(feedback=said).values("conversation")).update(feedback=said)
    for level in LEVELS:
        before.filter(pk__in=messages.filter(direction="in", level=level).values("conversation")).update(level=level)
    for level, days in RECENT.items():
        recent = before.filter(level=level, last_at__gte=timezone.now() - days)
        for pk, symptoms, last_at in recent.values_list("pk", "open_symptoms", "last_at"):
            reason = "self_harm" if level == "emergency" and "self_harm" in symptoms else level
            waiting = {"risk": RISK[reason], "reasons": [reason], "due_at": last_at, "had_reason": True}
            conversations.filter(pk=pk).update(**waiting)


class Migration(migrations.Migration):

    dependencies = [("conversations", "0009_who_got_an_answer")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="had_reason",
            field=models.BooleanField(default=False, help_text="was in the inbox for a reason of its own, ever"),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="is_drawn",
            field=models.BooleanField(
                default=False, help_text="by chance in the inbox; null: never could be", null=True
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]

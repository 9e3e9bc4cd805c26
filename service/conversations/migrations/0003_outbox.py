from django.db import migrations, models
import django.utils.timezone


def number_replies_and_turns(apps, schema_editor):
    """What was logged before gets its place among the replies, and its conversation the count of its messages."""
    conversations = apps.get_model("conversations", "Conversation")
    messages = apps.get_model("conversations", "Message")
    for conversation in conversations.objects.iterator():
        conversation.turns = messages.objects.filter(conversation=conversation, direction="in").count()
        conversation.save()
    answered, position = None, 0
    for reply in messages.objects.filter(direction="out").order_by("in_reply_to_id", "id").iterator():
        position = position + 1 if reply.in_reply_to_id == answered else 0
        answered = reply.in_reply_to_id
        messages.objects.filter(pk=reply.pk).update(position=position)


class Migration(migrations.Migration):

    dependencies = [
        ("conversations", "0002_conversation_state"),
    ]

    operations = [
        migrations.RenameField("message", "created_at", "said_at"),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=20)),
                ('conversation', models.CharField(max_length=128)),
                ('message_id', models.CharField(max_length=128)),
                ('received_at', models.DateTimeField()),
                ('inbound', models.JSONField(help_text='text (redacted), level, findings, triage_version')),
                ('told', models.JSONField(help_text="what the conversation's next messages need of it")),
                ('replies', models.JSONField(help_text='[{text, level, answer_id, ...}] as sent; null: not answered', null=True)),
                ('model_version', models.CharField(blank=True, max_length=64)),
                ('answered_at', models.DateTimeField(null=True)),
                ('moved_at', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(help_text='the log would not have it: somebody must look', null=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('receipt', models.CharField(db_index=True, max_length=16)),
                ('conversation_hash', models.CharField(help_text='SHA-256 of receipt, channel and key', max_length=64)),
                ('erased_at', models.DateTimeField(db_index=True)),
                ('messages', models.PositiveIntegerField(help_text='how many messages the log held')),
            ],
        ),
        migrations.AlterModelOptions(
            name='message',
            options={'ordering': ['said_at', 'id']},
        ),
        migrations.AddField(
            model_name='conversation',
            name='turns',
            field=models.PositiveIntegerField(default=0, help_text='messages of the person so far'),
        ),
        migrations.AddField(
            model_name='message',
            name='model_version',
            field=models.CharField(blank=True, help_text="Rasa's model, where it had a say", max_length=64),
        ),
        migrations.AddField(
            model_name='message',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, help_text='outbound: its place among the replies'),
        ),
        migrations.AddField(
            model_name='message',
            name='triage_version',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='last_at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='session_began_at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='started_at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='message',
            name='findings',
            field=models.JSONField(default=list, help_text='inbound: [{symptom, status, level, phrase, start, end}]'),
        ),
        migrations.AlterField(
            model_name='message',
            name='said_at',
            field=models.DateTimeField(help_text='when the gateway got it or had it ready'),
        ),
        migrations.AddIndex(
            model_name='conversation',
            index=models.Index(fields=['last_at'], name='conversatio_last_at_276540_idx'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['conversation', 'said_at'], name='conversatio_convers_ceb0d8_idx'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['said_at'], name='conversatio_said_at_6c1625_idx'),
        ),
        migrations.RunPython(number_replies_and_turns, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('in_reply_to', 'position'), name='reply_once'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['moved_at', 'id'], name='conversatio_moved_a_abd335_idx'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['channel', 'conversation', 'id'], name='conversatio_channel_a32841_idx'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('channel', 'conversation', 'message_id'), name='entry_once'),
        ),
    ]

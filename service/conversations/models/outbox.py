"""Entry: the local outbox. The router keeps it apart from the log."""

from typing import Any

from django.db import models

from service.conversations.models.parcel import Parcel


class Entry(models.Model):
    """One turn in the outbox, on its way to the log: what came in and, once it is known, what was said.

    It stays for a day after it was moved, so that a repeated message_id is known even when the log is not reached.
    """

    channel = models.CharField(max_length=20)
    conversation = models.CharField(max_length=128)
    message_id = models.CharField(max_length=128)
    received_at = models.DateTimeField()
    inbound: Any = models.JSONField(help_text="text (redacted), level, findings, triage_version")
    told: Any = models.JSONField(help_text="what the conversation's next messages need of it")
    replies: Any = models.JSONField(null=True, help_text="[{text, level, answer_id, ...}] as sent; null: not answered")
    feedback: Any = models.JSONField(null=True, help_text="what is said of an earlier answer: {answer_id, said}")
    measured: Any = models.JSONField(
        null=True, help_text="intent, confidence, latency_ms, stages: as a Message has them"
    )
    model_version = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    moved_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True, help_text="the log would not have it: somebody must look")

    class Meta:
        """A message_id once a conversation; looked up by conversation and by what is due."""

        ordering = ["id"]
        indexes = [
            models.Index(fields=["moved_at", "id"]),
            models.Index(fields=["channel", "conversation", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "conversation", "message_id"], name="entry_once"),
        ]

    def __str__(self) -> str:
        """Its number; never the words."""
        return f"entry {self.pk}"


class OutboxRouter:
    """Entries and parcels live in the local outbox, everything else in the log."""

    def db_for_read(self, model: type[models.Model], **hints: object) -> str:
        """Which database."""
        return "outbox" if model in (Entry, Parcel) else "default"

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: object) -> bool:
        """The outbox holds entries and parcels only, the log all but them; Rasa makes its own tables."""
        return db != "rasa" and (model_name in ("entry", "parcel")) == (db == "outbox")

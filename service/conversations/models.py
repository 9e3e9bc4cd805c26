"""Conversation and Message: the log of record."""

from django.db import models
from django.utils import timezone


class Conversation(models.Model):
    """One person's talk in one channel; `key` is the channel's own id for it."""

    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=128)
    started_at = models.DateTimeField(auto_now_add=True)
    last_at = models.DateTimeField(auto_now=True)
    open_level = models.CharField(max_length=12, default="none", help_text="advisory or emergency while it is open")
    open_symptoms = models.JSONField(default=list, help_text="the symptoms that opened it")
    route = models.CharField(max_length=8, default="unknown", help_text="how the person gets baclofen: pump or oral")
    is_asked = models.BooleanField(default=False, help_text="the bot asked whether it is happening now")
    after_crisis = models.BooleanField(default=False, help_text="self-harm was spoken of in this session")
    session_began_at = models.DateTimeField(default=timezone.now)
    advisory_sessions = models.JSONField(
        default=list, help_text="when the day's sessions with an advisory began, ISO 8601"
    )

    class Meta:
        """One row a conversation."""

        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="one_conversation_a_key")]

    def __str__(self) -> str:
        """As `transcript` names it."""
        return f"{self.channel}:{self.key}"


class Message(models.Model):
    """One message, redacted of identifiers. A reply points at the message that it answers."""

    class Direction(models.TextChoices):
        """Who speaks."""

        IN = "in"
        OUT = "out"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    message_id = models.CharField(max_length=128, null=True, help_text="the channel's id of an inbound message")
    in_reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies")
    text = models.TextField()
    level = models.CharField(max_length=12)
    findings = models.JSONField(default=list, help_text="inbound: [{symptom, status}]")
    answer_id = models.CharField(max_length=64, blank=True)
    answer_version = models.CharField(max_length=12, blank=True)
    buttons = models.JSONField(default=list, help_text="outbound: [{title, payload}]")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order in which they were recorded; an inbound id once a conversation."""

        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["conversation", "message_id"], name="message_id_once")]

    def __str__(self) -> str:
        """Id and level; never the words."""
        return f"{self.direction} {self.pk} ({self.level})"

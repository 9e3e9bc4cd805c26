"""Conversation and Message: the log of record. Erasure: what may not come back."""

from datetime import datetime, timedelta

from django.db import models

from baclofen_faq.triage import Context, Level, Route, Told, after
from service.conversations.models.review import Reviewed

OPEN_FOR = timedelta(hours=12)
NEW_SESSION_AFTER = timedelta(minutes=30)
SESSIONS_COUNT_FOR = timedelta(hours=24)


class Conversation(Reviewed):
    """One person's talk in one channel; `key` is the channel's own id for it.

    It holds what its next message needs, what staff look for, and how far they are with it.
    """

    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=128)
    started_at = models.DateTimeField()
    last_at = models.DateTimeField()
    turns = models.PositiveIntegerField(default=0, help_text="messages of the person so far")
    open_level = models.CharField(max_length=12, default="none", help_text="advisory or emergency while it is open")
    open_symptoms = models.JSONField(default=list, help_text="the symptoms that opened it")
    route = models.CharField(max_length=8, default="unknown", help_text="how the person gets baclofen: pump or oral")
    is_asked = models.BooleanField(default=False, help_text="the bot asked whether it is happening now")
    after_crisis = models.BooleanField(default=False, help_text="self-harm was spoken of since the talk began")
    session_began_at = models.DateTimeField()
    advisory_sessions = models.JSONField(
        default=list, help_text="when the day's sessions with an advisory began, ISO 8601"
    )

    class Meta:
        """One row a conversation."""

        constraints = [models.UniqueConstraint(fields=["channel", "key"], name="one_conversation_a_key")]
        indexes = [models.Index(fields=["last_at"]), *Reviewed.INDEXES]

    def __str__(self) -> str:
        """As `transcript` names it."""
        return f"{self.channel}:{self.key}"

    @classmethod
    def begun(cls, channel: str, key: str, at: datetime) -> "Conversation":
        """A conversation that nothing was said in yet; not saved."""
        return cls(channel=channel, key=key, started_at=at, last_at=at, session_began_at=at)

    def context(self, at: datetime) -> Context:
        """What was said before, for a message of that time; an open level ends after 12 hours of silence."""
        began, is_new = self._session(at)
        is_recent = at - self.last_at <= OPEN_FOR
        return Context(
            open_level=Level(self.open_level) if is_recent else Level.NONE,
            symptoms=tuple(self.open_symptoms) if is_recent else (),
            route=Route(self.route),
            is_asked=self.is_asked and not is_new,
            after_crisis=self.after_crisis and not is_new,
            earlier_advisories=len([one for one in self._advisories(at) if one != began]),
        )

    def hear(self, told: Told, at: datetime) -> None:
        """Take in what a message told; not saved."""
        known = after(told, self.context(at))
        self.session_began_at, _ = self._session(at)
        advisories = set(self._advisories(at))
        if told.level is Level.ADVISORY and told.is_of_words:
            advisories.add(self.session_began_at)
        self.advisory_sessions = [one.isoformat() for one in sorted(advisories)]
        self.open_level, self.open_symptoms = known.open_level.value, list(known.symptoms)
        self.route, self.is_asked, self.after_crisis = known.route.value, known.is_asked, known.after_crisis
        self.last_at, self.turns = max(at, self.last_at), self.turns + 1

    def _session(self, at: datetime) -> tuple[datetime, bool]:
        """When the session that a message of that time belongs to began, and whether this message begins it."""
        is_new = at - self.last_at >= NEW_SESSION_AFTER
        return (at, True) if is_new else (self.session_began_at, False)

    def _advisories(self, at: datetime) -> list[datetime]:
        """When the sessions with an advisory of the last 24 hours began."""
        begun = map(datetime.fromisoformat, self.advisory_sessions)
        return [one for one in begun if at - one <= SESSIONS_COUNT_FOR]


class Message(models.Model):
    """One message, redacted of identifiers. A reply points at the message that it answers."""

    class Direction(models.TextChoices):
        """Who speaks."""

        IN = "in"
        OUT = "out"

    class Delivery(models.TextChoices):
        """How far a reply is; one that is tried for long is undelivered until its platform takes it."""

        ON_ITS_WAY = "on_its_way", "on its way"
        SENT = "sent", "sent"
        UNDELIVERED = "undelivered", "not delivered"

    # Indexes below begin with `conversation` and with `in_reply_to`: one more of each would only cost.
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    message_id = models.CharField(max_length=128, null=True, help_text="the channel's id of an inbound message")
    in_reply_to = models.ForeignKey("self", on_delete=models.CASCADE, null=True, related_name="replies", db_index=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="outbound: its place among the replies")
    said_at = models.DateTimeField(help_text="when the gateway got it or had it ready")
    text = models.TextField()
    level = models.CharField(max_length=12)
    intent = models.CharField(max_length=64, blank=True, help_text="inbound: what Rasa understood, where it was asked")
    confidence = models.FloatField(null=True, help_text="inbound: of the intent, 0 to 1")
    latency_ms = models.PositiveIntegerField(null=True, help_text="inbound: from its arrival to its replies")
    stages = models.JSONField(default=dict, help_text="inbound: milliseconds of each stage: rules, sound, recall, rasa")
    delivery = models.CharField(
        max_length=12,
        choices=Delivery.choices,
        default=Delivery.SENT,
        help_text="outbound: sent, once its channel has it",
    )
    findings = models.JSONField(default=list, help_text="inbound: [{symptom, status, level, phrase, start, end}]")
    answer_id = models.CharField(max_length=64, blank=True)
    answer_version = models.CharField(max_length=12, blank=True)
    buttons = models.JSONField(default=list, help_text="outbound: [{title, payload}]")
    triage_version = models.CharField(max_length=12, blank=True)
    model_version = models.CharField(max_length=64, blank=True, help_text="Rasa's model, where it had a say")
    feedback = models.CharField(
        max_length=12, blank=True, help_text="outbound: what the person said of it: helpful, not_helpful, not_answered"
    )

    class Meta:
        """In the order in which they were said; an inbound id once a conversation, a reply once a message."""

        ordering = ["said_at", "id"]
        indexes = [
            models.Index(fields=["conversation", "said_at"]),
            models.Index(fields=["said_at"]),
            models.Index(fields=["answer_id", "answer_version", "conversation"], name="who_got_which_answer"),
            models.Index(
                fields=["answer_id", "conversation"], condition=~models.Q(answer_id=""), name="who_got_an_answer"
            ),
            models.Index(fields=["intent", "conversation"], name="who_asked_what"),
            models.Index(
                fields=["conversation", "delivery"], condition=~models.Q(delivery="sent"), name="replies_not_sent"
            ),
            models.Index(
                fields=["answer_id", "answer_version", "feedback", "conversation"],
                condition=~models.Q(feedback=""),
                name="what_was_said_of_answers",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "message_id"], name="message_id_once"),
            models.UniqueConstraint(fields=["in_reply_to", "position"], name="reply_once"),
        ]

    def __str__(self) -> str:
        """Id and level; never the words."""
        return f"{self.direction} {self.pk} ({self.level})"


class Erasure(models.Model):
    """A conversation that was erased. What was said in it before is never written to the log again."""

    receipt = models.CharField(max_length=16, db_index=True)
    conversation_hash = models.CharField(max_length=64, help_text="SHA-256 of receipt, channel and key")
    erased_at = models.DateTimeField(db_index=True)
    messages = models.PositiveIntegerField(help_text="how many messages the log held")

"""What staff see and say of a conversation: why it waits for them, how far they are, notes, verdicts, alerts."""

from django.db import models
from django.utils import timezone


class Risk(models.IntegerChoices):
    """Where a conversation stands in the inbox; 0: nowhere."""

    NONE = 0, "nothing to look at"
    TO_CHECK = 1, "to check"
    ADVISORY = 2, "call today"
    REPEATED = 3, "wrote again"
    EMERGENCY = 4, "emergency"
    SELF_HARM = 5, "self-harm"
    UNDELIVERED_EMERGENCY = 6, "emergency not delivered"


class Reason(models.TextChoices):
    """Why a turn needs the eyes of staff."""

    UNDELIVERED_EMERGENCY = "undelivered_emergency", "emergency not delivered"
    SELF_HARM = "self_harm", "self-harm"
    EMERGENCY = "emergency", "emergency"
    REPEATED = "repeated", "wrote again"
    ADVISORY = "advisory", "needs the prescriber today"
    NOT_HELPFUL = "not_helpful", "not helpful"
    UNANSWERED = "unanswered", "not answered"
    UNDELIVERED = "undelivered", "not delivered"
    LOW_CONFIDENCE = "low_confidence", "low confidence"

    @property
    def risk(self) -> Risk:
        """The section of the inbox that it belongs to."""
        return Risk.__members__.get(self.name, Risk.TO_CHECK)


class State(models.TextChoices):
    """How far staff are with a conversation."""

    NEW = "new", "new"
    IN_REVIEW = "in_review", "in review"
    FOLLOW_UP = "follow_up", "follow up"
    DONE = "done", "done"


class Reviewed(models.Model):
    """The columns of a conversation that staff look for and work in. `attention` keeps those down to `due_at`."""

    is_demo = models.BooleanField(default=False, help_text="synthetic; in no live figure")
    level = models.CharField(max_length=12, default="none", help_text="the highest of its messages")
    least_confidence = models.FloatField(null=True, help_text="the lowest of its messages")
    feedback = models.CharField(
        max_length=12, blank=True, help_text="the last said: helpful, not_helpful, not_answered"
    )
    risk = models.PositiveSmallIntegerField(choices=Risk.choices, default=Risk.NONE)
    reasons = models.JSONField(default=list, help_text="why it is in the inbox: values of Reason")
    is_drawn = models.BooleanField(null=True, default=False, help_text="by chance in the inbox; null: never could be")
    had_reason = models.BooleanField(default=False, help_text="was in the inbox for a reason of its own, ever")
    due_at = models.DateTimeField(null=True, help_text="since when it waits for staff")
    first_review_at = models.DateTimeField(null=True, help_text="when staff opened it first after it became due")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    is_flagged = models.BooleanField(default=False)
    assignee = models.CharField(max_length=150, blank=True, help_text="user name")
    reviewer = models.CharField(max_length=150, blank=True, help_text="who said last that it is done: user name")
    reviewed_at = models.DateTimeField(null=True)
    second_look_by = models.CharField(max_length=12, blank=True, help_text="triage version that judged it again last")

    INDEXES = [
        models.Index(
            fields=["-risk", "due_at"], condition=models.Q(risk__gt=0) & ~models.Q(state=State.DONE), name="inbox"
        ),
        models.Index(fields=["state", "id"], name="conversations_of_a_state"),
        models.Index(fields=["level", "id"], name="conversations_of_a_level"),
        models.Index(fields=["feedback", "id"], name="conversations_by_feedback"),
        models.Index(fields=["channel", "id"], name="conversations_of_a_channel"),
        models.Index(fields=["started_at", "id"], name="conversations_by_start"),
        models.Index(fields=["id"], condition=models.Q(is_flagged=True), name="flagged_conversations"),
        models.Index(fields=["assignee", "id"], condition=~models.Q(assignee=""), name="conversations_assigned"),
        models.Index(fields=["reviewer", "id"], condition=~models.Q(reviewer=""), name="conversations_reviewed_by"),
        models.Index(
            fields=["second_look_by", "-id"], condition=models.Q(is_demo=False), name="conversations_to_look_at"
        ),
        models.Index(fields=["id"], condition=models.Q(is_demo=True), name="demo_conversations"),
    ]

    class Meta:
        """Columns of Conversation, no table of its own."""

        abstract = True


class Note(models.Model):
    """What a member of staff wrote about a conversation; it goes when the conversation goes."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="notes")
    author = models.CharField(max_length=150, help_text="user name")
    written_at = models.DateTimeField(auto_now_add=True)
    text = models.TextField()

    class Meta:
        """One thread, oldest first."""

        ordering = ["written_at", "id"]

    def __str__(self) -> str:
        """Its number; never the words."""
        return f"note {self.pk}"


class Verdict(models.Model):
    """What a reviewer says of one message of a person and of what it was answered; the last one counts.

    `right_topic` and `right_level` are what it should have been, where that is said: a change to propose.
    """

    class Code(models.TextChoices):
        """In a clinician's words."""

        RIGHT_ANSWER = "right_answer", "right answer"
        WRONG_ANSWER = "wrong_answer", "wrong answer"
        SHOULD_HAVE_ESCALATED = "should_have_escalated", "should have escalated"
        ESCALATED_FOR_NOTHING = "escalated_for_nothing", "escalated for nothing"
        NOT_ANSWERED = "not_answered", "not answered"
        OUT_OF_SCOPE = "out_of_scope", "out of scope"

    message = models.OneToOneField("conversations.Message", on_delete=models.CASCADE, related_name="verdict")
    code = models.CharField(max_length=24, choices=Code.choices)
    right_topic = models.CharField(max_length=64, blank=True, help_text="an intent of data/nlu.yml")
    right_level = models.CharField(max_length=12, blank=True)
    by = models.CharField(max_length=150, help_text="user name")
    said_at = models.DateTimeField(auto_now=True)
    exported_at = models.DateTimeField(null=True, help_text="when export_training wrote it into a patch")
    checked_at = models.DateTimeField(null=True, help_text="when the bot was asked last what it makes of it")
    level_now = models.CharField(max_length=12, blank=True, help_text="of triage then")
    intent_now = models.CharField(max_length=64, blank=True, help_text="Rasa's then; empty where it was not running")
    triage_now = models.CharField(max_length=12, blank=True, help_text="the version of triage that was asked")
    model_now = models.CharField(max_length=64, blank=True, help_text="the model of Rasa that was asked")

    class Meta:
        """Looked up by what is to be proposed."""

        indexes = [
            models.Index(
                fields=["said_at"], condition=~models.Q(right_topic="", right_level=""), name="changes_to_propose"
            )
        ]

    def __str__(self) -> str:
        """Code and number of the message."""
        return f"{self.code} of message {self.message_id}"


class Change(models.IntegerChoices):
    """What a second look at a message found, the gravest first."""

    EMERGENCY = 1, "an emergency today"
    ADVISORY = 2, "advisory today"
    LOWER = 3, "lower today"
    CALM = 4, "calm then and now"


class SecondLook(models.Model):
    """What today's triage makes of a stored message, where that differs from what was made of it then."""

    message = models.OneToOneField("conversations.Message", on_delete=models.CASCADE, related_name="second_look")
    level = models.CharField(max_length=12)
    change = models.PositiveSmallIntegerField(choices=Change.choices)
    triage_version = models.CharField(max_length=12)
    looked_at = models.DateTimeField(auto_now=True)

    class Meta:
        """The gravest first, of these the newest."""

        indexes = [models.Index(fields=["change", "-message"], name="second_looks_by_change")]

    def __str__(self) -> str:
        """Level and number of the message."""
        return f"{self.level} of message {self.message_id}"


class Alert(models.Model):
    """That an emergency came in, or its guidance did not arrive; by e-mail and webhook to the staff. No words."""

    conversation = models.ForeignKey("conversations.Conversation", on_delete=models.CASCADE, related_name="alerts")
    risk = models.PositiveSmallIntegerField(choices=Risk.choices)
    raised_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    sent_by = models.JSONField(default=list, help_text="the ways by which it was sent: email, webhook")
    ended_at = models.DateTimeField(null=True, help_text="sent by every way, or given up")

    class Meta:
        """Looked up by what is due."""

        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(ended_at=None), name="alerts_due")]

    @classmethod
    def of(cls, conversation: models.Model, risk: Risk) -> "Alert":
        """One that is due at once; not saved."""
        now = timezone.now()
        return cls(conversation=conversation, risk=risk, raised_at=now, next_try_at=now)

    def __str__(self) -> str:
        """Its number and the conversation's."""
        return f"alert {self.pk} of conversation {self.conversation_id}"


class Control(models.Model):
    """What staff switched: the mode, or an answer that is not to be sent. The gateway reads it every two seconds."""

    name = models.CharField(max_length=80, unique=True, help_text="mode, or withdrawn:<answer id>")
    value = models.CharField(max_length=20, help_text="a mode; for an answer: withdrawn")
    reason = models.TextField()
    by = models.CharField(max_length=150, help_text="user name")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """What is switched to what."""
        return f"{self.name}={self.value}"

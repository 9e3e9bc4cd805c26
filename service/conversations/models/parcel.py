"""Parcel: what a messaging app brought, and the reply on its way back. OptOut: who wants no more messages."""

from django.db import models


class Parcel(models.Model):
    """One update of a messaging app from its webhook until its reply is delivered; kept in the local outbox's database.

    `sealed` holds, encrypted, what nothing else may: the address, and the words until they are answered, from then on
    the rendered parts. It is emptied when the parcel ends; the row stays for some days, so that a retry is known.
    """

    class Status(models.TextChoices):
        """How far it is; `late` is still tried, and shown to staff as undelivered."""

        ON_ITS_WAY = "on_its_way"
        LATE = "late"
        DELIVERED = "delivered"
        UNDELIVERED = "undelivered"
        NOTHING_TO_SEND = "nothing"

    platform = models.CharField(max_length=20, help_text="the folder of service/gateway/channels that sends it")
    channel = models.CharField(max_length=20, help_text="as the log names it")
    conversation = models.CharField(max_length=128, help_text="the keyed hash of the person")
    message_id = models.CharField(max_length=128, help_text="the platform's id of the update")
    received_at = models.DateTimeField()
    sealed = models.BinaryField(default=b"")
    is_answered = models.BooleanField(default=False, help_text="sealed holds parts, no words")
    is_urgent = models.BooleanField(default=False, help_text="an emergency: is sent before all else")
    sent_parts = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.ON_ITS_WAY)
    why = models.CharField(max_length=64, blank=True, help_text="the cause of the last failure, no words")
    logged_status = models.CharField(max_length=12, blank=True, help_text="the status that the log has")
    ended_at = models.DateTimeField(null=True)
    held_by = models.CharField(max_length=32, help_text="the process that carries it: the name of its lock file")

    class Meta:
        """An update once; looked up by what is due and by what the log does not have yet."""

        ordering = ["id"]
        indexes = [
            models.Index(fields=["held_by"], condition=models.Q(ended_at=None), name="parcels_in_work"),
            models.Index(fields=["channel", "conversation"], name="parcels_of_a_conversation"),
            models.Index(fields=["id"], condition=~models.Q(status=models.F("logged_status")), name="parcels_to_log"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "conversation", "message_id"], name="parcel_once"),
        ]

    def __str__(self) -> str:
        """Its number; never the words."""
        return f"parcel {self.pk}"

    @property
    def name(self) -> tuple[str, str, str]:
        """Which update it is: channel, conversation, id."""
        return self.channel, self.conversation, self.message_id


class OptOut(models.Model):
    """Somebody who wrote STOP: nothing is sent until START, but for emergency guidance."""

    channel = models.CharField(max_length=20)
    conversation = models.CharField(max_length=128)
    since = models.DateTimeField()

    class Meta:
        """One a conversation."""

        constraints = [models.UniqueConstraint(fields=["channel", "conversation"], name="opt_out_once")]

    def __str__(self) -> str:
        """Its number."""
        return f"opt-out {self.pk}"

"""HandOff: a conversation that the clinic's staff read at their desk, and may answer in."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

CLOSES_AFTER = timedelta(hours=24)  # without a message of either side


class HandOff(models.Model):
    """A conversation at the desk; one row for each, which a later hand-off opens again. No words but sealed ones.

    `sealed` holds, encrypted, where replies go and, for the chat box, what staff wrote as they wrote it; it is emptied
    when the hand-off closes. Of an erased conversation the number stays until the desk was told.
    """

    channel = models.CharField(max_length=20, help_text="as the log names it")
    conversation = models.CharField(max_length=128, blank=True, help_text="its key in the log; empty once erased")
    number = models.BigIntegerField(null=True, help_text="the log's number of it, once the desk was told")
    sealed = models.BinaryField(default=b"")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField(help_text="the last message of either side")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True, help_text="the id of the desk's request that closed it")
    erased_at = models.DateTimeField(null=True, help_text="the desk is still to be told")
    is_announced = models.BooleanField(default=False, help_text="the desk knows that it was opened")
    posted_up_to = models.BigIntegerField(default=0, help_text="the number of the last message that the desk has")
    posting_up_to = models.BigIntegerField(default=0, help_text="of the last of those that it is being sent")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()

    class Meta:
        """One a conversation; looked up by what is due."""

        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(closed_at=None) | ~Q(erased_at=None), name="hand_offs_due"
            ),
            models.Index(fields=["number"], name="hand_offs_by_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "conversation"], condition=~Q(conversation=""), name="hand_off_once"
            ),
        ]

    def is_open(self, at: datetime) -> bool:
        """Whether staff may answer at that time."""
        return self.closed_at is None and at - self.last_at < CLOSES_AFTER

    def close(self, at: datetime) -> None:
        """End it; not saved."""
        self.closed_at, self.sealed = at, b""

    def __str__(self) -> str:
        """Its number."""
        return f"hand-off {self.pk}"

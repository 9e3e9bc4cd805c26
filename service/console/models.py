"""Staff, and the log of what they did."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_otp import user_has_device

from service.console.roles import ALLOWED, May, Role, needs_second_factor


class Staff(AbstractUser):
    """A member of the clinic's staff, who signs in with user name, password and, where the role needs it, a code."""

    role = models.CharField(max_length=12, choices=Role.choices, default=Role.VIEWER)
    signed_out_at = models.DateTimeField(null=True, help_text="what was signed in before is over: an admin ended it")

    class Meta:
        """By user name."""

        ordering = ["username"]
        verbose_name_plural = "staff"

    def may(self, what: May) -> bool:
        """Whether their role allows it.

        >>> Staff(role=Role.VIEWER).may(May.EXPORT), Staff(role=Role.REVIEWER).may(May.EXPORT)
        (False, True)
        """
        return self.is_active and what in ALLOWED[self.role]

    @property
    def must_have_second_factor(self) -> bool:
        """Whether their role lets them in with a code only."""
        return needs_second_factor(self.role)

    @property
    def needs_code(self) -> bool:
        """Whether a password alone does not let them in: by their role, or because they set up an app."""
        return self.must_have_second_factor or user_has_device(self)


class AuditError(RuntimeError):
    """Somebody tried to change or delete an entry of the audit log."""


class AuditEntry(models.Model):
    """One thing that somebody did: append-only, and chained by its hash to the one before. No words of patients.

    The database refuses changes and deletions by a trigger, too.
    """

    number = models.PositiveBigIntegerField(unique=True, help_text="1, 2, 3 ... without a gap")
    at = models.DateTimeField()
    who = models.CharField(max_length=150, help_text="user name; empty for what the service did by itself")
    action = models.CharField(max_length=40)
    conversation = models.BigIntegerField(null=True, db_index=True, help_text="its number; it may be gone")
    detail: Any = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        """Oldest first; looked up by time, person and what was done."""

        ordering = ["number"]
        indexes = [
            models.Index(fields=["at", "number"]),
            models.Index(fields=["who", "at"]),
            models.Index(fields=["action", "at"]),
        ]

    def __str__(self) -> str:
        """Number and action."""
        return f"{self.number} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once."""
        if self.pk:
            raise AuditError("An entry of the audit log is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Never."""
        raise AuditError("An entry of the audit log is never deleted.")


class AuditHead(models.Model):
    """The last entry of the chain: one row, locked by who appends."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

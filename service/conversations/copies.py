"""What is said of the copies in backups, wherever something is deleted."""

from django.conf import settings


def in_backups() -> str:
    """One sentence for staff."""
    days = settings.BACKUP_KEEP_DAYS
    return f"Backups made before still hold it: each is deleted when it is {days} days old (BACKUP_KEEP_DAYS)."

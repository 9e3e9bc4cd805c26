"""How long backups are kept."""

from django.core.exceptions import ImproperlyConfigured

MOST_DAYS = 365


def backup_days(value: str) -> int:
    """The days of BACKUP_KEEP_DAYS.

    Raises:
        ImproperlyConfigured: it is no number of days, or so many that deletion would mean nothing.
    """
    if not value.isdecimal() or not 1 <= int(value) <= MOST_DAYS:
        raise ImproperlyConfigured(
            f"BACKUP_KEEP_DAYS is {value!r}: it must be a whole number of days, 1 to {MOST_DAYS}."
        )
    return int(value)

"""Who deletes is told that backups still hold it, and for how long."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from service.conversations import outbox
from service.conversations.copies import in_backups
from service.settings.backups import backup_days
from tests.log.test_outbox import turn, write
from tests.log.test_retention import no_wait, rasa_events, run  # noqa: F401  fixtures of both commands

pytestmark = pytest.mark.django_db(databases=["default", "outbox", "rasa"], transaction=True)


@pytest.mark.parametrize("command", [("erase", "anna"), ("purge", "--delete")])
def test_who_deletes_reads_how_long_backups_hold_it(command: tuple[str, ...]) -> None:
    write(turn("1"))
    outbox.move_due()
    with override_settings(BACKUP_KEEP_DAYS=21):
        said = run(*command)
    assert "Backups made before still hold it: each is deleted when it is 21 days old" in said


def test_what_deletes_nothing_speaks_of_no_backup() -> None:
    assert in_backups() not in run("purge")


@pytest.mark.parametrize("value", ["0", "-1", "two weeks", "14.5", "366"])
def test_a_number_of_days_that_is_none_is_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"BACKUP_KEEP_DAYS is '{value}'"):
        backup_days(value)


def test_days_are_read_as_they_are() -> None:
    assert [backup_days(value) for value in ("1", "14", "365")] == [1, 14, 365]

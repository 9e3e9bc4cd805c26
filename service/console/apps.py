"""The console as a Django app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """What staff reach; sign-ins are recorded from the start on, by whatever way they come."""

    name = "service.console"

    def ready(self) -> None:
        """Listen for sign-ins."""
        from service.console import sign_in_records  # noqa: F401

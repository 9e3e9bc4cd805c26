"""manage.py new_address_key: a key for ADDRESS_KEYS."""

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """The addresses that replies go to are encrypted with it."""

    help = "Print a new key for ADDRESS_KEYS."

    def handle(self, *args: object, **options: object) -> None:
        """One line."""
        self.stdout.write(Fernet.generate_key().decode())

"""manage.py console_admin: the first admin of the console, or one more."""

import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from service.console import audit
from service.console.models import Staff
from service.console.roles import Role


class Command(BaseCommand):
    """Makes an admin, who then adds all others on the Staff page."""

    help = "Make an admin of the console: asks for a user name and a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A user name, for who does not want to be asked."""
        parser.add_argument("--username", help="asked for where it is not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, make, say what comes next."""
        try:
            name = options["username"] or input("User name: ").strip()
            admin = self._admin(name)
            admin.set_password(_password(admin))
            with transaction.atomic():
                admin.save()
                audit.record("", "staff added", user=name, role=admin.role, by="console_admin")
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except DatabaseError as error:
            raise CommandError(f"The console's database is not there yet ({error}): run `make serve` once.") from None
        except (EOFError, KeyboardInterrupt):
            raise CommandError("Nobody was added.") from None
        self.stdout.write(
            f"{name} is an admin now. Next: sign in at {settings.CONSOLE_URL} and set up an authenticator app "
            "(any app for six-digit codes will do). Then add the others on the page Staff."
        )

    def _admin(self, name: str) -> Staff:
        """Somebody with that name, not saved yet."""
        admin = Staff(username=Staff.normalize_username(name), role=Role.ADMIN)
        Staff._meta.get_field("username").clean(admin.username, admin)
        if Staff.objects.filter(username__iexact=admin.username).exists():
            raise CommandError(f"There is a {admin.username} already: take another user name.")
        return admin


def _password(admin: Staff) -> str:
    """Asked for twice, or the first line of what comes in by a pipe."""
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\n")
    else:
        print("\n".join(password_validators_help_texts()))
        password = getpass("Password: ")
        if getpass("Password again: ") != password:
            raise CommandError("The two passwords are not the same.")
    validate_password(password, admin)
    return password

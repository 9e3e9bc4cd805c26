"""manage.py serve: gateway, Rasa, actions and console until Ctrl-C."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from service.place import BOT, STAFF, Place, StackError
from service.settings.base import VAR
from service.stack import running
from service.training import prepare


class Command(BaseCommand):
    """Trains if needed, starts everything, says where it listens, waits."""

    help = "Run gateway, Rasa, actions and console until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or until a process ends."""
        try:
            place = Place()
            prepare(self.stderr.write)
            self.stderr.write("Starting (about 20 seconds) ...")
            with running(place, output=VAR / "serve.log", names=BOT + STAFF) as runner:
                self.stderr.write(f"Ready: open {place.gateway_url}/demo. Ctrl-C ends it.")
                self.stderr.write(f"Staff sign in at {place.console_url} (the first time: `make console-admin`).")
                self.stderr.write(
                    "To see the console with something in it: `make demo-data` (500 made-up conversations)."
                )
                self.stderr.write(f"What the processes print: tail -f {VAR / 'serve.log'}")
                runner.wait()
                raise CommandError(f"The processes ended; the reason is in {VAR / 'serve.log'}.")
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")

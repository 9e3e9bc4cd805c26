"""manage.py serve: gateway, Rasa, actions and console until Ctrl-C."""

from importlib import import_module
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from baclofen_faq.vetted_files import ROOT
from service.place import BOT, STAFF, Place, StackError
from service.release import release
from service.settings.base import IS_PRODUCTION, VAR
from service.stack import end_as_by_ctrl_c, running
from service.training import prepare


class Command(BaseCommand):
    """Trains if needed, starts everything, says where it listens, waits.

    In production the release that is live runs, whatever was changed in the project since; the first start makes one.
    """

    help = "Run gateway, Rasa, actions and console until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C or until a process ends."""
        import_module("service.settings.console")  # what is wrong in it is said before anything starts
        end_as_by_ctrl_c()
        try:
            place = Place()
            if not IS_PRODUCTION:
                prepare(self.stderr.write)
                place.make_live(ROOT)
            elif place.live.resolve() == ROOT:
                release(place, self.stderr.write)
            self.stderr.write("Starting (about 20 seconds) ...")
            with running(place, output=VAR / "serve.log", names=BOT + STAFF) as runner:
                self._say_where(place)
                self.stderr.write(f"What the processes print: tail -f {VAR / 'serve.log'}")
                runner.wait()
                raise CommandError(f"The processes ended; the reason is in {VAR / 'serve.log'}.")
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped.")

    def _say_where(self, place: Place) -> None:
        """Where to look; what is made up only where no patient is."""
        self.stderr.write(f"Ready: {place.gateway_url}{'' if IS_PRODUCTION else '/demo'}. Ctrl-C ends it.")
        self.stderr.write(f"Staff sign in at {place.console_url} (the first time: `make console-admin`).")
        if not IS_PRODUCTION:
            self.stderr.write("To see the console with something in it: `make demo-data` (500 made-up conversations).")

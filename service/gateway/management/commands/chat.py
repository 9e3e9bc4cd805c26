"""manage.py chat: a conversation in the terminal, through the gateway."""

import io
import re
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.text import Text

from service.place import Place, StackError
from service.settings.base import VAR
from service.stack import running
from service.training import prepare

PATIENCE_SECONDS = 30
STYLES = {"emergency": "bold red", "advisory": "yellow"}


class Command(BaseCommand):
    """Starts everything, chats, stops everything. Piped lines are answered in turn."""

    help = "Chat with the bot in the terminal."

    def handle(self, *args: Any, **options: Any) -> None:
        """Chat until Ctrl-D, or until the piped lines end."""
        progress = Console(stderr=True)
        sender = f"chat-{uuid.uuid4().hex[:8]}"
        try:
            place = Place()
            prepare(progress.print)
            progress.print("Starting (about 20 seconds) ...")
            with running(place, output=VAR / "serve.log"):
                Talk(f"{place.gateway_url}/webhooks/rest/webhook", sender).run()
                progress.print(f"\nThis conversation: .venv/bin/python manage.py transcript {sender}", soft_wrap=True)
        except StackError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            progress.print("\nStopped.")


class Talk:
    """One conversation: what is typed goes to the gateway, what comes back is printed, buttons as numbers."""

    def __init__(self, url: str, sender: str) -> None:
        """Talk to the REST channel at `url` as `sender`."""
        self._url = url
        self._sender = sender
        self._is_typed = sys.stdin.isatty()
        self._screen = Console(highlight=False)
        self._buttons: list[dict[str, str]] = []

    def run(self) -> None:
        """Until the input ends."""
        if self._is_typed:
            self._screen.print(
                "\nAsk about baclofen withdrawal. A number picks a question, Ctrl-D ends.\n", style="dim"
            )
        for line in filter(None, map(str.strip, self._lines())):
            if not self._is_typed:
                self._screen.print(Text(f"you> {line}\n"), soft_wrap=True)
            self._show(self._ask(line))

    def _lines(self) -> Iterator[str]:
        if not self._is_typed:
            yield from io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
            return
        import readline  # noqa: F401  (arrow keys and history for input())

        while True:
            try:
                yield input("you> ")
            except EOFError:
                return

    def _ask(self, line: str) -> list[dict[str, Any]]:
        number = re.fullmatch(r"(\d{1,2})[.)]?", line)
        chosen = self._buttons[int(number[1]) - 1 : int(number[1])] if number else []
        text = chosen[0]["payload"] if chosen else line
        try:
            response = httpx.post(self._url, json={"sender": self._sender, "message": text}, timeout=PATIENCE_SECONDS)
        except httpx.HTTPError as error:
            raise StackError(f"The gateway did not answer ({type(error).__name__}); see {VAR / 'serve.log'}.") from None
        if response.is_success:
            return list(response.json())
        return [{"text": response.json()["error"], "level": "none"}]

    def _show(self, messages: list[dict[str, Any]]) -> None:
        self._buttons = [button for message in messages for button in message.get("buttons", [])]
        for message in messages:
            for line in message["text"].splitlines():
                is_whole = not sys.stdout.isatty() or "://" in line  # a broken address cannot be clicked
                self._screen.print(Text(line, style=STYLES.get(message["level"], "")), soft_wrap=is_whole)
            self._screen.print()
        for number, button in enumerate(self._buttons, start=1):
            self._screen.print(Text(f"  {number}. {button['title']}", style="cyan"))
        if self._buttons:
            self._screen.print()

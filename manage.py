#!/usr/bin/env python
"""Django's commands: chat, serve, train, transcript, ... with the settings of the gateway or of the console."""

import os
import sys
from pathlib import Path

from service.one_sentence import said_in_one_sentence

CONSOLE = Path(__file__).parent / "service" / "console" / "management" / "commands"
BARE = ("new_address_key",)  # makes what the gateway's settings ask for


def settings_of(command: str) -> str:
    """Which settings a command needs."""
    if command in BARE:
        return "service.settings.base"
    return f"service.settings.{'console' if (CONSOLE / f'{command}.py').is_file() else 'gateway'}"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings_of("".join(sys.argv[1:2])))
    from django.core.management import execute_from_command_line

    with said_in_one_sentence():
        execute_from_command_line(sys.argv)

#!/usr/bin/env python
"""Django's commands: chat, serve, train, transcript, ... with the settings of the gateway or of the console."""

import os
import sys
from pathlib import Path

CONSOLE = Path(__file__).parent / "service" / "console" / "management" / "commands"

if __name__ == "__main__":
    is_of_console = (CONSOLE / f"{''.join(sys.argv[1:2])}.py").is_file()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"service.settings.{'console' if is_of_console else 'gateway'}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

#!/usr/bin/env python
"""Django's commands: chat, serve, train, transcript, migrate, ..."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.gateway")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

"""How fast the console's pages are over a log of up to a million turns: `python -m benchmarks.console`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.console")
django.setup()

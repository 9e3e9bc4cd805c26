"""What becomes of a thousand mixed updates in each channel: `python -m benchmarks.channels`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.gateway")
django.setup()

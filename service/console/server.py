"""gunicorn's settings for the console: gunicorn -c python:service.console.server service.console.wsgi:application."""

from baclofen_faq import logs

logconfig_dict = logs.as_dict()

"""gunicorn's settings for the console: gunicorn -c python:service.console.server service.console.wsgi:application."""

from baclofen_faq import logs
from service.one_sentence import said_in_one_sentence

with said_in_one_sentence():
    logconfig_dict = logs.as_dict()
preload_app = True  # what stops the start stops gunicorn, too, which would else start worker after worker

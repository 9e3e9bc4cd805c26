"""The console as a WSGI application: gunicorn -c python:service.console.server service.console.wsgi:application."""

import os

from baclofen_faq import logs
from service.one_sentence import said_in_one_sentence

with said_in_one_sentence():
    logs.configure()
logs.log_unhandled()
os.environ["DJANGO_SETTINGS_MODULE"] = "service.settings.console"

from django.core.wsgi import get_wsgi_application  # noqa: E402

with said_in_one_sentence():
    application = get_wsgi_application()

"""The console as a WSGI application: gunicorn service.console.wsgi:application."""

import os

from baclofen_faq import logs

logs.configure()
logs.log_unhandled()
os.environ["DJANGO_SETTINGS_MODULE"] = "service.settings.console"

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

"""The gateway as an ASGI application: uvicorn service.asgi:application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.gateway")
application = get_asgi_application()

from baclofen_faq.triage import assess  # noqa: E402
from service.gateway.receive import shared_replies  # noqa: E402  (needs the settings)

shared_replies()  # a broken vetted/ or model stops the start, not the first emergency
assess("hello")

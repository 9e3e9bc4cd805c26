"""The gateway as an ASGI application: uvicorn service.asgi:application."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.gateway")
application = get_asgi_application()

from baclofen_faq.triage import assess, triage_version  # noqa: E402
from service.gateway import receive  # noqa: E402  (needs the settings)
from service.gateway.mode import current_mode  # noqa: E402

receive.shared_replies()  # a broken vetted/ or model stops the start, not the first emergency
receive.shared_outbox()  # what an earlier process left is moved to the log
assess("hello")
triage_version()
current_mode()

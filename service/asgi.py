"""The gateway as an ASGI application: uvicorn service.asgi:application."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.gateway")
_django = get_asgi_application()

from django.core.signals import request_finished, request_started  # noqa: E402
from django.db import close_old_connections, reset_queries  # noqa: E402

from baclofen_faq.triage import assess, triage_version  # noqa: E402
from service.gateway.mode import current_mode  # noqa: E402
from service.gateway.receive import shared_outbox, shared_replies  # noqa: E402  (needs the settings)

_one_thread = ThreadSensitiveContext()
# No request has a database connection of its own: the threads that have one look after it.
request_started.disconnect(reset_queries)
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_old_connections)

shared_replies()  # a broken vetted/ or model stops the start, not the first emergency
shared_outbox()  # what an earlier process left is moved to the log
assess("hello")
triage_version()
current_mode()


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    """Django, with one thread for the sync work of all requests; by itself it starts one for each, 5 ms of them."""
    SyncToAsync.thread_sensitive_context.set(_one_thread)
    await _django(scope, receive, send)

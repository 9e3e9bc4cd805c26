"""The gateway as an ASGI application: uvicorn service.asgi:application."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext
from django.core.asgi import get_asgi_application

from baclofen_faq import logs
from service.one_sentence import said_in_one_sentence

with said_in_one_sentence():
    logs.configure()
logs.log_unhandled()  # what stops the start is a line of the log, too
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "service.settings.gateway")
with said_in_one_sentence():
    _django = get_asgi_application()

from django.conf import settings  # noqa: E402
from django.core.signals import request_finished, request_started  # noqa: E402
from django.db import close_old_connections, reset_queries  # noqa: E402

from baclofen_faq.embedding import EmbeddingModelError  # noqa: E402
from baclofen_faq.triage import assess, triage_version  # noqa: E402
from service.gateway import metrics  # noqa: E402
from service.gateway.controls import shared_watch  # noqa: E402
from service.gateway.memory import shared_outbox  # noqa: E402  (needs the settings)
from service.gateway.messaging.courier import shared_courier  # noqa: E402
from service.gateway.mode import current_mode  # noqa: E402
from service.gateway.receive import shared_engine  # noqa: E402
from service.gateway.vetted import shared_replies, vetted_version  # noqa: E402

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
LONGEST_BODY = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
_one_thread = ThreadSensitiveContext()
# No request has a database connection of its own: the threads that have one look after it.
request_started.disconnect(reset_queries)
request_started.disconnect(close_old_connections)
request_finished.disconnect(close_old_connections)

with said_in_one_sentence(EmbeddingModelError):
    shared_replies()  # a broken vetted/ or model stops the start, not the first emergency
    shared_outbox()  # what an earlier process left is moved to the log
    assess("hello")
    metrics.versions.labels(triage_version(), vetted_version()).set(1)
    current_mode()
if settings.CHANNELS:
    shared_courier()  # a folder that takes no locks stops the start
shared_watch().wait_for_first_look()  # what was withdrawn is not sent by a new process, either


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Django, with one thread for the sync work of all requests; by itself it starts one for each, 5 ms of them.

    A body that is too long ends the request before Django keeps it in a file.
    """
    if scope["type"] == "lifespan":
        return await _live(receive, send)
    SyncToAsync.thread_sensitive_context.set(_one_thread)
    length = dict(scope.get("headers", ())).get(b"content-length", b"0")
    if length.isdigit() and int(length) > LONGEST_BODY:
        return await _refuse(send)
    return await _django(scope, _limited(receive), send)


async def _live(receive: Receive, send: Send) -> None:
    """From the start to the stop of the server: what messaging apps are owed is delivered meanwhile."""
    while True:
        event = (await receive())["type"]
        if settings.CHANNELS and event == "lifespan.startup":
            shared_courier().start()
        elif event == "lifespan.shutdown":
            if settings.CHANNELS:
                await shared_courier().stop()
            await shared_engine().close()
        await send({"type": f"{event}.complete"})
        if event == "lifespan.shutdown":
            return


def _limited(receive: Receive) -> Receive:
    """The request's body; a body without a length that becomes too long counts as hung up."""
    left = LONGEST_BODY

    async def limited() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        return message if left >= 0 else {"type": "http.disconnect"}

    return limited


async def _refuse(send: Send) -> None:
    body = b'{"error": "the body must be smaller than 1 MB"}'
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})

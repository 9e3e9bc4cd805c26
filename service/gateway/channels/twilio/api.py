"""Twilio's REST API: one request, and what its failures mean."""

import asyncio
import math
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from django.conf import settings

from service.gateway.messaging.channel import CannotDeliver, TryLater

TIMEOUT_SECONDS = 10
PASSING_STATUSES = {401, 403, 408, 429}  # 401, 403: until the clinic has set the right token, or paid
PASSING_CODES = {
    14107,  # too many messages a second
    21611,  # too many wait for this number
    30001,  # the queue is full
    30022,  # too many for the carrier
    63018,  # too many for WhatsApp
}
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()


async def ask(method: str, resource: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """One request about the account, such as `ask("POST", "Messages.json", {...})`; Twilio's answer.

    Raises:
        TryLater, CannotDeliver: Twilio's error code says why, else the status.
    Source: https://www.twilio.com/docs/api/errors
    """
    account, token = (settings.CHANNEL_SETTINGS[name] for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"))
    url = f"{settings.CHANNEL_URLS['twilio'].rstrip('/')}/2010-04-01/Accounts/{account}/{resource}"
    try:
        response = await _client().request(method, url, data=form, auth=(account, token))
    except httpx.TimeoutException:
        raise TryLater("timeout") from None
    except httpx.HTTPError:
        raise TryLater("unreachable") from None
    if not response.is_success:
        raise _trouble(response)
    return _json(response)


def _client() -> httpx.AsyncClient:
    """The event loop's own, with its connections."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
    return _clients[loop]


def _trouble(response: httpx.Response) -> TryLater | CannotDeliver:
    status, code = response.status_code, _json(response).get("code")
    why = str(code) if isinstance(code, int) and status != 429 else str(status)
    if not 400 <= status < 500 or status in PASSING_STATUSES or why in map(str, PASSING_CODES):
        return TryLater(why, _seconds(response.headers.get("Retry-After", "")))
    return CannotDeliver(why)


def _seconds(retry_after: str) -> float | None:
    try:
        seconds = float(retry_after)
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _json(response: httpx.Response) -> dict[str, Any]:
    """The body's object; {} where it is none."""
    try:
        content = response.json()
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}

"""Messages to Messenger's Send API, and the webhook's settings, by Meta's Graph API."""

import asyncio
import os
from typing import Any
from weakref import WeakKeyDictionary

import httpx
from django.conf import settings

from service.gateway.channels.facebook.event import GET_STARTED
from service.gateway.channels.facebook.refusal import refusal
from service.gateway.messaging.channel import Address, Part, TryLater

SECONDS = 10
FIELDS = "messages,messaging_postbacks,message_edits"
BY_HAND = """\
The webhook itself is set by hand, as FACEBOOK_APP_ID is not in the environment. In the App Dashboard, at Messenger,
"Configure webhooks": Callback URL {url}, Verify token: the value of FACEBOOK_VERIFY_TOKEN. Then subscribe to
{fields}."""

_clients: "WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient]" = WeakKeyDictionary()


async def send(address: Address, part: Part, reference: str) -> None:
    """Hand one message to Messenger, as the answer to what the person wrote; Meta reports nothing by `reference`.

    Raises:
        TryLater: Meta is down, slow, or asks to wait.
        CannotDeliver: the person blocked the Page, 24 hours have passed, the token or the form is refused.
    """
    message = {"recipient": {"id": address["recipient"]}, "messaging_type": "RESPONSE", "message": part}
    await _post("/me/messages", json=message, headers=_as_page())


async def set_webhook(url: str) -> str:
    """Subscribe the Page, set its Get Started button; with FACEBOOK_APP_ID in the environment set the webhook too.

    Meta asks the webhook for the verify token meanwhile, so that the gateway must be running.

    Raises:
        TryLater, CannotDeliver: as for `send`.
    """
    done = BY_HAND.format(url=url, fields=FIELDS.replace(",", ", "))
    if app := os.environ.get("FACEBOOK_APP_ID", "").strip():
        await _post(f"/{app}/subscriptions", data=_subscription(app, url))
        done = f"The webhook is {url}."
    await _post("/me/subscribed_apps", json={"subscribed_fields": FIELDS.split(",")}, headers=_as_page())
    await _post("/me/messenger_profile", json={"get_started": {"payload": GET_STARTED}}, headers=_as_page())
    return f"{done}\nThe Page is subscribed, and its Get Started button is set."


def _subscription(app: str, url: str) -> dict[str, str]:
    """A form, whose token is the app's own; in the body, as addresses are logged."""
    return {
        "object": "page",
        "callback_url": url,
        "verify_token": settings.CHANNEL_SETTINGS["FACEBOOK_VERIFY_TOKEN"],
        "fields": FIELDS,
        "access_token": f"{app}|{settings.CHANNEL_SETTINGS['FACEBOOK_APP_SECRET']}",
    }


def _as_page() -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.CHANNEL_SETTINGS['FACEBOOK_PAGE_TOKEN']}"}


async def _post(path: str, **content: Any) -> None:
    try:
        response = await _client().post(settings.CHANNEL_URLS["facebook"].rstrip("/") + path, **content)
    except httpx.HTTPError as error:
        raise TryLater(type(error).__name__) from None
    if not response.is_success:
        raise refusal(response)


def _client() -> httpx.AsyncClient:
    """The event loop's own, made when it is first needed."""
    loop = asyncio.get_running_loop()
    if loop not in _clients:
        _clients[loop] = httpx.AsyncClient(timeout=SECONDS)
    return _clients[loop]

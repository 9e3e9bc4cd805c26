"""One message to Slack, and what is left to do there by hand."""

import asyncio
import logging
import re

import aiohttp
from django.conf import settings
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from service.gateway.messaging.channel import Address, CannotDeliver, Part, TryLater

TIMEOUT_SECONDS = 10
BAD_REQUEST, TOO_MANY, SERVER_ERROR = 400, 429, 500
PASSING = (
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",  # this one and the next two: while Slack moves the workspace or the channel
    "org_login_required",
    "external_channel_migrating",
    "invalid_auth",  # this one and the next three: until the clinic puts in a token that is valid
    "token_revoked",
    "token_expired",
    "account_inactive",
)
CODE = re.compile(r"[a-z0-9_]{1,64}")
SETTING_UP = """\
Slack has no call for this. At https://api.slack.com/apps choose your app, and enter by hand:
- Event Subscriptions: switch on; Request URL {url}; under "Subscribe to bot events" message.im and app_mention; Save.
- Interactivity & Shortcuts: switch on; Request URL {url}; Save Changes.
- OAuth & Permissions: the bot token scopes chat:write, im:history and app_mentions:read.
- App Home: switch the Messages Tab on, and allow people to send messages from it.
- Then reinstall the app to the workspace. docs/channels/slack.md has all of this as one app manifest."""

_log = logging.getLogger("slack_sdk")  # by that name its lines are known as a library's
_log.setLevel(logging.INFO)  # at DEBUG the library would log the words


async def send(address: Address, part: Part, reference: str) -> None:
    """Post one message, once; in a channel as a reply in the thread. Slack gives no receipts, so `reference` is unused.

    Raises:
        TryLater: no answer within ten seconds, 429 (with the seconds of Retry-After), or a failure of Slack's own.
        CannotDeliver: all other errors, by Slack's code: channel_not_found, is_archived, invalid_blocks ...
    Source: https://docs.slack.dev/reference/methods/chat.postMessage
    """
    try:
        await _client().chat_postMessage(
            channel=address["channel"],
            thread_ts=address.get("thread"),
            text=part["text"],
            blocks=part["blocks"],
            unfurl_links=False,
            unfurl_media=False,
        )
    except SlackApiError as error:
        raise _classified(error) from None
    except asyncio.TimeoutError:
        raise TryLater("timeout") from None
    except (aiohttp.ClientError, OSError):
        raise TryLater("unreachable") from None
    except (AttributeError, ValueError):  # from the library, where an answer is no JSON object
        raise TryLater("no_json") from None


async def set_webhook(url: str) -> str:
    """What to enter where, since only a person can; nothing is sent."""
    return SETTING_UP.format(url=url)


def _client() -> AsyncWebClient:
    """It opens a connection a call, so nothing is shared between event loops; the worker retries, not the library."""
    return AsyncWebClient(
        token=settings.CHANNEL_SETTINGS["SLACK_BOT_TOKEN"],
        base_url=settings.CHANNEL_URLS["slack"],
        timeout=TIMEOUT_SECONDS,
        retry_handlers=[],
        logger=_log,
    )


def _classified(error: SlackApiError) -> TryLater | CannotDeliver:
    """The response is the library's own, or aiohttp's where its body is no JSON."""
    response = error.response
    status: int = getattr(response, "status_code", getattr(response, "status", 0))
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    why = code if isinstance(code, str) and CODE.fullmatch(code) else str(status)
    if status == TOO_MANY or status >= SERVER_ERROR or why in PASSING:
        return TryLater(why, _seconds(response.headers.get("Retry-After")))
    return TryLater("no_json") if status < BAD_REQUEST and why == str(status) else CannotDeliver(why)


def _seconds(retry_after: str | None) -> float | None:
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdecimal() else None

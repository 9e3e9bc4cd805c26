"""Messages to Telegram, and the webhook's address."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from weakref import WeakKeyDictionary

import httpx
from django.conf import settings
from telegram import Bot, LinkPreviewOptions, WebhookInfo
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from service.gateway.messaging.channel import Address, CannotDeliver, Part, TryLater

ANSWER_SECONDS = 10.0
CONNECT_SECONDS = 5.0
WANTED = ("message", "edited_message", "callback_query")
QUIET = ("httpx", "httpcore", "telegram")  # they log addresses, which hold the token, and what is sent and answered
NO_ANSWER = (LookupError, TypeError, ValueError, AttributeError)  # of the library, for JSON that is not Telegram's
PREVIEW = LinkPreviewOptions(is_disabled=True)

_bots: "WeakKeyDictionary[asyncio.AbstractEventLoop, Bot]" = WeakKeyDictionary()


async def send(address: Address, part: Part, reference: str) -> None:
    """Hand one message to Telegram, which has no place for a reference and tells nothing later.

    A group that has become a supergroup has a new id, which the refusal names: the message goes there.

    Raises:
        TryLater: "429", "timeout", "unreachable", "server", "token" (the clinic can put another in), "answer".
        CannotDeliver: "blocked", "400", "moved".
    """
    with _classified():
        try:
            await _send(address, part)
        except ChatMigrated as moved:
            await _send({**address, "chat_id": moved.new_chat_id}, part)


async def set_webhook(url: str) -> str:
    """Tell Telegram the webhook's address, its secret and what to send there; look whether it has understood.

    Raises:
        TryLater, CannotDeliver: as `send`; where Telegram refuses the address or the secret, in its own words.
    """
    with _classified():
        try:
            bot = _bot()
            await bot.set_webhook(
                url,
                secret_token=settings.CHANNEL_SETTINGS["TELEGRAM_WEBHOOK_SECRET"],
                allowed_updates=WANTED,
                drop_pending_updates=False,
            )
            info, name = await bot.get_webhook_info(), (await bot.get_me()).username or ""
        except BadRequest as error:
            raise CannotDeliver(error.message) from None
    return "\n".join([*_told(url, info), *_told_of_name(name)])


async def _send(address: Address, part: Part) -> None:
    await _bot().send_message(
        address["chat_id"],
        part["text"],
        link_preview_options=PREVIEW,
        api_kwargs={key: value for key, value in {**part, **address}.items() if key not in ("chat_id", "text")},
    )


def _bot() -> Bot:
    """The bot of this event loop, with its connections; nothing is asked of Telegram to make it."""
    loop = asyncio.get_running_loop()
    if loop not in _bots:
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL if name == "telegram" else logging.WARNING)
        request = HTTPXRequest(
            read_timeout=ANSWER_SECONDS, write_timeout=ANSWER_SECONDS, connect_timeout=CONNECT_SECONDS
        )
        token, url = settings.CHANNEL_SETTINGS["TELEGRAM_TOKEN"], settings.CHANNEL_URLS["telegram"].rstrip("/")
        _bots[loop] = Bot(token, base_url=f"{url}/bot", request=request, get_updates_request=request)
    return _bots[loop]


@contextmanager
def _classified() -> Iterator[None]:
    """What Telegram and the way to it may raise, as one of the two that the queue knows; without words of theirs."""
    try:
        yield
    except TelegramError as error:
        raise _outcome(error) from None
    except NO_ANSWER:
        raise TryLater("answer") from None


def _outcome(error: TelegramError) -> TryLater | CannotDeliver:
    if isinstance(error, RetryAfter):
        wait = error.retry_after
        return TryLater("429", wait.total_seconds() if isinstance(wait, timedelta) else float(wait))
    for kind, outcome in (
        (BadRequest, CannotDeliver("400")),
        (Forbidden, CannotDeliver("blocked")),
        (ChatMigrated, CannotDeliver("moved")),
        (InvalidToken, TryLater("token")),
        (TimedOut, TryLater("timeout")),
    ):
        if isinstance(error, kind):
            return outcome
    if not isinstance(error, NetworkError):
        return TryLater("answer")
    return TryLater("unreachable" if isinstance(error.__cause__, httpx.HTTPError) else "server")


def _told(url: str, info: WebhookInfo) -> list[str]:
    if info.url != url:
        return [f"Telegram took the address, and now names another one: {info.url or 'none'}. Run this again."]
    said = [f"Telegram sends updates to {url} ({info.pending_update_count} are waiting)."]
    if info.last_error_message:
        said.append(f"Its last try ended with: {info.last_error_message}")
    return said


def _told_of_name(name: str) -> list[str]:
    wanted = settings.CHANNEL_SETTINGS["TELEGRAM_BOT_NAME"].removeprefix("@")
    if name.lower() == wanted.lower():
        return []
    return [f"TELEGRAM_BOT_NAME is {wanted}, but the bot of this token is {name}: in groups it will not answer."]

"""Telegram, by the Bot API (core.telegram.org/bots/api). docs/channels/telegram.md: from nothing to a working bot."""

from service.gateway.channels.telegram.parse import acknowledge, parse
from service.gateway.channels.telegram.render import render
from service.gateway.channels.telegram.send import send, set_webhook
from service.gateway.channels.telegram.verify import verify

__all__ = ["acknowledge", "parse", "render", "send", "set_webhook", "verify"]

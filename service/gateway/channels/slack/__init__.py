"""Slack: direct messages to the bot, and mentions of it in channels. docs/channels/slack.md says how to set it up."""

from service.gateway.channels.slack.parse import acknowledge, parse
from service.gateway.channels.slack.render import render
from service.gateway.channels.slack.send import send, set_webhook
from service.gateway.channels.slack.verify import verify

__all__ = ["acknowledge", "parse", "render", "send", "set_webhook", "verify"]

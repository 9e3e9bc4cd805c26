"""Facebook Messenger: people write to the clinic's Page. docs/channels/facebook.md says how it is set up."""

from service.gateway.channels.facebook.parse import acknowledge, parse
from service.gateway.channels.facebook.render import render
from service.gateway.channels.facebook.send import send, set_webhook
from service.gateway.channels.facebook.verify import verify

__all__ = ["acknowledge", "parse", "render", "send", "set_webhook", "verify"]

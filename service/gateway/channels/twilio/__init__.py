"""SMS and WhatsApp, by Twilio. docs/channels/twilio.md says how a clinic sets it up."""

from service.gateway.channels.twilio.parse import acknowledge, parse
from service.gateway.channels.twilio.render import render
from service.gateway.channels.twilio.send import send, set_webhook
from service.gateway.channels.twilio.verify import verify

__all__ = ["acknowledge", "parse", "render", "send", "set_webhook", "verify"]

"""The channels that are on, by the name of their folder."""

from functools import cache
from importlib import import_module
from typing import cast

from django.conf import settings

from service.gateway.messaging.channel import Channel


@cache
def shared_channels() -> dict[str, Channel]:
    """The packages service.gateway.channels.<name> of CHANNELS."""
    return {name: cast(Channel, import_module(f"service.gateway.channels.{name}")) for name in settings.CHANNELS}

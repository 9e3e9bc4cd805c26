"""All channels, and a gateway that has them all."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from service.place import Place
from tests.gateway.channels.platforms.facebook import Facebook
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.platform import Platform
from tests.gateway.channels.platforms.rest import Rest
from tests.gateway.channels.platforms.slack import Slack
from tests.gateway.channels.platforms.telegram import Telegram
from tests.gateway.channels.platforms.twilio import Twilio, WhatsApp
from tests.gateway.channels.platforms.web import Web

KINDS: tuple[type[Platform], ...] = (Telegram, Slack, Twilio, WhatsApp, Facebook, Web, Rest)
CHANNELS = [kind.channel for kind in KINDS]
MESSENGERS = [kind.channel for kind in KINDS if kind.has_servers]


@contextmanager
def gateway_running(bot: Place, var: Path) -> Iterator[Gateway]:
    """All platforms, and a gateway that has them all, beside a bot that runs."""
    with ExitStack() as undo:
        platforms = [kind() for kind in KINDS]
        for platform in platforms:
            undo.callback(platform.close)
        _join({platform.channel: platform for platform in platforms})
        gateway = Gateway(bot, var, platforms)
        undo.callback(gateway.kill)
        gateway.start()
        yield gateway


def _join(platforms: dict[str, Platform]) -> None:
    """SMS and WhatsApp are reached at one address: what is sent by SMS is passed on, and they are away together."""
    sms, whatsapp = platforms["sms"], platforms["whatsapp"]
    whatsapp.troubles.append(lambda asked: None if b"whatsapp" in asked.body else sms._answered(asked))
    sms.away = whatsapp.away  # type: ignore[method-assign]

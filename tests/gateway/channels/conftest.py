"""One gateway with every messaging app on it, and people in each of the channels."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import httpx
import pytest

from service.place import Place
from tests.faults.processes import children, until
from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.people import Person
from tests.gateway.channels.platforms.platform import Platform

MESSENGERS = ["telegram", "slack", "sms", "whatsapp", "facebook"]
PAYLOADS = ("/ask_", "/affirm", "/deny", "/feedback", "/delete_conversation", "/show_conversation")


@pytest.fixture(scope="session")
def gateway(bot: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    from tests.gateway.channels.platforms.everyone import gateway_running

    with gateway_running(bot, tmp_path_factory.mktemp("channels")) as running:
        yield running


@pytest.fixture(params=[*MESSENGERS, "web", "rest"])
def platform(request: pytest.FixtureRequest, gateway: Gateway) -> Iterator[Platform]:
    """Each channel in turn. Whatever a test does, nothing of it breaks the platform's rules or shows a payload."""
    yield from _kept_to_its_rules(gateway, request.param)


@pytest.fixture(params=MESSENGERS)
def messenger(request: pytest.FixtureRequest, gateway: Gateway) -> Iterator[Platform]:
    """Each channel that the bot sends to."""
    yield from _kept_to_its_rules(gateway, request.param)


@pytest.fixture
def sms(gateway: Gateway) -> Iterator[Platform]:
    yield from _kept_to_its_rules(gateway, "sms")


@pytest.fixture
def someone(gateway: Gateway) -> Callable[[Platform], Person]:
    """Makes somebody who has not written before."""
    return lambda platform: Person(platform, gateway)


@pytest.fixture(scope="class")
def without_actions(bot: Place, gateway: Gateway) -> Iterator[None]:
    """The action server is gone, and what starts it again is held up; at the end the bot is well again."""
    keeper, process = _action_server(bot)
    os.kill(keeper, signal.SIGSTOP)
    try:
        for one in [process, *children(process)]:
            os.kill(one, signal.SIGKILL)
        yield
    finally:
        os.kill(keeper, signal.SIGCONT)
    until(lambda: httpx.get(f"{bot.gateway_url}/readyz", timeout=10).is_success, 60)


def _kept_to_its_rules(gateway: Gateway, channel: str) -> Iterator[Platform]:
    platform = gateway.platforms[channel]
    before = len(platform.messages)
    platform.violations.clear()
    yield platform
    for shown in platform.messages[before:]:
        seen = " ".join((shown.text, *shown.choices))
        assert not [payload for payload in PAYLOADS if payload in seen], f"a payload can be seen: {seen}"
    assert platform.violations == []


def _action_server(bot: Place) -> tuple[int, int]:
    """The ids of what keeps the action server running, and of the action server."""
    process = bot.pid("actions.1")
    parent = subprocess.run(["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(parent.stdout), process

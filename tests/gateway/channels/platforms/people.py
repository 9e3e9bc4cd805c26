"""People who write to the bot, with ids in the form of each platform."""

import random
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.gateway.channels.platforms.gateway import Gateway
from tests.gateway.channels.platforms.platform import Platform, Post, Shown

AREAS = (212, 312, 415, 503, 602, 617, 702, 808)
NUMBERED = re.compile(r"^([1-9]) (\S.*)$", re.MULTILINE)


def _phone() -> str:
    return f"+1{random.choice(AREAS)}555{random.randrange(10**4):04}"


def _slack_user() -> str:
    return "U" + "".join(random.choices(string.ascii_uppercase + string.digits, k=10))


IDS: dict[str, Callable[[], str]] = {
    "telegram": lambda: str(random.randrange(10**9, 7 * 10**9)),
    "slack": _slack_user,
    "sms": _phone,
    "whatsapp": _phone,
    "facebook": lambda: str(random.randrange(10**16, 10**17)),
    "web": lambda: f"visitor-{random.randrange(10**12)}",
    "rest": lambda: f"caller-{random.randrange(10**12)}",
}
_everybody: set[tuple[str, str]] = set()


def made(*channels: str) -> set[str]:
    """The ids of all who were made so far in some channels."""
    return {id for channel, id in _everybody if channel in channels}


@dataclass(frozen=True)
class Choice:
    """What a person is offered: its title, and where it stands; its payload where it is a button."""

    title: str
    shown: Shown
    place: int
    payload: str = ""


class Person:
    """Somebody who has not written before."""

    def __init__(self, platform: Platform, gateway: Gateway) -> None:
        self.platform, self.gateway = platform, gateway
        self._last_parcel = gateway.last_parcel()
        ids = iter(IDS[platform.channel], None)
        self.id = next(id for id in ids if (platform.channel, id) not in _everybody)
        _everybody.add((platform.channel, self.id))

    @property
    def seen(self) -> list[Shown]:
        """All messages so far."""
        return self.platform.shown_to(self.id)

    def says(self, text: str) -> list[Shown]:
        """The messages that answer it."""
        return self.does(self.platform.words(self.id, text))

    def chooses(self, choice: Choice) -> list[Shown]:
        """The messages that answer a button pressed, or a number typed where there is none to press."""
        return self.does(self.platform.press(self.id, choice.shown, choice.place))

    def does(self, post: Post) -> list[Shown]:
        """The messages that answer a post; it is taken, and all of its reply has come."""
        before = len(self.seen)
        self.sends(post)
        self.waits()
        return self.seen[before:]

    def waits(self) -> None:
        """Nothing that was posted since this person began is on its way any more."""
        self.gateway.wait_until_quiet(self.platform.channel, self._last_parcel)

    def sends(self, post: Post) -> None:
        """A post is taken; its reply is still to come."""
        response = self.platform.post(post)
        assert response.is_success, f"{self.platform.channel}: {response.status_code} {response.text[:200]}"


def numbered(messages: Sequence[Shown]) -> dict[str, str]:
    """The titles of a turn that stand in its texts with a number, by their numbers."""
    return dict(NUMBERED.findall("\n".join(shown.text for shown in messages)))


def choices(messages: Sequence[Shown]) -> list[Choice]:
    """All that a turn offers, in order."""
    titles = numbered(messages)
    return [
        Choice(titles.get(label, label), shown, place, *shown.payloads[place : place + 1])
        for shown in messages
        for place, label in enumerate(shown.choices)
    ]

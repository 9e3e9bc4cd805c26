"""A parcel with what it holds, while it is carried."""

import asyncio
import hashlib
import logging
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from service.conversations.models import Parcel
from service.gateway.message import Inbound
from service.gateway.messaging.channel import Address, Kind, Part, Update
from service.gateway.messaging.people import Unreadable, conversation_of, seal, unseal

log = logging.getLogger(__name__)
LONGEST_ID = 128


@dataclass(eq=False)
class Job:
    """A parcel in work.

    Attributes:
        parcel: as it is kept.
        address: where the reply goes.
        kind: what was done.
        parts: the reply in the platform's form; [] until it is answered.
        before: the jobs of the conversation's messages before, as far as they were in work when this one came.
        passed: set once the next message of the conversation need not wait for this one's reply.
        lost: why a part did not arrive that the platform had taken.
    """

    parcel: Parcel
    address: Address
    kind: Kind = Kind.WORDS
    parts: list[Part] = field(default_factory=list)
    before: "list[Job]" = field(default_factory=list)
    passed: asyncio.Event = field(default_factory=asyncio.Event)
    lost: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is."""
        return self.parcel.channel, self.parcel.conversation

    @property
    def name(self) -> tuple[str, str, str]:
        """Which update it is."""
        return self.parcel.name

    def sealed(self) -> bytes:
        """What is kept of it once it is answered: no words of the person."""
        return seal({"address": self.address, "kind": self.kind.value, "parts": self.parts})


def inbound_of(update: Update) -> Inbound:
    """The update as a message of the one path; an id that the log would not take is digested."""
    id, conversation = update.id, conversation_of(update.channel, update.person)
    if len(id) > LONGEST_ID or not (id.isascii() and id.isprintable()):
        id = hashlib.sha256(id.encode("utf-8", "surrogatepass")).hexdigest()
    return Inbound(conversation, update.text, update.channel, id, update.is_brief, is_private=update.is_private)


def job_of(platform: str, inbound: Inbound, kind: Kind, address: Address, parts: list[Part] | None = None) -> Job:
    """A new job: to be answered, or with the parts that are to be delivered."""
    content: dict[str, Any] = {"address": address, "kind": kind.value}
    if parts is None:
        content |= {"text": inbound.text, "is_brief": inbound.is_brief, "is_private": inbound.is_private}
    else:
        content |= {"parts": parts}
    parcel = Parcel(
        platform=platform,
        channel=inbound.channel,
        conversation=inbound.conversation,
        message_id=inbound.message_id,
        received_at=timezone.now(),
        sealed=seal(content),
        is_answered=parts is not None,
    )
    return Job(parcel, address, kind, parts or [])


def left_by(parcel: Parcel, platforms: Container[str]) -> tuple[Job, Inbound | None, str]:
    """What a process that is gone left: the job, its message if it is not answered, why it cannot be carried on."""
    if parcel.platform not in platforms:
        return Job(parcel, {}), None, "channel_off"
    try:
        content = unseal(parcel.sealed)
        job = Job(parcel, content["address"], Kind(content["kind"]), content.get("parts", []))
        is_broken = parcel.is_answered and not job.parts
        return job, None if parcel.is_answered else _unanswered(parcel, content), "unreadable" if is_broken else ""
    except Unreadable:
        return Job(parcel, {}), None, "key"
    except (KeyError, ValueError, TypeError) as error:
        log.critical("parcel cannot be read", extra={"parcel": parcel.pk, "error": type(error).__name__})
        return Job(parcel, {}), None, "unreadable"


def _unanswered(parcel: Parcel, content: dict[str, Any]) -> Inbound:
    return Inbound(
        conversation=parcel.conversation,
        text=content["text"],
        channel=parcel.channel,
        message_id=parcel.message_id,
        is_brief=content["is_brief"],
        is_private=content["is_private"],
    )

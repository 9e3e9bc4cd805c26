"""What the clinic's staff write at their desk, on its way to the person."""

from service.conversations import hand_off
from service.conversations.models import Message
from service.gateway.handing_off import WEB, written
from service.gateway.message import phone_country
from service.gateway.messaging.courier import shared_courier
from service.gateway.messaging.people import seal, unseal
from service.gateway.on_database import on_database
from service.gateway.vetted import shared_replies


async def deliver(reply: hand_off.StaffReply) -> None:
    """Keep a reply of the staff in the log, and send it; the same one again is sent once.

    Raises:
        NotOpen, Stopped, Unreadable: it cannot be sent.
        DatabaseError, asyncio.TimeoutError: the log is not there; it may be sent later.
        Full: there is too much to do.
    """
    if reply.channel == WEB:
        await on_database(_keep_for_the_box, reply)
        return
    kept = await on_database(_keep, reply)
    if kept.is_owed:
        to = unseal(kept.sealed)
        who = reply.channel, kept.conversation
        said = shared_replies().from_staff(reply.text)
        await shared_courier().bring(to["platform"], *who, reply.message_id, to["address"], said)


def _keep(reply: hand_off.StaffReply) -> hand_off.Kept:
    return hand_off.keep(reply, Message.Delivery.ON_ITS_WAY, phone_country())


def _keep_for_the_box(reply: hand_off.StaffReply) -> hand_off.Kept:
    """The box reads it in the history: as it was written, as long as the hand-off is open."""

    def sealing(sealed: bytes, id: str) -> bytes:
        return seal({"written": {**written(sealed), id: reply.text}})

    return hand_off.keep(reply, Message.Delivery.SENT, phone_country(), sealing)

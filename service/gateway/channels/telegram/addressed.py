"""Whether a message is for the bot, who wrote it, where the reply goes, and its words without the bot's name."""

import re
from dataclasses import dataclass

from django.conf import settings
from telegram import Chat, Message, MessageEntity, User

from service.gateway.messaging.channel import Address, Malformed

GROUPS = (Chat.GROUP, Chat.SUPERGROUP)
NAMING = (MessageEntity.MENTION, MessageEntity.BOT_COMMAND)
COMMAND = re.compile(r"\A/(start|help|ask)(\s+|\Z)", re.IGNORECASE)  # /ask: the way to speak to a bot in a group


@dataclass(frozen=True)
class Sender:
    """Who wrote, as Update.person; and where the reply goes."""

    person: str
    address: Address


def sender(message: Message) -> Sender | None:
    """Who wrote a message to the bot; None for a message in a group that is not for it, and for one of a bot.

    Raises:
        Malformed: an id is no number.
    """
    who: Chat | User | None = message.sender_chat or message.from_user  # a group's admin may write in its name
    if who is None or message.is_automatic_forward or (isinstance(who, User) and who.is_bot):
        return None
    if message.chat.type == Chat.PRIVATE:
        return Sender(str(number(who.id)), place(message))
    if message.chat.type not in GROUPS or not (_names(message) or _is_reply_to_the_bot(message)):
        return None
    quoted = {"message_id": number(message.message_id), "allow_sending_without_reply": True}
    return Sender(in_group(message, who), {**place(message), "reply_parameters": quoted})


def place(message: Message) -> Address:
    """The chat of a message, and the topic of it where it has topics."""
    address = {"chat_id": number(message.chat.id)}
    if message.is_topic_message:
        address["message_thread_id"] = number(message.message_thread_id)
    return address


def in_group(message: Message, who: User | Chat) -> str:
    """Somebody in the group of a message: another person than the same in a private chat."""
    return f"{number(message.chat.id)}:{number(who.id)}"


def words(message: Message) -> str:
    """What was written, or stands under a photo, without the bot's name and without /start, /help and /ask."""
    units = _units(text(message))
    for start, end in reversed(_names(message)):
        units = units[: 2 * start] + units[2 * end :]
    return COMMAND.sub("", units.decode("utf-16-le", "replace").strip())


def text(message: Message) -> str:
    """What was written, or stands under a photo; "" where neither is."""
    written = message.text if message.text is not None else message.caption
    if written is not None and not isinstance(written, str):
        raise Malformed("the text of a message is no text")
    return written or ""


def number(value: object) -> int:
    """An id.

    Raises:
        Malformed: it is no whole number.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise Malformed("an id is no number")
    return value


def _names(message: Message) -> list[tuple[int, int]]:
    """Where @TheBot stands, alone or at the end of a command, from and to in UTF-16 units as Telegram counts."""
    name = f"@{settings.CHANNEL_SETTINGS['TELEGRAM_BOT_NAME'].removeprefix('@')}".lower()
    units, found = _units(text(message)), []
    for entity in message.entities or message.caption_entities:
        end = entity.offset + entity.length
        named = units[2 * entity.offset : 2 * end].decode("utf-16-le", "replace").lower()
        if entity.type in NAMING and named.endswith(name):
            found.append((end - len(name), end))
    return sorted(found)


def _is_reply_to_the_bot(message: Message) -> bool:
    to = message.reply_to_message
    own_id = settings.CHANNEL_SETTINGS["TELEGRAM_TOKEN"].partition(":")[0]
    return to is not None and to.from_user is not None and str(to.from_user.id) == own_id


def _units(written: str) -> bytes:
    return written.encode("utf-16-le", "surrogatepass")

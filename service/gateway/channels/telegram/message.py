"""What is looked at of a message. All else may change as Telegram likes: no message is lost because of it."""

from typing import Any

from telegram import Message

from service.gateway.messaging.channel import Malformed

LOOKED_AT = (
    *("message_id", "date", "edit_date", "chat", "from", "sender_chat", "is_automatic_forward", "reply_to_message"),
    *("text", "entities", "caption", "caption_entities", "message_thread_id", "is_topic_message", "media_group_id"),
)
WHOSE = ("message_id", "date", "chat", "from")
WITHOUT_WORDS = (  # an animation is a document too, and a venue a location
    *("photo", "live_photo", "voice", "audio", "video", "video_note", "sticker", "animation", "document", "venue"),
    *("location", "contact", "dice", "poll", "story", "game", "paid_media", "checklist"),
)


def read(told: Any) -> Message:
    """A message, without what is not looked at.

    Raises:
        Malformed: it is no object; or what the library raises where its parts are of wrong types.
    """
    return Message.de_json(looked_at(told), None)


def looked_at(told: Any) -> dict[str, Any]:
    """The parts of a message, and of the one that it replies to, that are looked at.

    Raises:
        Malformed: it is no object.
    """
    if not isinstance(told, dict):
        raise Malformed("a message is no object")
    parts = {name: told[name] for name in LOOKED_AT if name in told}
    if isinstance(replied := parts.pop("reply_to_message", None), dict):
        parts["reply_to_message"] = {name: replied[name] for name in WHOSE if name in replied}
    return parts


def without_words(told: dict[str, Any]) -> str | None:
    """What a message holds beside words: "photo", "voice"; None for nothing."""
    return next((name for name in WITHOUT_WORDS if told.get(name)), None)

"""One event of Messenger to the updates that it tells: words, a pressed button, an edit, what has no words."""

import hashlib
import re
from typing import Any

from service.gateway.clean import clean
from service.gateway.messaging.channel import Kind, Malformed, Update

CHANNEL = "facebook"
GET_STARTED = "GET_STARTED"  # the payload of the button that opens a chat, as `set_webhook` sets it
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
NAMES = {
    "image": "photo",
    "audio": "voice",
    "video": "video",
    "file": "file",
    "location": "place",
    "sticker": "sticker",
}
SHARED = "link"  # what is shared: a page, a post, a reel; it comes along with words that hold its address


def updates_of(page: str, event: Any) -> list[Update]:
    """What one event of a Page tells; [] for a receipt, a reaction, the Page's own message and the like.

    Raises:
        Malformed: it tells of words, a button or an edit, and not by whom or by which id.
    """
    if not isinstance(event, dict):
        raise Malformed("an event must be a JSON object")
    if _is_nobodys(page, event):
        return []
    for key, told in (("message", _message), ("postback", _postback), ("message_edit", _edit)):
        if key in event:
            if not isinstance(event[key], dict):
                raise Malformed(f"{key} must be a JSON object")
            return told(page, event, event[key])
    return []


def _message(page: str, event: dict[str, Any], message: dict[str, Any]) -> list[Update]:
    if message.get("is_echo") or message.get("is_deleted"):
        return []
    id, words = _mid(message), _text(message, "text")
    if payload := _text(message.get("quick_reply"), "payload"):
        return [_update(page, event, id, payload, Kind.BUTTON)]
    name = _name(message)
    if not words:
        return [_update(page, event, id, f"[{name or 'message'}]", Kind.UNREADABLE)]
    updates = [_update(page, event, id, words)]
    if name and name != SHARED:
        updates.append(_update(page, event, f"{id}:{name}", f"[{name}]", Kind.UNREADABLE))
    return updates


def _postback(page: str, event: dict[str, Any], postback: dict[str, Any]) -> list[Update]:
    """A button of a message or of the menu; one whose payload belongs to another app counts as its title."""
    payload, title = _text(postback, "payload"), _text(postback, "title")
    if not (payload or title):
        return []
    id = _mid(postback) if postback.get("mid") else _digest(event, payload or title)
    if payload == GET_STARTED:
        return [_update(page, event, id, "[started]", Kind.STARTED)]
    return [_update(page, event, id, payload or title, Kind.BUTTON if payload else Kind.WORDS)]


def _edit(page: str, event: dict[str, Any], edit: dict[str, Any]) -> list[Update]:
    if not (words := _text(edit, "text")):
        return []
    which = edit.get("num_edit", event.get("timestamp"))
    if not isinstance(which, (int, str)):
        raise Malformed("num_edit must be a number")
    return [_update(page, event, f"{_mid(edit)}:edit:{_storable(str(which))}", words, Kind.EDITED)]


def _update(page: str, event: dict[str, Any], id: str, text: str, kind: Kind = Kind.WORDS) -> Update:
    psid = _psid(event)
    if not ID.fullmatch(page):
        raise Malformed("the id of the Page has another form")
    return Update(CHANNEL, id, f"{page}:{psid}", {"recipient": psid}, text, kind)


def _is_nobodys(page: str, event: dict[str, Any]) -> bool:
    """Whether nobody is to be answered: the Page wrote it, or a visitor of a website's plugin, who has no id yet."""
    sender = event.get("sender")
    return isinstance(sender, dict) and ("user_ref" in sender if "id" not in sender else sender["id"] == page)


def _psid(event: dict[str, Any]) -> str:
    """The id that the sender has for this Page."""
    sender = event.get("sender")
    id = sender.get("id") if isinstance(sender, dict) else None
    if not isinstance(id, str) or not ID.fullmatch(id):
        raise Malformed("sender must have an id")
    return id


def _mid(message: dict[str, Any]) -> str:
    if not (mid := _text(message, "mid")):
        raise Malformed("mid must be the id of the message")
    return mid


def _digest(event: dict[str, Any], payload: str) -> str:
    told = (_psid(event), str(event.get("timestamp")), payload)
    return hashlib.sha256("\n".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def _name(message: dict[str, Any]) -> str:
    """What is attached, "" for nothing; what is shared only where there is nothing else."""
    attachments = message.get("attachments")
    names = [_named(one) for one in attachments if isinstance(one, dict)] if isinstance(attachments, list) else []
    return next((name for name in names if name != SHARED), names[0] if names else "")


def _named(attachment: dict[str, Any]) -> str:
    payload, type = attachment.get("payload"), attachment.get("type")
    if isinstance(payload, dict) and payload.get("sticker_id"):
        return "sticker"  # until August 2026 it came as an image
    return NAMES.get(type, SHARED) if isinstance(type, str) else SHARED


def _text(content: Any, key: str) -> str:
    """A text of a JSON object; "" where it is missing, no text, or nothing that anybody sees."""
    text = content.get(key) if isinstance(content, dict) else None
    return _storable(text) if isinstance(text, str) and clean(text, frozenset()) else ""


def _storable(text: str) -> str:
    """The text without halves of characters and NULs, which databases refuse."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")

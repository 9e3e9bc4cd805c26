"""What an update of Telegram tells: words, a pressed button, a photo; and the answer to its request."""

import json
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from telegram import CallbackQuery, Chat, Message

from service.gateway.channels.telegram.addressed import (
    GROUPS,
    Sender,
    in_group,
    number,
    place,
    sender,
    text,
    words,
)
from service.gateway.channels.telegram.message import looked_at, read, without_words
from service.gateway.clean import clean
from service.gateway.messaging.channel import Kind, Malformed, Update

CHANNEL = "telegram"


def parse(request: HttpRequest) -> tuple[Update, ...]:
    """What somebody did: () for what is not for the bot, and for what needs no reply.

    Raises:
        Malformed: the body is no Update of the Bot API.
    """
    content = _content(request)
    try:
        return _updates(content)
    except Malformed:
        raise
    except Exception as error:  # the library checks no types: what is of a wrong one fails wherever it is used
        raise Malformed(f"no Update of the Bot API: {type(error).__name__}") from None


def acknowledge(request: HttpRequest) -> HttpResponse:
    """Nothing; for a button, the call that ends its waiting sign, which spares a request of our own.

    Source: core.telegram.org/bots/api#making-requests-when-getting-updates.
    """
    query = _content(request).get("callback_query")
    id = query.get("id") if isinstance(query, dict) else None
    if not isinstance(id, str):
        return HttpResponse()
    return JsonResponse({"method": "answerCallbackQuery", "callback_query_id": id})


def _content(request: HttpRequest) -> dict[str, Any]:
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError, RequestDataTooBig):
        raise Malformed("the body is no JSON") from None
    if not isinstance(content, dict):
        raise Malformed("the body is no JSON object")
    return content


def _updates(content: dict[str, Any]) -> tuple[Update, ...]:
    id = str(number(content.get("update_id")))
    if query := content.get("callback_query"):
        return _pressed(id, query)
    if told := content.get("message"):
        message = read(told)
        who = sender(message)
        return (*_written(id, message, who), *_wordless(id, message, who, without_words(told))) if who else ()
    if told := content.get("edited_message"):
        message = read(told)
        who = sender(message)
        return _edited(id, message, who) if who else ()
    return ()


def _written(id: str, message: Message, who: Sender) -> tuple[Update, ...]:
    """The words; /start and a bare @TheBot open the chat, and so does what holds nothing that can be seen."""
    said = words(message)
    if clean(said, frozenset()):
        return (_update(id, who, said, Kind.WORDS),)
    return () if message.text is None else (_update(id, who, "[start]", Kind.STARTED),)


def _wordless(id: str, message: Message, who: Sender, what: str | None) -> tuple[Update, ...]:
    """A photo and the like. The photos of an album come one by one, and are one thing that is asked to be written."""
    if what is None:
        return ()
    album = f"album {message.media_group_id}" if message.media_group_id else ""
    own = f"{id}:{what}" if text(message) else id
    return (_update(album or own, who, f"[{what.replace('_', ' ')}]", Kind.UNREADABLE),)


def _edited(id: str, message: Message, who: Sender) -> tuple[Update, ...]:
    said = words(message)
    if message.edit_date is None or not clean(said, frozenset()):
        return ()
    return (_update(f"{id}:edited:{message.edit_date.timestamp():.0f}", who, said, Kind.EDITED),)


def _pressed(id: str, told: dict[str, Any]) -> tuple[Update, ...]:
    """A button under a message that Telegram still knows; a game's button has no payload."""
    under = {"message": looked_at(told["message"])} if "message" in told else {}
    query = CallbackQuery.de_json({**told, **under}, None)
    message = query.message
    if not isinstance(message, Message) or not message.is_accessible or query.data is None:
        return ()
    if not isinstance(query.data, str):
        raise Malformed("the payload of a button is no text")
    if not clean(query.data, frozenset()) or message.chat.type not in (Chat.PRIVATE, *GROUPS):
        return ()
    is_private = message.chat.type == Chat.PRIVATE
    person = str(number(query.from_user.id)) if is_private else in_group(message, query.from_user)
    return (_update(id, Sender(person, place(message)), query.data, Kind.BUTTON),)


def _update(id: str, who: Sender, said: str, kind: Kind) -> Update:
    return Update(CHANNEL, id, who.person, who.address, said, kind, is_private=who.address["chat_id"] > 0)

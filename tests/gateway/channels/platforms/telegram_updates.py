"""Updates of the Bot API in the documented form (core.telegram.org/bots/api#update), each with an id of its own."""

import re
from itertools import count
from typing import Any

BOT_ID = 7012345678
BOT_NAME = "BaclofenFaqBot"
GROUP = -1001234567890
AT = 1_760_000_000
BOT = {"id": BOT_ID, "is_bot": True, "first_name": "Baclofen FAQ", "username": BOT_NAME}
FILE = {"file_id": "AgACAgIAAxkBAAIB", "file_unique_id": "AQADyLkxG8h", "file_size": 1253}
PICTURE = {**FILE, "width": 90, "height": 67}
PLACE = {"latitude": 51.5, "longitude": -0.12}
ENTITY = re.compile(r"(?<![\w/@])(/[A-Za-z0-9_]{1,32}(?:@\w{5,32})?|@\w{5,32})(?!\w)")

WITHOUT_WORDS: dict[str, dict[str, Any]] = {
    "photo": {"photo": [PICTURE, {**PICTURE, "width": 320, "height": 240}]},
    "voice": {"voice": {**FILE, "duration": 4, "mime_type": "audio/ogg"}},
    "audio": {"audio": {**FILE, "duration": 4}},
    "video": {"video": {**PICTURE, "duration": 4}},
    "video_note": {"video_note": {**FILE, "length": 240, "duration": 4}},
    "sticker": {"sticker": {**PICTURE, "type": "regular", "is_animated": False, "is_video": False, "emoji": "😀"}},
    "animation": {"animation": {**PICTURE, "duration": 2}, "document": FILE},
    "file": {"document": {**FILE, "file_name": "letter.pdf", "mime_type": "application/pdf"}},
    "place": {"location": PLACE},
    "venue": {"venue": {"location": PLACE, "title": "Clinic", "address": "1 High Street"}, "location": PLACE},
    "contact": {"contact": {"phone_number": "+442071838750", "first_name": "Ann"}},
    "dice": {"dice": {"emoji": "🎲", "value": 3}},
}
SERVICE: dict[str, dict[str, Any]] = {
    "joined": {"new_chat_members": [BOT]},
    "left": {"left_chat_member": BOT},
    "group_made": {"group_chat_created": True},
    "new_title": {"new_chat_title": "Family"},
    "topic_made": {"forum_topic_created": {"name": "Dad", "icon_color": 7322096}},
    "moved": {"migrate_to_chat_id": GROUP},
    "timer": {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
}


def user(person: str) -> dict[str, Any]:
    return {"id": int(person), "is_bot": False, "first_name": "Ann", "last_name": "Roe", "language_code": "en"}


def private(person: str) -> dict[str, Any]:
    return {"id": int(person), "type": "private", "first_name": "Ann", "last_name": "Roe"}


def group(id: int = GROUP) -> dict[str, Any]:
    return {"id": id, "type": "supergroup", "title": "Family"}


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def entities(text: str) -> list[dict[str, Any]]:
    """The names and commands that Telegram finds in a text."""
    return [
        {
            "type": "bot_command" if found[0].startswith("/") else "mention",
            "offset": units(text[: found.start()]),
            "length": units(found[0]),
        }
        for found in ENTITY.finditer(text)
    ]


class Updates:
    """Makes updates, numbered as Telegram does."""

    def __init__(self) -> None:
        self._updates, self._messages = count(870_000_001), count(101)

    def update(self, **what: Any) -> dict[str, Any]:
        return {"update_id": next(self._updates), **what}

    def message(self, person: str, chat: dict[str, Any] | None = None, **content: Any) -> dict[str, Any]:
        where = chat or private(person)
        return {"message_id": next(self._messages), "from": user(person), "chat": where, "date": AT, **content}

    def written(self, person: str, text: str, chat: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        found = entities(text)
        return self.message(person, chat, text=text, **({"entities": found} if found else {}), **more)

    def of_the_bot(self, chat: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        return {"message_id": next(self._messages), "from": BOT, "chat": chat, "date": AT, "text": text, **more}

    def pressed(self, person: str, message: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
        id = str(4_382_000_000_000_000_000 + next(self._updates))
        query = {"id": id, "from": user(person), "chat_instance": "-42", **more}
        return self.update(callback_query={**query, **({"message": message} if message else {})})

    def without_reply(self, person: str) -> dict[str, dict[str, Any]]:
        """What is no message to the bot, or holds nothing to answer."""
        chat, words = private(person), "my dad is having a seizure"
        post = {"message_id": 7, "chat": {"id": -1009, "type": "channel", "title": "News"}, "date": AT, "text": words}
        member = {"chat": chat, "from": user(person), "date": AT}
        states = {
            "old_chat_member": {"user": BOT, "status": "member"},
            "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
        }
        reaction = {"old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}]}
        inline = {"id": "77", "from": user(person), "query": words, "offset": ""}
        unseen = {"chat": chat, "message_id": 3, "date": 0}
        told: dict[str, dict[str, Any]] = {
            "reaction": self.update(
                message_reaction={"chat": chat, "message_id": 3, "user": user(person), "date": AT, **reaction}
            ),
            "blocked": self.update(my_chat_member={**member, **states}),
            "channel_post": self.update(channel_post=post),
            "edited_channel_post": self.update(edited_channel_post={**post, "edit_date": AT + 9}),
            "inline_query": self.update(inline_query=inline),
            "poll_answer": self.update(poll_answer={"poll_id": "5", "user": user(person), "option_ids": [0]}),
            "game_button": self.pressed(person, self.of_the_bot(chat, "Play"), game_short_name="chess"),
            "button_of_a_lost_message": self.pressed(person, unseen, data="/ask_timeline"),
            "inline_button": self.pressed(person, None, inline_message_id="AA", data="/ask_timeline"),
            "echo": self.update(message=self.of_the_bot(chat, words)),
            "not_addressed": self.update(message=self.written(person, words, group())),
            "another_bot": self.update(message=self.written(person, f"@AnotherBot {words}", group())),
            "command_of_another_bot": self.update(message=self.written(person, f"/start@AnotherBot {words}", group())),
            "bare_command_in_a_group": self.update(message=self.written(person, "/start", group())),
            "photo_in_a_group": self.update(message=self.message(person, group(), **WITHOUT_WORDS["photo"])),
            "moving_place": self.update(
                edited_message=self.message(person, edit_date=AT + 9, location={**PLACE, "live_period": 900})
            ),
            "not_known_yet": self.update(something_of_next_year={"chat": chat}),
            "nothing": self.update(),
        }
        return told | {name: self.update(message=self.message(person, group(), **s)) for name, s in SERVICE.items()}

    def malformed(self, person: str) -> dict[str, Any]:
        """JSON that is no Update."""
        message = self.message(person, text="my dad is having a seizure")
        return {
            "a_list": [self.update(message=message)],
            "a_text": "my dad is having a seizure",
            "null": None,
            "no_id": {"message": message},
            "id_is_text": {"update_id": "870000001", "message": message},
            "message_is_a_list": self.update(message=[message]),
            "no_chat": self.update(message={name: value for name, value in message.items() if name != "chat"}),
            "chat_id_is_text": self.update(message={**message, "chat": {"id": "1; drop", "type": "private"}}),
            "text_is_a_number": self.update(message={**message, "text": 911}),
            "text_is_an_object": self.update(message={**message, "text": {"$ne": ""}}),
            "date_is_text": self.update(message={**message, "date": "today"}),
            "date_is_huge": self.update(message={**message, "date": 10**30}),
            "entities_are_a_number": self.update(message={**message, "entities": 5}),
            "entity_at_a_text": self.update(
                message={**message, "entities": [{"type": "mention", "offset": "0", "length": 5}]}
            ),
            "user_without_id": self.update(message={**message, "from": {"is_bot": False, "first_name": "Ann"}}),
            "button_without_user": self.update(
                callback_query={"id": "1", "chat_instance": "2", "data": "/affirm", "message": message}
            ),
            "button_is_a_text": self.update(callback_query="/affirm"),
            "payload_is_a_list": self.pressed(person, self.of_the_bot(private(person), "Yes?"), data=["/affirm"]),
        }

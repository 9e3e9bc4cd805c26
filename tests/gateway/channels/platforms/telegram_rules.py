"""The rules of core.telegram.org/bots/api for what a bot sends."""

import json
import re
from typing import Any

from tests.gateway.channels.platforms.platform import Answer, Asked
from tests.gateway.channels.platforms.telegram_updates import units

LONGEST_TEXT, MOST_ENTITIES, MOST_BUTTONS, MOST_IN_A_ROW, LONGEST_PAYLOAD = 4096, 100, 100, 8, 64
OF_SEND = {
    *("chat_id", "text", "entities", "parse_mode", "link_preview_options", "reply_markup", "message_thread_id"),
    *("reply_parameters", "disable_notification", "protect_content"),
}
KINDS_OF_BUTTON = {"url", "callback_data", "web_app", "switch_inline_query", "copy_text", "pay"}
KINDS_OF_UPDATE = {"message", "edited_message", "callback_query"}


class Refused(Exception):
    """What Telegram does not do, with its code and its words."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def answer(self) -> Answer:
        body = {"ok": False, "error_code": self.code, "description": self.description}
        return Answer(self.code, {**body, **({"parameters": self.parameters} if self.parameters else {})})


def demand(is_so: object, description: str) -> None:
    if not is_so:
        raise Refused(400, f"Bad Request: {description}")


def parameters(asked: Asked) -> dict[str, Any]:
    """Parameters in any of the documented forms but multipart."""
    if "json" in asked.headers.get("content-type", ""):
        return dict(asked.json())
    given: dict[str, Any] = {**asked.query, **asked.form()}
    for name, value in given.items():
        if name not in ("text", "url", "secret_token", "callback_query_id"):
            given[name] = json.loads(value)
    return given


def check_text(given: dict[str, Any]) -> None:
    text, entities = given.get("text"), given.get("entities", [])
    demand(isinstance(text, str) and text.strip(), "message text is empty")
    demand(units(text) <= LONGEST_TEXT, "message is too long")
    demand("parse_mode" not in given or not entities, "parse_mode and entities exclude each other")
    demand(len(entities) <= MOST_ENTITIES, "too many entities")
    for entity in entities:
        demand(entity["offset"] >= 0 and entity["length"] > 0, "entity out of range")
        demand(entity["offset"] + entity["length"] <= units(text), "entity out of range")
        linked = entity["type"] != "text_link" or re.match(r"https?://\S+$", entity["url"])
        demand(linked, "a link is no address")


def buttons(markup: Any) -> list[dict[str, Any]]:
    if markup is None:
        return []
    rows = markup["inline_keyboard"]
    demand(rows and all(0 < len(row) <= MOST_IN_A_ROW for row in rows), "a row without buttons, or with too many")
    found = [button for row in rows for button in row]
    demand(len(found) <= MOST_BUTTONS, "too many buttons")
    for button in found:
        demand(button["text"].strip(), "a button without a title")
        demand(len(KINDS_OF_BUTTON & set(button)) == 1, "a button must have exactly one use")
        payload = button["callback_data"].encode()
        demand(1 <= len(payload) <= LONGEST_PAYLOAD, "BUTTON_DATA_INVALID")
    return found

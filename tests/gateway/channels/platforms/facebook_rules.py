"""What the Graph API refuses, and Messenger's rules for a message."""

from typing import Any

from tests.gateway.channels.platforms.platform import Answer

LONGEST_TEXT, LONGEST_TITLE, LONGEST_PAYLOAD, MOST_QUICK_REPLIES = 2000, 20, 1000, 13
MESSAGE_KEYS = {"text", "quick_replies"}


class Refused(Exception):
    """What the Graph API answers with an error object."""

    def __init__(self, why: str, code: int, subcode: int = 0, status: int = 400) -> None:
        super().__init__(why)
        self.why, self.code, self.subcode, self.status = why, code, subcode, status

    def answer(self) -> Answer:
        error = {"message": self.why, "type": "OAuthException", "code": self.code, "fbtrace_id": "A1B2C3"}
        return Answer(self.status, {"error": error | ({"error_subcode": self.subcode} if self.subcode else {})})


def quick_replies_of(message: dict[str, Any]) -> list[dict[str, str]]:
    """The quick replies of a message that Messenger takes."""
    require(set(message) <= MESSAGE_KEYS, f"a message holds {MESSAGE_KEYS}")
    text = message.get("text")
    require(isinstance(text, str) and bool(text.strip()), "Message cannot be empty, must provide valid text")
    require(len(text.encode("utf-16-le")) // 2 <= LONGEST_TEXT, "Length of text must be at most 2000")
    quick_replies = message.get("quick_replies", [])
    require(isinstance(quick_replies, list) and len(quick_replies) <= MOST_QUICK_REPLIES, "at most 13 quick replies")
    require("quick_replies" not in message or bool(quick_replies), "quick_replies must not be empty")
    for one in quick_replies:
        require(set(one) == {"content_type", "title", "payload"}, "a quick reply has content_type, title, payload")
        require(one["content_type"] == "text", "content_type must be text")
        require(1 <= len(one["title"].strip()) <= LONGEST_TITLE, "a title has at most 20 characters")
        require(1 <= len(one["payload"]) <= LONGEST_PAYLOAD, "a payload has at most 1000 characters")
        require(one["payload"] not in text and one["payload"] != one["title"], "a payload is visible")
    return quick_replies


def require(is_so: bool, why: str) -> None:
    if not is_so:
        raise Refused(why, 100)

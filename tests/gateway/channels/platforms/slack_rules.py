"""What Slack's documentation asks of a message with blocks, and how one is shown."""

import re
from typing import Any

MOST_BLOCKS, MOST_ELEMENTS = 50, 25
LONGEST = {"section": 3000, "title": 75, "value": 2000, "action_id": 255, "fallback": 4000, "label": 75}
LONGEST_BLOCKS = 13_000  # of all blocks together: not documented, slackapi/bolt-js#2509
TOKEN = re.compile(r"<((?:https?://|mailto:|tel:)[^<>|\s]+)(?:\|([^<>]+))?>")
LOOSE = re.compile(r"[<>]|&(?!(?:amp|lt|gt);)")
THREAD = re.compile(r"\d{5,}\.\d+")
Fields = dict[str, Any]


class Broken(Exception):
    """A message that Slack refuses, or that its documentation advises against."""

    def __init__(self, code: str, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


def check(message: Fields) -> None:
    """Raise Broken for the first rule that is broken."""
    text, blocks = message.get("text"), message.get("blocks")
    _must(isinstance(text, str) and text.strip(), "no_text", "there is no text for notifications and screen readers")
    _must(len(text) <= LONGEST["fallback"], "msg_too_long", "the text is longer than recommended")
    _must(not LOOSE.search(TOKEN.sub("", text)), "invalid_arguments", "&, < or > in the text is not escaped")
    _must(isinstance(blocks, list) and 0 < len(blocks) <= MOST_BLOCKS, "invalid_blocks", "no blocks, or too many")
    _must("thread_ts" not in message or THREAD.fullmatch(message["thread_ts"]), "invalid_thread_ts", "no thread")
    for block in blocks:
        _must(block.get("type") in ("section", "actions"), "invalid_blocks", f"no such block: {block.get('type')}")
        (_check_section if block["type"] == "section" else _check_actions)(block)
    ids = [button["action_id"] for button in _buttons(blocks)]
    _must(len(ids) == len(set(ids)), "invalid_blocks", "two buttons have one action_id")
    whole = sum(len(block.get("text", {}).get("text", "")) for block in blocks)
    _must(whole < LONGEST_BLOCKS, "msg_blocks_too_long", "the blocks are too long together")


def words_of(message: Fields) -> str:
    """What is read in the message, without the choices."""
    sections = [one for one in message["blocks"] if one["type"] == "section" and "accessory" not in one]
    return "\n".join(_read(section["text"]["text"]) for section in sections)


def choices_of(message: Fields) -> list[tuple[str, str]]:
    """(title, value) of each button; the title of one at the end of a section is the section's text."""
    choices = []
    for block in message["blocks"]:
        if block["type"] == "actions":
            choices += [(button["text"]["text"], button["value"]) for button in block["elements"]]
        elif "accessory" in block:
            choices.append((_read(block["text"]["text"]), block["accessory"]["value"]))
    return choices


def _read(markup: str) -> str:
    shown = TOKEN.sub(lambda token: token[2] or token[1], markup)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _check_section(block: Fields) -> None:
    text = block.get("text", {})
    _must(text.get("type") == "mrkdwn" and text.get("text", "").strip(), "invalid_blocks", "a section without text")
    _must(len(text["text"]) <= LONGEST["section"], "invalid_blocks", "a section is too long")
    _must(not LOOSE.search(TOKEN.sub("", text["text"])), "invalid_blocks", "&, < or > in a section is not escaped")
    if "accessory" in block:
        _check_button(block["accessory"])


def _check_actions(block: Fields) -> None:
    _must(0 < len(block.get("elements", ())) <= MOST_ELEMENTS, "invalid_blocks", "no buttons, or too many")
    for button in block["elements"]:
        _check_button(button)


def _check_button(button: Fields) -> None:
    _must(button.get("type") == "button", "invalid_blocks", "no button")
    _must(button["text"].get("type") == "plain_text", "invalid_blocks", "a title that is no plain text")
    sizes = {
        "title": button["text"].get("text", ""),
        "value": button.get("value", ""),
        "action_id": button.get("action_id", ""),
        "label": button.get("accessibility_label", "-"),
    }
    for what, value in sizes.items():
        _must(0 < len(value) <= LONGEST[what], "invalid_blocks", f"the {what} of a button is empty or too long")


def _buttons(blocks: list[Fields]) -> list[Fields]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [*(button for row in rows for button in row), *(one["accessory"] for one in blocks if "accessory" in one)]


def _must(is_so: object, code: str, why: str) -> None:
    if not is_so:
        raise Broken(code, why)

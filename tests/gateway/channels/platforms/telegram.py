"""Telegram's Bot API: what the bot sends is checked by core.telegram.org/bots/api."""

import base64
import hashlib
import hmac
import json
import re
from typing import Any

import httpx

from tests.gateway.channels.platforms.platform import Answer, Asked, Platform, Post, Shown
from tests.gateway.channels.platforms.telegram_rules import (
    KINDS_OF_UPDATE,
    OF_SEND,
    Refused,
    buttons,
    check_text,
    demand,
    parameters,
)
from tests.gateway.channels.platforms.telegram_updates import (
    AT,
    BOT,
    BOT_ID,
    BOT_NAME,
    WITHOUT_WORDS,
    Updates,
    group,
)

TOKEN = f"{BOT_ID}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
SECRET = "s3cret-of-the-webhook_0123456789abcdef"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Telegram(Platform):
    name = channel = "telegram"

    def __init__(self) -> None:
        self.updates = Updates()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.hook: dict[str, Any] = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        self.bot_name = BOT_NAME
        self._chats: dict[int, dict[str, Any]] = {}
        self._blocking: set[int] = set()
        self._moved: dict[int, int] = {}
        self._retries: dict[tuple[str, str], Post] = {}
        self._sent: list[tuple[Shown, dict[str, Any]]] = []
        self._queries: dict[bytes, str] = {}  # of the bodies of pressed buttons
        self._waiting: set[str] = set()  # those whose button shows a waiting sign
        super().__init__()

    def environment(self) -> dict[str, str]:
        names = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET, "TELEGRAM_BOT_NAME": BOT_NAME}
        return {**names, "TELEGRAM_API_URL": self.url}

    # What people do

    def words(self, person: str, text: str, id: str | None = None) -> Post:
        key = (person, id or "")
        if id is None or key not in self._retries:
            self._retries[key] = self.told(self.updates.update(message=self.updates.written(person, text)))
        return self._retries[key]

    def in_group(self, person: str, text: str, id: int | None = None, **more: Any) -> Post:
        """Somebody writes in a group that the bot is in; its messages are shown to str(id of the group)."""
        chat = group(id) if id else group()
        return self.told(self.updates.update(message=self.updates.written(person, text, chat, **more)))

    def captioned(self, person: str, caption: str) -> Post:
        message = self.updates.message(person, caption=caption, **WITHOUT_WORDS["photo"])
        return self.told(self.updates.update(message=message))

    def press(self, person: str, shown: Shown, choice: int) -> Post:
        message = next(message for one, message in self._sent if one is shown)
        return self.told(self.updates.pressed(person, message, data=shown.payloads[choice]))

    def without_words(self, person: str) -> dict[str, Post]:
        return {
            name: self.told(self.updates.update(message=self.updates.message(person, **content)))
            for name, content in WITHOUT_WORDS.items()
        }

    def without_reply(self, person: str) -> dict[str, Post]:
        return {name: self.told(update) for name, update in self.updates.without_reply(person).items()}

    def edited(self, person: str, text: str) -> Post:
        message = self.updates.written(person, text, edit_date=AT + 20)
        return self.told(self.updates.update(edited_message=message))

    def malformed(self, person: str) -> dict[str, Post]:
        posts = {name: self._post(json.dumps(one).encode()) for name, one in self.updates.malformed(person).items()}
        deep = b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
        bodies = {"empty": b"", "no_json": b"update_id=1", "cut_off": b'{"update_id": 1, "mess', "deep": deep}
        bodies |= {"no_utf8": b'{"update_id": 1, "message": "\xff\xfe"}'}
        return posts | {name: self._post(body) for name, body in bodies.items()}

    def forgeries(self, person: str) -> dict[str, Post]:
        update = self.updates.update(message=self.updates.written(person, "my dad is having a seizure right now"))
        body = json.dumps(update).encode()
        tokens = {
            "empty": "",
            "another_secret": "Zq3v_pT9-kxW2mZr7LbN4dYc",
            "beginning_of_it": SECRET[:-1],
            "one_character_more": f"{SECRET}A",
            "other_capitals": SECRET.swapcase(),
            "twice": f"{SECRET}, {SECRET}",
            "first_of_two": f"{SECRET},guess",
            "quoted": f'"{SECRET}"',
            "base64": base64.b64encode(SECRET.encode()).decode(),
            "hash": hashlib.sha256(SECRET.encode()).hexdigest(),
            "signature_of_the_body": hmac.new(SECRET.encode(), body, "sha256").hexdigest(),
            "token_of_the_bot": TOKEN,
            "null": "null",
            "long": "A" * 4000,
        }
        posts = {name: self._post(body, {HEADER: token}) for name, token in tokens.items()}
        posts |= {
            "no_header": self._post(body, {}),
            "another_header": self._post(body, {"X-Telegram-Secret-Token": SECRET}),
            "bearer": self._post(body, {"Authorization": f"Bearer {SECRET}"}),
            "cookie": self._post(body, {"Cookie": f"{HEADER}={SECRET}"}),
            "address": Post(body, {"content-type": "application/json"}, query=f"secret_token={SECRET}"),
            "body": self._post(json.dumps({**update, "secret_token": SECRET}).encode(), {}),
        }
        return posts

    def refuse(self, person: str) -> None:
        self._blocking.add(int(person))

    def move(self, old: int, new: int) -> None:
        """A group becomes a supergroup."""
        self._moved[old] = new
        self._chats[new] = {**self._chats[old], "id": new}

    def too_many(self, wait_seconds: int) -> Answer:
        refused = Refused(429, f"Too Many Requests: retry after {wait_seconds}", retry_after=wait_seconds)
        return Answer(429, refused.answer().body, {"Retry-After": str(wait_seconds)})

    def told(self, update: dict[str, Any]) -> Post:
        """An update as it is posted; its chat is known from then on, and its button waits."""
        post = self._post(json.dumps(update).encode())
        chat = update.get("message", {}).get("chat")
        if chat:
            topics = {*self._chats.get(chat["id"], {}).get("topics", ()), update["message"].get("message_thread_id")}
            self._chats[chat["id"]] = {**chat, "topics": topics}
        if query := update.get("callback_query"):
            self._queries[post.body] = query["id"]
            self._waiting.add(query["id"])
        return post

    def post(self, post: Post) -> httpx.Response:
        """Post it, and do what the answer calls for."""
        response = super().post(post)
        if not response.is_success:
            return response
        if response.content:
            call = response.json()
            self._call(call.pop("method", ""), call)
        if self._queries.get(post.body) in self._waiting:
            self.violations.append("a pressed button waits on: its query was not answered")
        return response

    # What the bot asks for

    def answer(self, asked: Asked) -> Answer:
        path = re.fullmatch(r"/bot([^/]+)/(\w+)", asked.path)
        if path is None or path[1] != TOKEN:
            self.violations.append("the token is wrong")
            return Refused(401, "Unauthorized").answer()
        return self._call(path[2], parameters(asked))

    def _call(self, method: str, given: dict[str, Any]) -> Answer:
        self.asked.append((method, given))
        does = {
            "sendMessage": self._send_message,
            "answerCallbackQuery": self._answer_query,
            "setWebhook": self._set_webhook,
            "getWebhookInfo": lambda _: self.hook,
            "getMe": lambda _: {**BOT, "username": self.bot_name},
        }
        try:
            if method not in does:
                raise Refused(404, "Not Found")
            return Answer(200, {"ok": True, "result": does[method](given)})
        except Refused as refused:
            if refused.code in (400, 404) and not refused.parameters:
                self.violations.append(f"{method}: {refused.description}")
            return refused.answer()

    def _send_message(self, given: dict[str, Any]) -> dict[str, Any]:
        demand(not (unknown := set(given) - OF_SEND), f"unknown parameters {unknown}")
        chat = self._chat(given.get("chat_id"))
        check_text(given)
        pressable = buttons(given.get("reply_markup"))
        if topic := given.get("message_thread_id"):
            demand(topic in chat.get("topics", ()), "message thread not found")
        reply = given.get("reply_parameters")
        demand(reply is None or reply["allow_sending_without_reply"] is True, "message to be replied not found")
        known = {name: given[name] for name in ("text", "entities", "reply_markup") if name in given}
        message = self.updates.of_the_bot({k: v for k, v in chat.items() if k != "topics"}, **known)
        titles, payloads = tuple(b["text"] for b in pressable), tuple(b["callback_data"] for b in pressable)
        shown = Shown(str(chat["id"]), given["text"], titles, payloads)
        self._sent.append((shown, message))
        self.messages.append(shown)
        return message

    def _chat(self, id: Any) -> dict[str, Any]:
        if id in self._moved:
            raise Refused(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=self._moved[id]
            )
        if id in self._blocking:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        demand(id in self._chats, "chat not found")
        return self._chats[id]

    def _answer_query(self, given: dict[str, Any]) -> bool:
        demand(isinstance(given.get("callback_query_id"), str), "query is too old or the query ID is invalid")
        demand(set(given) <= {"callback_query_id", "text", "show_alert", "cache_time"}, "unknown parameters")
        self._waiting.discard(given["callback_query_id"])
        return True

    def _set_webhook(self, given: dict[str, Any]) -> bool:
        demand(str(given.get("url")).startswith("https://"), "bad webhook: An HTTPS URL must be provided for webhook")
        secret = given.get("secret_token", "")
        demand(re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret), "secret token contains unallowed characters")
        demand(set(given.get("allowed_updates", ())) == KINDS_OF_UPDATE, "the kinds of updates are others")
        demand(not given.get("drop_pending_updates"), "what people wrote meanwhile would be lost")
        self.hook |= {"url": given["url"], "allowed_updates": given["allowed_updates"]}
        return True

    def _post(self, body: bytes, headers: dict[str, str] | None = None) -> Post:
        own = {HEADER: SECRET} if headers is None else headers
        return Post(body, {"content-type": "application/json", **own})

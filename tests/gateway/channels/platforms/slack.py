"""Slack: the Web API's chat.postMessage, and the Events API and Interactivity with signed requests.

Rules: https://docs.slack.dev/reference/methods/chat.postMessage, /reference/block-kit,
/messaging/formatting-message-text, /authentication/verifying-requests-from-slack.
"""

import hashlib
import itertools
import json
import re
import time
import urllib.parse
from typing import Any

from tests.gateway.channels.platforms.platform import Answer, Asked, Platform, Post, Shown
from tests.gateway.channels.platforms.slack_forgeries import FORM, JSON, SECRET, forgeries, signed_headers
from tests.gateway.channels.platforms.slack_rules import Broken, check, choices_of, words_of

TOKEN = "xoxb-1234567890-abcdefghijklmnopqrstuvwx"
TEAM, APP, BOT, CHANNEL = "T0CLINIC01", "A0BACLOFEN", "U0BOT00001", "C0GENERAL1"
EMERGENCY = "my son has a seizure right now"
Fields = dict[str, Any]


class Slack(Platform):
    """A person is their user id, U and nine or more capitals and digits."""

    name = channel = "slack"

    def __init__(self) -> None:
        self.posted: list[Fields] = []  # what the bot sent, as it was sent
        self._people: dict[str, str] = {CHANNEL: CHANNEL}  # who sees a channel, by its id
        self._refused: set[str] = set()
        self._numbers = itertools.count(1)
        super().__init__()

    def environment(self) -> dict[str, str]:
        return {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET, "SLACK_API_URL": f"{self.url}/api/"}

    def answer(self, asked: Asked) -> Answer:
        if (asked.method, asked.path) != ("POST", "/api/chat.postMessage"):
            return self._broken("unknown_method", f"{asked.method} {asked.path} is no method of the Web API")
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return self._broken("invalid_auth", "the token is missing or wrong")
        if not asked.headers.get("content-type", "").startswith(JSON):
            return self._broken("invalid_post_type", "blocks come as JSON")
        message = asked.json()
        if message.get("channel") not in self._people:
            return self._broken("channel_not_found", "a message to a channel that the bot was never written to in")
        try:
            check(message)
        except Broken as broken:
            return self._broken(broken.code, broken.why)
        if message["channel"] in self._refused:
            return Answer(200, {"ok": False, "error": "channel_not_found"})
        return self._show(message)

    def _broken(self, code: str, why: str) -> Answer:
        self.violations.append(f"{code}: {why}")
        return Answer(200, {"ok": False, "error": code})

    def _show(self, message: Fields) -> Answer:
        to, choices = self._people[message["channel"]], choices_of(message)
        titles, payloads = tuple(title for title, _ in choices), tuple(value for _, value in choices)
        self.posted.append(message)
        self.messages.append(Shown(to, words_of(message), titles, payloads))
        return Answer(200, {"ok": True, "channel": message["channel"], "ts": self._ts(), "message": {}})

    def words(self, person: str, text: str, id: str | None = None) -> Post:
        """A retry has the same event_id and client_msg_id; Slack signs it anew, with the time of the retry."""
        event = self.message(person, text, **({"ts": f"{_number(id)}.000100"} if id else {}))
        post = self.event(event, f"Ev{_number(id)}" if id else None)
        return Post(post.body, {**post.headers, "X-Slack-Retry-Num": "1"}) if id else post

    def press(self, person: str, shown: Shown, choice: int) -> Post:
        return self.pressed(self.direct(person), person, shown.payloads[choice], choice + 1)

    def pressed(self, channel: str, user: str, value: str, number: int = 1, **container: str) -> Post:
        at = self._ts()
        element = {"type": "button", "block_id": "yA1", "action_id": f"choice_{number}", "value": value}
        return self.interaction(
            {
                "type": "block_actions",
                "user": {"id": user, "username": "pat", "name": "pat", "team_id": TEAM},
                "api_app_id": APP,
                "token": "Shh_its_a_seekrit",
                "container": {
                    "type": "message",
                    "message_ts": at,
                    "channel_id": channel,
                    "is_ephemeral": False,
                    **container,
                },
                "trigger_id": "12466734323.1395872398",
                "team": {"id": TEAM, "domain": "clinic"},
                "enterprise": None,
                "is_enterprise_install": False,
                "channel": {"id": channel, "name": "directmessage"},
                "message": {"bot_id": "B0BOT", "type": "message", "text": "...", "user": BOT, "ts": at},
                "response_url": "https://hooks.slack.com/actions/AABA1ABCD/1232321423432/D09sSasdasdAS9091209",
                "actions": [{**element, "text": {"type": "plain_text", "text": "..."}, "action_ts": self._ts()}],
            }
        )

    def mention(self, person: str, text: str, channel: str = CHANNEL, **more: Any) -> Post:
        """Somebody mentions the bot in a channel; `text` holds the mention."""
        self._people.setdefault(channel, channel)
        event = {"type": "app_mention", "user": person, "text": text, "ts": self._ts(), "channel": channel}
        return self.event({**event, "event_ts": event["ts"], **more})

    def without_words(self, person: str) -> dict[str, Post]:
        kinds = {"photo": "image/jpeg", "voice": "audio/mp4", "video": "video/mp4", "file": "application/pdf"}
        posts = {}
        for kind, mimetype in kinds.items():
            file = {"id": "F0PD4J0D1", "mimetype": mimetype, "name": "it", "url_private": "https://files.slack.com/x"}
            posts[kind] = self.event(self.message(person, "", subtype="file_share", files=[file], upload=False))
        shared = [{"is_share": True, "author_id": "U0OTHER", "text": "he is ill", "fallback": "he is ill"}]
        return {**posts, "message passed on": self.event(self.message(person, "", attachments=shared))}

    def without_reply(self, person: str) -> dict[str, Post]:
        text, direct = EMERGENCY, self.direct(person)
        old = self.message(person, text)
        gone = {**old, "subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
        bots = self.message(person, text, subtype="bot_message", bot_id="B0OTHER")
        bots.pop("user")
        reaction = {
            "type": "reaction_added",
            "user": person,
            "reaction": "sos",
            "item": {"type": "message", "ts": "1.2"},
        }
        events = {
            "another bot": bots,
            "another app": self.message(person, text, bot_id="B0OTHER", app_id="A0OTHER"),
            "the bot's own": {**self.message(person, text), "user": BOT},
            "deleted": {**self.message(person, ""), "subtype": "message_deleted", "previous_message": old},
            "link shown": self._changed(direct, {**old, "attachments": [{"title": "x"}]}, old),
            "thread deleted": self._changed(direct, gone, old),
            "channel join": {**self.message(person, f"<@{person}> has joined"), "subtype": "channel_join"},
            "not addressed": {**self.message(person, text), "channel": CHANNEL, "channel_type": "channel"},
            "group not addressed": {**self.message(person, text), "channel": "G0GROUP001", "channel_type": "mpim"},
            "mention told as well": {**self.message(person, text), "type": "app_mention"},
            "reaction": reaction,
            "bot joins": {"type": "member_joined_channel", "user": BOT, "channel": CHANNEL, "channel_type": "C"},
            "home opened": {"type": "app_home_opened", "user": person, "channel": direct, "tab": "messages"},
            "nothing": self.message(person, " \u200b"),
        }
        posts = {name: self.event(event) for name, event in events.items()}
        slash = {
            "token": "x",
            "team_id": TEAM,
            "channel_id": direct,
            "user_id": person,
            "command": "/faq",
            "text": text,
        }
        limited = {"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1518467820, "api_app_id": APP}
        return {
            **posts,
            "slash command": self.signed(urllib.parse.urlencode(slash).encode(), FORM),
            "modal": self.interaction({"type": "view_submission", "team": {"id": TEAM}, "user": {"id": person}}),
            "shortcut": self.interaction({"type": "shortcut", "callback_id": "x", "user": {"id": person}}),
            "too many events": self.signed(json.dumps(limited).encode()),
        }

    def edited(self, person: str, text: str) -> Post:
        old = self.message(person, "what is baclofen?")
        edited = {"user": old["user"], "ts": self._ts()}
        return self.event(self._changed(self.direct(person), {**old, "text": _escaped(text), "edited": edited}, old))

    def forgeries(self, person: str) -> dict[str, Post]:
        press = self.pressed(self.direct(person), person, "/ask_overdose")
        return forgeries(self.words(person, EMERGENCY), self.words(person, "hello"), press)

    def malformed(self, person: str) -> dict[str, Post]:
        good = self.message(person, EMERGENCY)
        direct = self.direct(person)
        bodies = {
            "empty": b"",
            "no JSON": b"{",
            "a list": b"[]",
            "a word": b'"event_callback"',
            "too deep": b"[" * 100_000,
            "a JSON number without end": b'{"type": ' + b"1" * 10_000,
            "challenge no text": b'{"type": "url_verification", "challenge": {}}',
            "no event": self._envelope(None),
            "event a list": self._envelope([]),
            "no user": self._envelope({**good, "user": None}),
            "user an object": self._envelope({**good, "user": {"id": person}}),
            "user half a character": self._envelope({**good, "user": "U\ud800"}),
            "user with NUL": self._envelope({**good, "user": "U\0"}),
            "no channel": self._envelope({**good, "channel": None}),
            "text a number": self._envelope({**good, "text": 911}),
            "files a text": self._envelope({**good, "files": "photo"}),
            "thread a number": self._envelope({**good, "thread_ts": 1.5}),
            "id too long": self._envelope(good, "Ev" + "1" * 1000),
            "changed nothing": self._envelope({**good, "subtype": "message_changed"}),
        }
        pressed = json.loads(urllib.parse.parse_qs(self.pressed(direct, person, "/deny").body.decode())["payload"][0])
        payloads = {
            "press without actions": {**pressed, "actions": "deny"},
            "press of a number": {**pressed, "actions": [{**pressed["actions"][0], "value": 1}]},
            "press by nobody": {**pressed, "user": None},
            "press nowhere": {**pressed, "channel": {}},
            "payload a list": [],
        }
        return {
            **{name: self.signed(body) for name, body in bodies.items()},
            **{name: self.interaction(payload) for name, payload in payloads.items()},
            "payload no JSON": self.signed(b"payload=emergency", FORM),
        }

    def refuse(self, person: str) -> None:
        self._refused.add(self.direct(person))

    def too_many(self, wait_seconds: int) -> Answer:
        return Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait_seconds)})

    def direct(self, person: str) -> str:
        """The id of the direct messages between them and the bot."""
        channel = f"D{person[1:]}"
        self._people[channel] = person
        return channel

    def message(self, person: str, text: str, **more: Any) -> Fields:
        """The `message` event of a direct message."""
        ts = self._ts()
        event = {"client_msg_id": "28cb1a3f", "type": "message", "text": _escaped(text), "user": person}
        place = {"channel": self.direct(person), "channel_type": "im", "team": TEAM}
        return {**event, "ts": ts, **place, "event_ts": ts, **more}

    def event(self, event: Fields, id: str | None = None) -> Post:
        """An event of the Events API."""
        return self.signed(self._envelope(event, id))

    def interaction(self, payload: Any) -> Post:
        """A request of Interactivity: a form whose one field is JSON."""
        return self.signed(urllib.parse.urlencode({"payload": json.dumps(payload)}).encode(), FORM)

    def signed(self, body: bytes, content_type: str = JSON) -> Post:
        now = str(int(time.time()))
        return Post(body, {"Content-Type": content_type, **signed_headers(now, body)})

    def _envelope(self, event: Any, id: str | None = None) -> bytes:
        bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        about = {"token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", "team_id": TEAM, "api_app_id": APP, "context_team_id": TEAM}
        id = id or f"Ev{next(self._numbers):010}"
        when = {"event_id": id, "event_time": int(time.time()), "authorizations": [bot]}
        return json.dumps({**about, "event": event, "type": "event_callback", **when}).encode()

    def _changed(self, channel: str, message: Fields, before: Fields) -> Fields:
        about = {"type": "message", "subtype": "message_changed", "hidden": True, "channel_type": "im"}
        times = {"ts": self._ts(), "event_ts": self._ts()}
        return {**about, "message": message, "previous_message": before, "channel": channel, **times}

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06}"


def _number(id: str) -> int:
    return int(hashlib.sha256(id.encode()).hexdigest()[:10], 16)


def _escaped(text: str) -> str:
    return re.sub("[&<>]", lambda found: {"&": "&amp;", "<": "&lt;", ">": "&gt;"}[found[0]], text)

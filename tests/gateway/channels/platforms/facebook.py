"""Meta's Graph API and Messenger's webhooks, as their documentation gives them."""

import base64
import hashlib
import hmac
import json
import math
import secrets
import time
import urllib.parse
from typing import Any

from tests.gateway.channels.platforms.facebook_rules import Refused, quick_replies_of, require
from tests.gateway.channels.platforms.platform import Answer, Asked, Platform, Post, Shown

PAGE, APP = "106540352242922", "1517776481860111"
EMERGENCY = "I stopped baclofen and now I am having a seizure"
FIELDS = {"messages", "messaging_postbacks", "message_edits"}


class Facebook(Platform):
    """One Page with one app; whoever wrote to the Page can be written to."""

    name = channel = "facebook"

    def __init__(self) -> None:
        super().__init__()
        self.secret, self.token = secrets.token_hex(16), f"EAA{secrets.token_hex(40)}"
        self.verify_token = secrets.token_urlsafe(16)
        self.people: dict[str, str] = {}  # by their page-scoped id
        self.refusing: set[str] = set()
        self.settings: dict[str, Any] = {}  # what set_webhook set, by the path
        self._posts: dict[tuple[str, str], Post] = {}

    def environment(self) -> dict[str, str]:
        return {
            "FACEBOOK_PAGE_TOKEN": self.token,
            "FACEBOOK_APP_SECRET": self.secret,
            "FACEBOOK_VERIFY_TOKEN": self.verify_token,
            "FACEBOOK_API_URL": self.url,
        }

    # --- what the bot sends

    def answer(self, asked: Asked) -> Answer:
        if "access_token" in asked.query or self.token in asked.path:
            self.violations.append(f"{asked.path}: the token stands in the address, which is logged")
        try:
            return Answer(200, self._done(asked))
        except Refused as refused:
            if refused.code != 551:
                self.violations.append(f"{asked.path}: {refused.why}")
            return refused.answer()

    def _done(self, asked: Asked) -> Any:
        if asked.method != "POST":
            raise Refused("Unsupported request", 100)
        if asked.path == f"/{APP}/subscriptions":
            return self._subscribe(asked.form())
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            raise Refused("Invalid OAuth access token.", 190, status=401)
        if asked.headers.get("content-type") != "application/json":
            raise Refused("the content type must be application/json", 100)
        if asked.path == "/me/messages":
            return self._show(asked.json())
        if asked.path not in ("/me/subscribed_apps", "/me/messenger_profile"):
            raise Refused("Unknown path components", 2500)
        self.settings[asked.path] = asked.json()
        return {"success": True} if asked.path == "/me/subscribed_apps" else {"result": "success"}

    def _show(self, body: dict[str, Any]) -> dict[str, str]:
        require(set(body) == {"recipient", "messaging_type", "message"}, "recipient, messaging_type, message")
        require(body["messaging_type"] == "RESPONSE", "messaging_type must be RESPONSE within 24 hours")
        psid = body["recipient"].get("id")
        if set(body["recipient"]) != {"id"} or psid not in self.people:
            raise Refused("No matching user found", 100, 2018001)
        if psid in self.refusing:
            raise Refused("This person isn't available right now.", 551, 1545041)
        quick_replies = quick_replies_of(body["message"])
        titles, payloads = (tuple(one[key] for one in quick_replies) for key in ("title", "payload"))
        self.messages.append(Shown(self.people[psid], body["message"]["text"], titles, payloads))
        return {"recipient_id": psid, "message_id": f"m_{secrets.token_urlsafe(80)}"}

    def _subscribe(self, form: dict[str, str]) -> dict[str, bool]:
        if form.get("access_token") != f"{APP}|{self.secret}":
            raise Refused("Invalid OAuth access token signature.", 190)
        require(form.get("object") == "page", "object must be page")
        require(form.get("callback_url", "").startswith("https://"), "callback_url must be https")
        require(set(form.get("fields", "").split(",")) == FIELDS, "fields must be those that are parsed")
        if self.webhook:
            response = self.post(self.challenge(form.get("verify_token", ""), "1158201444"))
            if response.status_code != 200 or response.text != "1158201444":
                raise Refused("Callback verification failed", 2200)
        self.settings["/subscriptions"] = form
        return {"success": True}

    # --- what people do

    def words(self, person: str, text: str, id: str | None = None) -> Post:
        key = (person, id or secrets.token_hex(8))
        if key not in self._posts:
            self._posts[key] = self.message(person, {"mid": _mid(key[1]), "text": text})
        return self._posts[key]

    def press(self, person: str, shown: Shown, choice: int) -> Post:
        assert shown is self.shown_to(person)[-1], "quick replies vanish when another message follows"
        message = {"mid": _mid(), "text": shown.choices[choice], "quick_reply": {"payload": shown.payloads[choice]}}
        return self.message(person, message)

    def start(self, person: str) -> Post:
        """Somebody presses Get Started."""
        return self.event(person, postback={"mid": _mid(), "title": "Get Started", "payload": "GET_STARTED"})

    def challenge(self, token: str, challenge: str, mode: str = "subscribe") -> Post:
        """Meta tests the webhook when it is set."""
        query = {"hub.mode": mode, "hub.challenge": challenge, "hub.verify_token": token}
        return Post(method="GET", query=urllib.parse.urlencode(query))

    def batch(self, *posts: Post) -> Post:
        """Several requests in one, as Meta joins them where many people write."""
        bodies = [json.loads(post.body) for post in posts]
        return self.signed({"object": "page", "entry": [entry for body in bodies for entry in body["entry"]]})

    def without_words(self, person: str) -> dict[str, Post]:
        url = "https://scontent.xx.fbcdn.net/v/1.bin"
        attached: dict[str, dict[str, Any]] = {
            "photo": {"type": "image", "payload": {"url": url}},
            "voice": {"type": "audio", "payload": {"url": url}},
            "video": {"type": "video", "payload": {"url": url}},
            "file": {"type": "file", "payload": {"url": url}},
            "sticker": {"type": "sticker", "payload": {"url": url, "sticker_id": 369239263222822}},
            "old_sticker": {"type": "image", "payload": {"url": url, "sticker_id": 369239263222822}},
            "place": {"type": "location", "payload": {"coordinates": {"lat": 1.5, "long": 2.5}}},
            "shared_reel": {"type": "reel", "payload": {"url": url}},
            "shared_link": {"type": "fallback", "payload": {"url": url, "title": "A page"}},
            "unsupported_share": {"type": "fallback"},
        }
        posts = {name: self.message(person, {"mid": _mid(), "attachments": [one]}) for name, one in attached.items()}
        return posts | {
            "unsupported": self.message(person, {"mid": _mid(), "is_unsupported": True}),
            "blank": self.message(person, {"mid": _mid(), "text": " \u200b\n"}),
        }

    def without_reply(self, person: str) -> dict[str, Post]:
        psid, mid, now = self.psid(person), _mid(), _now()
        echo = {"sender": {"id": PAGE}, "recipient": {"id": psid}, "timestamp": now}
        standby = {"sender": {"id": psid}, "recipient": {"id": PAGE}, "message": {"mid": mid, "text": EMERGENCY}}
        change = {"field": "messages", "value": standby}
        reaction = {"mid": mid, "action": "react", "reaction": "love", "emoji": "\u2764"}
        return {
            "reaction": self.event(person, reaction=reaction),
            "read": self.event(person, read={"watermark": now}),
            "delivered": self.event(person, delivery={"mids": [mid], "watermark": now}),
            "deleted": self.message(person, {"mid": mid, "is_deleted": True}),
            "opted_in": self.event(person, optin={"ref": "x", "user_ref": "y"}),
            "referral": self.event(person, referral={"ref": "x", "source": "SHORTLINK", "type": "OPEN_THREAD"}),
            "handed_over": self.event(person, pass_thread_control={"new_owner_app_id": APP}),
            "echo": self.signed(page_of({**echo, "message": {"is_echo": True, "mid": mid, "text": EMERGENCY}})),
            "warned": self.signed(page_of({"recipient": {"id": PAGE}, "policy_enforcement": {"action": "warning"}})),
            "standby": self.signed({"object": "page", "entry": [{"id": PAGE, "time": now, "standby": [standby]}]}),
            "dashboard_test": self.signed({"object": "page", "entry": [{"id": "0", "changes": [change]}]}),
            "instagram": self.signed({**page_of(standby), "object": "instagram"}),
        }

    def edited(self, person: str, text: str) -> Post:
        return self.event(person, message_edit={"mid": _mid(), "text": text, "num_edit": 1})

    def forgeries(self, person: str) -> dict[str, Post]:
        post = self.words(person, EMERGENCY)
        body, real = post.body, post.headers["X-Hub-Signature-256"]
        signatures = {
            "empty": "",
            "prefix_only": "sha256=",
            "of_another_secret": self._signature(body, "another"),
            "of_no_secret": self._signature(body, ""),
            "of_the_verify_token": self._signature(body, self.verify_token),
            "of_the_page_token": self._signature(body, self.token),
            "of_another_body": self._signature(self.words(person, "hello").body, self.secret),
            "without_prefix": real.removeprefix("sha256="),
            "as_sha1": real.replace("sha256=", "sha1="),
            "sha1_called_sha256": "sha256=" + hmac.new(self.secret.encode(), body, "sha1").hexdigest(),
            "without_key": "sha256=" + hashlib.sha256(body).hexdigest(),
            "in_base64": "sha256=" + base64.b64encode(bytes.fromhex(real[7:])).decode(),
            "in_capitals": "sha256=" + real[7:].upper(),
            "cut_short": real[:-1],
            "longer": real + "0",
            "twice": f"{real},{real}",
        }
        old = {name: value for name, value in post.headers.items() if name != "X-Hub-Signature-256"}
        made_up = {name: Post(body, old | {"X-Hub-Signature-256": value}) for name, value in signatures.items()}
        return made_up | {
            "unsigned": Post(body, {"Content-Type": "application/json"}),
            "old_signature_only": Post(body, old),
            "signature_in_the_address": Post(body, old, query=urllib.parse.urlencode({"X-Hub-Signature-256": real})),
            "changed_on_the_way": Post(body.replace(b"seizure", b"fever and a seizure"), post.headers),
            "with_a_space_more": Post(body + b" ", post.headers),
        }

    def malformed(self, person: str) -> dict[str, Post]:
        sender, message = {"sender": {"id": self.psid(person)}}, {"message": {"mid": _mid(), "text": EMERGENCY}}
        contents: dict[str, Any] = {
            "list": [],
            "text": "page",
            "no_object": {"entry": []},
            "no_entries": {"object": "page"},
            "entry_of_text": {"object": "page", "entry": ["x"]},
            "entry_without_page": {"object": "page", "entry": [{"messaging": []}]},
            "messaging_of_text": {"object": "page", "entry": [{"id": PAGE, "messaging": "x"}]},
            "event_of_text": page_of("x"),
            "no_sender": page_of(message),
            "sender_of_number": page_of({"sender": {"id": 5}, **message}),
            "message_of_text": page_of({**sender, "message": "x"}),
            "no_mid": page_of({**sender, "message": {"text": EMERGENCY}}),
            "edit_by_list": page_of({**sender, "message_edit": {"mid": "m", "text": EMERGENCY, "num_edit": []}}),
        }
        bodies = {
            "empty": b"",
            "no_json": b"{",
            "form": b"object=page",
            "deep": b"[" * 20_000,
            "no_utf8": b'{"object": "\xff"}',
        }
        posts = {name: self.signed(content) for name, content in contents.items()}
        return posts | {name: self._signed(body) for name, body in bodies.items()}

    def refuse(self, person: str) -> None:
        self.refusing.add(self.psid(person))

    def too_many(self, wait_seconds: int) -> Answer:
        """Whole minutes stand in Meta's usage header; for a shorter wait as any server says it."""
        answer = Refused("Calls to this API have exceeded the rate limit.", 613).answer()
        if wait_seconds < 60:
            return Answer(429, answer.body, {"Retry-After": str(wait_seconds)})
        wait = {"type": "messenger", "call_count": 100, "estimated_time_to_regain_access": math.ceil(wait_seconds / 60)}
        return Answer(400, answer.body, {"X-Business-Use-Case-Usage": json.dumps({PAGE: [wait]})})

    # --- how Meta writes and signs

    def psid(self, person: str) -> str:
        """The person's id for this Page, in digits as Meta's are."""
        psid = person if person.isdecimal() else str(int(hashlib.sha256(person.encode()).hexdigest()[:13], 16))
        self.people[psid] = person
        return psid

    def message(self, person: str, message: dict[str, Any]) -> Post:
        return self.event(person, message=message)

    def event(self, person: str, **what: Any) -> Post:
        who = {"sender": {"id": self.psid(person)}, "recipient": {"id": PAGE}, "timestamp": _now()}
        return self.signed(page_of({**who, **what}))

    def signed(self, content: Any) -> Post:
        """Escaped as Meta does it: no byte beyond ASCII, slashes with a backslash."""
        return self._signed(json.dumps(content, separators=(",", ":")).replace("/", "\\/").encode())

    def _signed(self, body: bytes) -> Post:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature": "sha1=" + hmac.new(self.secret.encode(), body, "sha1").hexdigest(),
            "X-Hub-Signature-256": self._signature(body, self.secret),
        }
        return Post(body, headers)

    def _signature(self, body: bytes, secret: str) -> str:
        return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


def page_of(event: Any) -> dict[str, Any]:
    return {"object": "page", "entry": [{"id": PAGE, "time": _now(), "messaging": [event]}]}


def _mid(id: str = "") -> str:
    """Longer than 128 characters, as Meta's may be."""
    return f"m_{id or secrets.token_hex(8)}{'x' * 140}"


def _now() -> int:
    return int(time.time() * 1000)

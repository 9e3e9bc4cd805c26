"""Twilio's servers: SMS, and WhatsApp behind the same API."""

import base64
import hashlib
import re
import time
import urllib.parse
import uuid

from tests.gateway.channels.platforms.platform import Answer, Asked, Platform, Post, Shown
from tests.gateway.channels.platforms.twilio_forgeries import forgeries
from tests.gateway.channels.platforms.twilio_requests import TOKEN, Fields, posted, signature

ACCOUNT, CLINIC = "AC" + "0123456789abcdef" * 2, "+12025550100"
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
NUMBERED = re.compile(r"([0-9]+) (\S.*)")
LONGEST = 1600
DAY_SECONDS = 24 * 3600
EMERGENCY = "my husband is having a seizure right now"


class Twilio(Platform):
    """SMS to and from one number of the clinic."""

    name = "twilio"
    channel = "sms"
    prefix = ""
    refusal = 21610

    def __init__(self) -> None:
        super().__init__()
        self.opted_out: set[str] = set()
        self.refused: set[str] = set()
        self.wrote_at: dict[str, float] = {}
        self.callbacks: list[tuple[str, str, str]] = []  # (to whom, the message's id, the address to tell)
        self.numbers = [{"sid": "PN" + "a" * 32, "phone_number": CLINIC, "capabilities": {"sms": True, "voice": True}}]
        self._people: dict[str, str] = {}  # by their address

    def environment(self) -> dict[str, str]:
        return {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_API_URL": self.url}

    def address_of(self, person: str) -> str:
        """The person's number; one is made up for a person that is named otherwise."""
        digits = f"{int(hashlib.sha256(person.encode()).hexdigest(), 16) % 10**9:09}"
        address = self.prefix + (person if E164.fullmatch(person) else f"+12{digits}")
        self._people[address] = person
        return address

    # What the bot asks

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("authorization") != "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            self.violations.append("the account and its token are not given by basic authentication")
            return self.error(401, 20003, "Authenticate")
        resource = asked.path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/")
        if asked.method == "GET" and resource == "IncomingPhoneNumbers.json":
            return Answer(200, {"incoming_phone_numbers": self.numbers, "next_page_uri": None})
        if asked.headers.get("content-type") != "application/x-www-form-urlencoded":
            self.violations.append("what is posted is no form")
        if asked.method == "POST" and resource == "Messages.json":
            return self._message(asked.form())
        for number in self.numbers:
            if asked.method == "POST" and resource == f"IncomingPhoneNumbers/{number['sid']}.json":
                number.update(asked.form())
                return Answer(200, number)
        self.violations.append(f"{asked.method} {asked.path}: no such resource")
        return self.error(404, 20404, "The requested resource was not found")

    def _message(self, form: dict[str, str]) -> Answer:
        if wrong := self._wrong(form):
            self.violations.append(wrong)
            return self.error(400, 21211 if "To" in wrong else 21602, wrong)
        to, person = form["To"], self._people.get(form["To"], form["To"])
        if to in self.opted_out:
            return self.error(400, 21610, "Attempt to send to unsubscribed recipient")
        if to in self.refused:
            return self.error(400, self.refusal, "The recipient cannot be reached")
        if not self._may_write(to):
            return self.error(400, 63016, "Failed to send freeform message: outside the allowed window")
        sid = "SM" + uuid.uuid4().hex
        self.callbacks.append((person, sid, form["StatusCallback"]))
        numbered = numbers_of(form["Body"])
        self.messages.append(Shown(person, form["Body"], tuple(title for _, title in numbered)))
        return Answer(201, {"sid": sid, "status": "queued", "error_code": None, "num_segments": "1", **form})

    def _wrong(self, form: dict[str, str]) -> str:
        """What is wrong with a message, by the reference of Messages; "" for nothing."""
        if unknown := form.keys() - {"From", "To", "Body", "StatusCallback"}:
            return f"unknown or unneeded fields: {', '.join(sorted(unknown))}"
        if form.get("From") != self.prefix + CLINIC:
            return "From is no sender of this account, or of another channel than the person"
        if not (form.get("To", "").startswith(self.prefix) and E164.fullmatch(form["To"].removeprefix(self.prefix))):
            return "To is no number in the form of E.164"
        body = form.get("Body", "")
        if not body.strip() or len(body.encode("utf-16-le")) // 2 > LONGEST:
            return f"Body is empty or longer than {LONGEST}"
        if not re.fullmatch(re.escape(self.public_url) + r"\?parcel=[^&=\s]+", form.get("StatusCallback", "")):
            return "StatusCallback is not the webhook with the parcel's reference"
        return ""

    def _may_write(self, to: str) -> bool:
        return True

    def error(self, status: int, code: int, message: str) -> Answer:
        more = f"https://www.twilio.com/docs/errors/{code}"
        return Answer(status, {"code": code, "message": message, "more_info": more, "status": status})

    def refuse(self, person: str) -> None:
        self.refused.add(self.address_of(person))

    def too_many(self, wait_seconds: int) -> Answer:
        answer = self.error(429, 20429, "Too Many Requests")
        return Answer(answer.status, answer.body, {"Retry-After": str(wait_seconds)})

    # What it posts

    def fields(self, person: str, text: str, **more: str) -> dict[str, str]:
        """A message's form, as documented."""
        sid, address = more.pop("MessageSid", "SM" + uuid.uuid4().hex), self.address_of(person)
        self.wrote_at[address] = time.monotonic()
        return {
            "ToCountry": "US",
            "ToState": "",
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ToCity": "",
            "FromZip": "20001",
            "SmsSid": sid,
            "FromState": "DC",
            "SmsStatus": "received",
            "FromCity": "WASHINGTON",
            "Body": text,
            "FromCountry": "US",
            "To": self.prefix + CLINIC,
            "NumSegments": "1",
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": address,
            "ApiVersion": "2010-04-01",
            **more,
        }

    def signed(self, fields: dict[str, str] | Fields, query: str = "") -> Post:
        """The form with its signature."""
        pairs = list(fields.items() if isinstance(fields, dict) else fields)
        url = f"{self.public_url}?{query}" if query else self.public_url
        return posted(pairs, signature(url, pairs), query=query)

    def words(self, person: str, text: str, id: str | None = None) -> Post:
        self._opt(self.address_of(person), text.strip().upper())
        sid = {"MessageSid": "SM" + hashlib.md5(id.encode()).hexdigest()} if id else {}
        return self.signed(self.fields(person, text, **sid))

    def keyword_answered_by_twilio(self, person: str, text: str, kind: str) -> Post:
        """A keyword of a Messaging Service with Advanced Opt-Out; `kind` is STOP, START or HELP."""
        self._opt(self.address_of(person), kind)
        return self.signed(self.fields(person, text, OptOutType=kind, MessagingServiceSid="MG" + "b" * 32))

    def _opt(self, address: str, word: str) -> None:
        """Twilio's own list: who wrote STOP gets nothing until START."""
        if word in ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"):
            self.opted_out.add(address)
        elif word in ("START", "UNSTOP"):
            self.opted_out.discard(address)

    def press(self, person: str, shown: Shown, choice: int) -> Post:
        return self.words(person, numbers_of(shown.text)[choice][0])

    def status(self, person: str, status: str, error_code: str = "") -> Post:
        """What became of the last message to the person."""
        sid, url = next((sid, url) for to, sid, url in reversed(self.callbacks) if to == person)
        return self._status(person, status, sid, urllib.parse.urlsplit(url).query, error_code)

    def _status(self, person: str, status: str, sid: str, query: str, error_code: str = "") -> Post:
        fields = {
            "SmsSid": sid,
            "SmsStatus": status,
            "MessageStatus": status,
            "To": self.address_of(person),
            "MessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": self.prefix + CLINIC,
            "ApiVersion": "2010-04-01",
            **({"ErrorCode": error_code} if error_code else {}),
        }
        return self.signed(fields, query)

    def media(self, person: str, type: str, text: str = "") -> Post:
        url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME1"
        return self.signed(self.fields(person, text, NumMedia="1", MediaContentType0=type, MediaUrl0=url))

    def without_words(self, person: str) -> dict[str, Post]:
        types = {"photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4", "contact": "text/vcard"}
        types |= {"sticker": "image/webp", "file": "application/pdf", "unknown": ""}
        blank = {"blank": " \n ", "empty": "", "invisible": "\u200b\u2060", "slash": "/"}
        return {
            **{name: self.media(person, type) for name, type in types.items()},
            **{name: self.words(person, text) for name, text in blank.items()},
        }

    def without_reply(self, person: str) -> dict[str, Post]:
        sid = "SM" + "c" * 32
        statuses = ("accepted", "scheduled", "queued", "sending", "sent", "canceled", "something new")
        return {
            **{status: self._status(person, status, sid, "parcel=7.0") for status in statuses},
            "delivered without a reference": self._status(person, "delivered", sid, ""),
            "from a short code": self.signed(self.fields(person, "Your code is 1234", From="72975")),
            "from a name": self.signed(self.fields(person, "Your parcel is here", From="POSTOFFICE")),
            "from another channel": self.signed(
                self.fields(person, "hello", From="messenger:1234567", To="messenger:7654321")
            ),
            "its own echo": self.signed(self.fields(person, "hello", From=self.prefix + CLINIC)),
        }

    def edited(self, person: str, text: str) -> Post | None:
        return None

    def forgeries(self, person: str) -> dict[str, Post]:
        return forgeries(self.public_url, self.fields(person, EMERGENCY))

    def malformed(self, person: str) -> dict[str, Post]:
        fields = self.fields(person, EMERGENCY)
        without = {name: {key: value for key, value in fields.items() if key != name} for name in fields}
        other_kind = CLINIC if self.prefix else f"whatsapp:{CLINIC}"
        wrong = {"MessageSid": "../../etc", "To": "nowhere at all", "From": " "}
        return {
            **{f"no {name}": self.signed(without[name]) for name in ("MessageSid", "From", "To")},
            **{f"a wrong {name}": self.signed({**fields, name: value}) for name, value in wrong.items()},
            "two kinds of address": self.signed({**fields, "To": other_kind}),
            "a WhatsApp address of nobody": self.signed({**fields, "From": "whatsapp:\0", "To": f"whatsapp:{CLINIC}"}),
        }


class WhatsApp(Twilio):
    """WhatsApp to and from one sender of the clinic: free texts within 24 hours of the person's last message only."""

    channel = "whatsapp"
    prefix = "whatsapp:"
    refusal = 63024

    def _may_write(self, to: str) -> bool:
        return time.monotonic() - self.wrote_at.get(to, -DAY_SECONDS) < DAY_SECONDS

    def let_a_day_pass(self) -> None:
        self.wrote_at = {address: at - DAY_SECONDS for address, at in self.wrote_at.items()}

    def _opt(self, address: str, word: str) -> None:
        """WhatsApp has no keywords but those of a Messaging Service."""

    def keyword_answered_by_twilio(self, person: str, text: str, kind: str) -> Post:
        super()._opt(self.address_of(person), kind)
        return super().keyword_answered_by_twilio(person, text, kind)

    def fields(self, person: str, text: str, **more: str) -> dict[str, str]:
        own = {"MessageType": "text", "ProfileName": "Ada", "WaId": self.address_of(person).removeprefix("whatsapp:+")}
        return super().fields(person, text, **{**own, **more})

    def without_words(self, person: str) -> dict[str, Post]:
        place = {"MessageType": "location", "Latitude": "38.9", "Longitude": "-77.0", "Label": "home"}
        return {
            **super().without_words(person),
            "location": self.signed(self.fields(person, "", **place)),
            "contacts": self.signed(self.fields(person, "", MessageType="contacts")),
            "a form of another kind": self.signed(self.fields(person, "", MessageType="unsupported")),
        }

    def without_reply(self, person: str) -> dict[str, Post]:
        senders = ("from a short code", "from a name", "from another channel")  # write no WhatsApp
        posts = {name: post for name, post in super().without_reply(person).items() if name not in senders}
        reaction = {"MessageType": "reaction", "OriginalRepliedMessageSid": "SM" + "c" * 32}
        return {
            **posts,
            "read": self._status(person, "read", "SM" + "c" * 32, "parcel=7.0"),
            "reaction": self.signed(self.fields(person, "\N{THUMBS UP SIGN}", **reaction)),
        }


def numbers_of(text: str) -> list[tuple[str, str]]:
    """(number, title) of the numbered lines at a text's end, as a person sees them."""
    found: list[tuple[str, str]] = []
    for line in reversed(text.split("\n")):
        if not (match := NUMBERED.fullmatch(line)):
            break
        found.insert(0, (match[1], match[2]))
    return found

"""A form of Twilio's, as what somebody did."""

import re
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict

from service.gateway.channels.twilio.form import form_of, reference_of
from service.gateway.channels.twilio.keywords import keyword
from service.gateway.clean import clean
from service.gateway.messaging.channel import Kind, Malformed, Receipt, Update

NO_MESSAGES = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
MESSAGE_ID = re.compile(r"[A-Za-z0-9]{2,64}")
PHONE = re.compile(r"\+[0-9]{5,15}")
SENDER = re.compile(r"\+?[0-9]{3,15}")  # a clinic's: a number, or a short code
WHATSAPP = re.compile(r"whatsapp:\+?[A-Za-z0-9._-]{3,150}")  # a number, or the id of who hides theirs: US.1234
ERROR_CODE = re.compile(r"[0-9]{1,10}")
IS_DELIVERED = {"delivered": True, "undelivered": False, "failed": False}
OPT_OUT_TYPES = {"STOP": Kind.STOP, "START": Kind.START, "HELP": Kind.HELP}
MEDIA = {
    "image/webp": "sticker",
    "image": "photo",
    "audio": "voice",
    "video": "video",
    "text/vcard": "contact",
    "text/x-vcard": "contact",
    "text/directory": "contact",
}


def parse(request: HttpRequest) -> Sequence[Update | Receipt]:
    """What a verified request tells: a message, how far one of ours came, or nothing that needs a reply.

    Raises:
        Malformed: with one sentence.
    Source: https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    form = form_of(request)
    if "MessageStatus" in form:
        return _receipts(form, reference_of(request))
    id, sender, clinic = (_field(form, name) for name in ("MessageSid", "From", "To"))
    if not MESSAGE_ID.fullmatch(id):
        raise Malformed("MessageSid must be the id of a message")
    is_whatsapp = sender.startswith("whatsapp:")
    if not (is_whatsapp or PHONE.fullmatch(sender)) or form.get("MessageType") == "reaction" or sender == clinic:
        return ()  # a short code, a name or another app, which cannot be answered; a reaction; our own echo
    if not (WHATSAPP if is_whatsapp else SENDER).fullmatch(clinic) or (is_whatsapp and not WHATSAPP.fullmatch(sender)):
        raise Malformed("From and To must be of one kind: two phone numbers, or two WhatsApp addresses")
    channel, address = "whatsapp" if is_whatsapp else "sms", {"from": clinic, "to": sender}
    return _updates(form, Update(channel, id, sender, address, "[no words]", is_brief=not is_whatsapp))


def acknowledge(request: HttpRequest) -> HttpResponse:
    """No messages: the reply is sent when it is ready."""
    return HttpResponse(NO_MESSAGES, content_type="text/xml")


def _receipts(form: QueryDict, reference: str) -> Sequence[Receipt]:
    """How far a message came; () while it is on its way, once it was read, and for one that was not ours."""
    is_delivered = IS_DELIVERED.get(form.get("MessageStatus", ""))
    if is_delivered is None or not reference:
        return ()
    code = form.get("ErrorCode", "")
    why = "" if is_delivered else code if ERROR_CODE.fullmatch(code) else "undelivered"
    return (Receipt(reference, is_delivered, why),)


def _updates(form: QueryDict, update: Update) -> Sequence[Update]:
    """A message's: what the carrier must know of, or its words and then what it holds beside them."""
    words = _words(form)
    said = [replace(update, text=words)] if words else []
    if answered := OPT_OUT_TYPES.get(form.get("OptOutType", "").strip().upper()):
        return _answered_by_carrier(update, answered, said)
    if update.is_brief and (kind := keyword(words)):
        return (replace(update, text=words, kind=kind),)
    if thing := _thing(form) or ("" if words else "no words"):
        id = f"{update.id}:{thing}" if words else update.id
        said.append(replace(update, id=id, text=f"[{thing}]", kind=Kind.UNREADABLE))
    return said


def _answered_by_carrier(update: Update, kind: Kind, said: Sequence[Update]) -> Sequence[Update]:
    """A keyword of the Messaging Service, which Twilio has answered; `send` keeps silent at its address.

    One of the clinic's own can be an answer too, such as "yes" to "is it happening now?": that gets ours as well.
    """
    told = replace(update, kind=kind, address={**update.address, "is_answered_by_carrier": True})
    if kind is Kind.STOP or not said or keyword(said[0].text):
        return (replace(told, text=said[0].text if said else f"[{kind.value}]"),)
    return (replace(told, id=f"{update.id}:{kind.value}", text=said[0].text), *said)


def _words(form: QueryDict) -> str:
    """A button's title or the body; "" where nothing of it can be read."""
    text = form.get("ButtonText", "").strip() or form.get("Body", "")
    return text if clean(text, frozenset()) else ""


def _thing(form: QueryDict) -> str:
    """What came beside the words; "" for nothing."""
    if form.get("NumMedia", "").strip(" 0"):
        type = form.get("MediaContentType0", "").partition(";")[0].strip().lower()
        return MEDIA.get(type) or MEDIA.get(type.partition("/")[0]) or "file"
    if form.get("MessageType") == "contacts":
        return "contact"
    return "location" if form.get("Latitude") and form.get("Longitude") else ""


def _field(form: QueryDict, name: str) -> str:
    if not (value := form.get(name, "").strip()):
        raise Malformed(f"{name} is missing")
    return value

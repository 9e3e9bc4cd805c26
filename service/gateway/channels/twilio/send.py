"""A message to a person, and the webhook's address to Twilio."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from service.gateway.channels.twilio.api import ask
from service.gateway.channels.twilio.plain import plain
from service.gateway.messaging.channel import Address, Part

WHATSAPP_BY_HAND = (
    "For WhatsApp, open Messaging > Senders > WhatsApp senders, choose the sender, and enter {url} "
    'as "Webhook URL for incoming messages" and as its fallback URL, both with POST.'
)
NUMBER_BY_HAND = (
    'For SMS, open Phone Numbers > Manage > Active numbers, choose the number, and enter {url} under "A message '
    'comes in" and under "Primary handler fails", both with POST.'
)


async def send(address: Address, part: Part, reference: str) -> None:
    """Hand one message to Twilio. What Twilio has answered itself (STOP, START, HELP) is not answered again.

    Raises:
        TryLater, CannotDeliver.
    """
    if address.get("is_answered_by_carrier"):
        return
    text = part["text"] if address["to"].startswith("whatsapp:") else plain(part["text"])
    callback = f"{settings.CHANNEL_SETTINGS['PUBLIC_URL']}/webhooks/twilio?{urlencode({'parcel': reference})}"
    form = {"From": address["from"], "To": address["to"], "Body": text, "StatusCallback": callback}
    await ask("POST", "Messages.json", form)


async def set_webhook(url: str) -> str:
    """Set the address at the account's number, where it has one that can do SMS; else say what to enter where.

    Raises:
        TryLater, CannotDeliver.
    """
    listed = (await ask("GET", "IncomingPhoneNumbers.json?PageSize=1000")).get("incoming_phone_numbers", [])
    numbers = [number for number in listed if number.get("capabilities", {}).get("sms")]
    if len(numbers) == 1:
        sms = await _set(numbers[0], url)
    else:
        count = f"{len(numbers)} numbers that can do SMS" if numbers else "no number that can do SMS"
        sms = f"The account has {count}, so nothing was set. {NUMBER_BY_HAND.format(url=url)}"
    return f"{sms}\n{WHATSAPP_BY_HAND.format(url=url)}"


async def _set(number: dict[str, Any], url: str) -> str:
    form = {"SmsUrl": url, "SmsMethod": "POST", "SmsFallbackUrl": url, "SmsFallbackMethod": "POST"}
    await ask("POST", f"IncomingPhoneNumbers/{number['sid']}.json", form)
    told = f"SMS to {number['phone_number']} now go to {url}, also when a first try fails."
    if number.get("sms_application_sid"):
        told += (
            " But the number belongs to a TwiML App, whose own address counts: take it out of the app in the console."
        )
    return told

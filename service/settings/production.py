"""What production does not start with."""

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from baclofen_faq.answers import CLINIC_FILE, load_clinic
from baclofen_faq.vetted_files import VettedFileError
from service.conversations.webhooks import key_of

MADE_UP_NAME = re.compile(r"made.?up|example", re.IGNORECASE)
FICTIONAL_NUMBER = re.compile(r"555\D?01\d\d\b")
REAL_NUMBER = re.compile(r"\d(?:\D?\d){4}")
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?", re.IGNORECASE)


def web_origins(listed: str) -> list[str]:
    """The websites of WEB_ORIGINS, as browsers name them: scheme, host and port, no path.

    Raises:
        ImproperlyConfigured: one of them is none.
    """
    origins = [one.strip().rstrip("/").lower() for one in listed.split(",") if one.strip()]
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ImproperlyConfigured(
                f"WEB_ORIGINS holds {origin!r}: write each website as https://www.clinic.example, with commas between."
            )
    return origins


def check_webhook(name: str, url: str, secret: str, is_production: bool) -> None:
    """Stop the start of a service whose messages to somebody else could be forged or read on their way.

    Args:
        name: what the names of both settings begin with: ALERT_WEBHOOK, HANDOFF.
        url: where the messages go; empty where none do.
        secret: what they are signed with.
        is_production: only https will do.

    Raises:
        ImproperlyConfigured: one sentence that says what is wrong and the next step.
    """
    if url and not secret:
        raise ImproperlyConfigured(f"{name}_SECRET is not set: set it to what the receiver checks signatures with.")
    try:
        is_empty = bool(secret) and not key_of(secret)
    except ValueError:
        raise ImproperlyConfigured(f"{name}_SECRET begins with whsec_, but what follows is no base64.") from None
    if is_empty:
        raise ImproperlyConfigured(f"{name}_SECRET holds nothing after whsec_: put the secret there.")
    if url and not url.startswith("https://" if is_production else ("https://", "http://")):
        raise ImproperlyConfigured(f"{name}_URL is {url!r}: it must begin with https://.")


def refuse_unsafe(is_debug: bool, clinic_file: Path = CLINIC_FILE) -> None:
    """Stop the start of a production that would harm or leak.

    Raises:
        ImproperlyConfigured: one sentence that says what is wrong and the next step.
    """
    if is_debug:
        raise ImproperlyConfigured("DEBUG shows words of patients in error pages: unset DEBUG in production.")
    if not os.environ.get("SECRET_KEY"):
        raise ImproperlyConfigured("SECRET_KEY is not set: set it to a long random text, the same for every process.")
    try:
        clinic = load_clinic(clinic_file)
    except VettedFileError as error:
        raise ImproperlyConfigured(str(error)) from None
    numbers = {"phone": clinic.phone, "out_of_hours_phone": clinic.out_of_hours_phone}
    if MADE_UP_NAME.search(clinic.name) or any(map(FICTIONAL_NUMBER.search, numbers.values())):
        raise ImproperlyConfigured(
            f"{clinic_file} is the made-up clinic ({clinic.name}): put in your own name and numbers."
        )
    for key, number in numbers.items():
        if not REAL_NUMBER.search(number):
            raise ImproperlyConfigured(f"{clinic_file}: {key} is no phone number ({number}): put in your own.")

"""Which messaging channels are on, and what each needs from the environment."""

import base64
import re
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

KEYS = ("ADDRESS_KEYS",)
SHARED = ("PUBLIC_URL", "PERSON_KEY", *KEYS)
KNOWN = {  # a line a channel: its folder in service/gateway/channels, and what it cannot be without
    "telegram": ("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_BOT_NAME"),
    "slack": ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"),
    "twilio": ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
    "facebook": ("FACEBOOK_PAGE_TOKEN", "FACEBOOK_APP_SECRET", "FACEBOOK_VERIFY_TOKEN"),
}
API_URLS = {
    "telegram": "https://api.telegram.org",
    "slack": "https://slack.com/api/",
    "twilio": "https://api.twilio.com",
    "facebook": "https://graph.facebook.com/v23.0",
}
SHORTEST_KEY = 32
TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")


def channels(listed: str) -> tuple[str, ...]:
    """The channels of CHANNELS, such as "telegram,twilio".

    Raises:
        ImproperlyConfigured: one of them is not known.
    """
    names = tuple(dict.fromkeys(one.strip().lower() for one in listed.split(",") if one.strip()))
    for name in names:
        if name not in KNOWN:
            raise ImproperlyConfigured(f"CHANNELS holds {name!r}: it may hold {', '.join(KNOWN)}, with commas between.")
    return names


def needed(names: tuple[str, ...], environment: Mapping[str, str], is_handed_off: bool = False) -> dict[str, str]:
    """What these channels need, by its name in the environment.

    Args:
        names: of the channels that are on.
        environment: where it stands.
        is_handed_off: conversations are handed off to staff; what belongs to that is kept encrypted, too.

    Raises:
        ImproperlyConfigured: one sentence about the first that is missing, empty or of a wrong form.
    """
    values: dict[str, str] = {}
    users: list[tuple[str, tuple[str, ...]]] = [("the messaging channels", SHARED)] if names else []
    users += [(name, KNOWN[name]) for name in names]
    users += [("HANDOFF_URL", KEYS)] if is_handed_off else []
    for user, wanted in users:
        for name in wanted:
            values[name] = environment.get(name, "").strip()
            if not values[name]:
                raise ImproperlyConfigured(
                    f"{name} is not set, and {user} cannot do without it: docs/channels says where it comes from."
                )
    if names:
        _check_shared(values)
    if "telegram" in names:
        _check_telegram(values)
    if users:
        _check_keys(values["ADDRESS_KEYS"])
    return values


def api_urls(environment: Mapping[str, str]) -> dict[str, str]:
    """Where each platform's API is; TELEGRAM_API_URL and the like name another, such as one's own server."""
    return {name: environment.get(f"{name.upper()}_API_URL") or url for name, url in API_URLS.items()}


def _check_shared(values: Mapping[str, str]) -> None:
    if not values["PUBLIC_URL"].startswith("https://") or values["PUBLIC_URL"].endswith("/"):
        raise ImproperlyConfigured(
            f"PUBLIC_URL is {values['PUBLIC_URL']!r}: it must be the gateway's address as the platforms reach it, "
            "such as https://chat.clinic.example, without a slash at its end."
        )
    if len(values["PERSON_KEY"]) < SHORTEST_KEY:
        raise ImproperlyConfigured(f"PERSON_KEY is too short: it must be a random text of {SHORTEST_KEY} or more.")


def _check_keys(listed: str) -> None:
    for key in listed.split(","):
        if not _is_fernet_key(key.strip()):
            raise ImproperlyConfigured(
                "ADDRESS_KEYS holds what is no key: each is made by `manage.py new_address_key`, with commas between."
            )


def _check_telegram(values: Mapping[str, str]) -> None:
    if not TELEGRAM_SECRET.fullmatch(values["TELEGRAM_WEBHOOK_SECRET"]):
        raise ImproperlyConfigured(
            "TELEGRAM_WEBHOOK_SECRET must be a random text of 32 to 256 letters, digits, _ and -: it is all that tells "
            "Telegram's requests from forged ones."
        )


def _is_fernet_key(key: str) -> bool:
    try:
        return len(base64.urlsafe_b64decode(key)) == 32
    except ValueError:
        return False

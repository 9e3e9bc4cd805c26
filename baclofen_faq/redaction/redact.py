"""E-mail addresses and phone numbers to typed placeholders."""

import re

from phonenumbers import Leniency, PhoneNumberMatcher

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def redact(text: str, country: str | None = "US") -> str:
    """Replace identifiers by `[email]` and `[phone]`; doses, times and temperatures stay.

    Args:
        text: any text.
        country: ISO code of the country whose national phone numbers are found; None for numbers with +code only.
    >>> redact("call me at 202-555-0142 or jo@example.org, temp 103.2")
    'call me at [phone] or [email], temp 103.2'
    """
    without_email = EMAIL.sub("[email]", text)
    numbers = list(PhoneNumberMatcher(without_email, country, leniency=Leniency.POSSIBLE))
    for number in reversed(numbers):
        if sum(character.isdigit() for character in number.raw_string) >= 7:
            without_email = f"{without_email[: number.start]}[phone]{without_email[number.end :]}"
    return without_email
